/**
 * Requests as an HTTP archive (HAR 1.2): one page for each document, one entry for each request. Law: `time` is the sum of
 * the timings and the request's true duration; `ssl` lies inside `connect`; what is no phase at all counts as blocked.
 */
import { version } from '../../package.json';
import { FATE_NAMES } from '../model/pdu';
import type { RequestRow } from '../model/request';
import type { Message } from '../model/stream';
import { errorPage } from '../explain';
import { bottomFlow, countsOf, spans, type TraceIndex } from '../trace';
import { isoDate, type Exporter, type ExportRun } from './exporter';

const MS = 1e6;
/** How HAR readers write our names of protocols. */
const HTTP_VERSIONS: Readonly<Record<string, string>> = { h1: 'HTTP/1.1', h2: 'h2', h3: 'h3' };
interface Header {
  readonly name: string;
  readonly value: string;
}
interface HttpBody {
  readonly request?: number;
  readonly response?: { readonly type?: string; readonly contentLength?: number };
}
interface Exchange {
  readonly request: Message | undefined;
  readonly response: Message | undefined;
}

export const har: Exporter = ({ scenario, runs, options }) => {
  const pages = runs.flatMap((run) => documents(run.index).map((row) => page(run, row, runs.length > 1, options.epochMs)));
  const entries = runs.flatMap((run) => run.index.trace.requests.filter((r) => /^https?:/.test(r.url)).map((row) => ({ row, run })));
  entries.sort((a, b) => a.row.startNs - b.row.startNs);
  const log = { version: '1.2', creator: { name: 'Roundtrip', version }, pages, entries: entries.map(({ row, run }) => entry(run, row, runs.length > 1, options.epochMs)), comment: `${scenario.title} (simulated)` };
  return `${JSON.stringify({ log }, null, 1)}\n`;
};

const documents = (index: TraceIndex): RequestRow[] => index.trace.requests.filter((r) => r.resource === 'document' && r.initiator < 0);
const pageId = (run: ExportRun, row: RequestRow, several: boolean): string => `${several ? `${run.name} ` : ''}page_${row.id + 1}`;
function page(run: ExportRun, row: RequestRow, several: boolean, epochMs: number): unknown {
  const { index } = run;
  const after = (kind: string): number => {
    const id = index.kindByName.get(kind);
    const { trace } = index;
    for (let e = 0; id !== undefined && e < trace.kind.length; e++) if (trace.kind.at(e) === id && trace.subject.at(e) === row.id) return (trace.time.at(e) - row.startNs) / MS;
    return -1;
  };
  return {
    id: pageId(run, row, several), title: `${row.url}${several ? ` (${run.title})` : ''}`, startedDateTime: isoDate(epochMs, row.startNs),
    pageTimings: { onContentLoad: after('page.document_parsed'), onLoad: after('page.load_ended') },
  };
}
/** The document that a request belongs to. */
function documentOf(index: TraceIndex, row: RequestRow): RequestRow {
  let at = row;
  for (let hops = 0; at.initiator >= 0 && hops < index.trace.requests.length; hops++) at = index.trace.requests[at.initiator]!;
  return at;
}

function entry(run: ExportRun, row: RequestRow, several: boolean, epochMs: number): unknown {
  const { index } = run;
  const { trace } = index;
  const { request, response } = exchange(index, row);
  const timings = timingsOf(index, row);
  const document = documentOf(index, row);
  const flow = trace.flows[row.flow];
  const address = flow ? trace.hosts[flow.responder]!.address : '';
  const httpVersion = row.protocol ? (HTTP_VERSIONS[row.protocol] ?? row.protocol) : request ? 'HTTP/1.1' : 'unknown';
  const type = (response?.body as HttpBody | undefined)?.response?.type ?? '';
  const body = response ? row.bytesDown - response.bytes : 0;
  const url = new URL(row.url);
  const failed = row.error ? { _error: row.error.browser, _errorText: errorPage(row)?.sentence ?? row.error.code } : row.endEvent < 0 ? { _error: FATE_NAMES[0] } : {};
  const counts = countsOf(index, row);
  return {
    ...(document.resource === 'document' ? { pageref: pageId(run, document, several) } : {}),
    startedDateTime: isoDate(epochMs, row.startNs),
    time: sum(timings),
    request: {
      method: row.method, url: row.url, httpVersion, cookies: [], headers: headers(request), queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
      headersSize: request ? request.bytes : -1, bodySize: request ? row.bytesUp - request.bytes : 0,
    },
    response: {
      status: row.status ?? 0, statusText: statusText(response), httpVersion, cookies: [], headers: headers(response), content: { size: Math.max(0, body), mimeType: type }, redirectURL: headers(response).find((h) => h.name.toLowerCase() === 'location')?.value ?? '',
      headersSize: response ? response.bytes : -1, bodySize: row.fromCache ? 0 : Math.max(0, body), _transferSize: row.fromCache ? 0 : row.bytesDown, ...failed,
    },
    cache: {},
    timings,
    ...(/^[\d.:a-f]+$/.test(address) ? { serverIPAddress: address } : {}),
    ...(flow ? { connection: `${several ? `${run.name} ` : ''}${flow.initiatorPort}` } : {}),
    _resourceType: row.resource, ...(row.fromCache ? { _fromCache: 'disk' } : {}),
    _packets: counts.packets, _retransmissions: counts.retransmissions, _roundTrips: counts.roundTrips,
  };
}
/** Messages by these names are HTTP’s; the later two have frames. */
const VERSIONS: readonly string[] = ['http', 'http2', 'http3'];
const isFramed = (message: Message | undefined): boolean => message !== undefined && VERSIONS.indexOf(message.protocol) > 0;
/** Header fields: behind the start line, or those in lower case of a HEADERS frame. */
const fieldsOf = (message: Message | undefined): Message['fields'] => (message && isFramed(message) ? message.fields.filter((f) => f.name === f.name.toLowerCase()) : (message?.fields ?? []).slice(1));
const headers = (message: Message | undefined): Header[] => fieldsOf(message).map(({ name, value }) => ({ name, value: String(value) }));
/** The reason phrase of the status line; HTTP/2 and HTTP/3 have none. */
const statusText = (message: Message | undefined): string => isFramed(message) ? '' : String(message?.fields[0]?.value ?? '').split(' ').slice(2).join(' ');

/** Stream of an HTTP/2 HEADERS frame. */
const streamOfMessage = (m: Message): number | undefined => (m.name === 'HEADERS' ? (m.body as { frame?: { stream?: number } } | null)?.frame?.stream : undefined);
/**
 * Head of the request as last sent, and the head that answered it: on one connection answers keep the order of requests (RFC 9112 §9.3), or
 * are told apart by their stream (RFC 9113 §5).
 */
function exchange(index: TraceIndex, row: RequestRow): Exchange {
  const { trace } = index;
  const sent = trace.messages.filter((m) => (m.body as HttpBody | null)?.request === row.id && VERSIONS.includes(m.protocol) && (row.flow < 0 || bottomFlow(trace, m.flow) === row.flow));
  const request = sent[sent.length - 1];
  if (!request) return { request, response: undefined };
  const [asked, answered] = trace.flows[request.flow]!.content;
  const stream = streamOfMessage(request);
  if (stream !== undefined) return { request, response: row.status === null ? undefined : answered.messages.find((m) => streamOfMessage(m) === stream && (m.body as HttpBody).response) };
  const place = asked.messages.filter((m) => (m.body as HttpBody | null)?.request !== undefined).indexOf(request);
  const response = answered.messages.filter((m) => (m.body as HttpBody | null)?.response !== undefined)[place];
  return { request, response: row.status === null ? undefined : response };
}

type Timings = Readonly<Record<'blocked' | 'dns' | 'connect' | 'send' | 'wait' | 'receive' | 'ssl', number>>;
/** ms; -1 where the format allows it and there was none. */
function timingsOf(index: TraceIndex, row: RequestRow): Timings {
  const ns = { blocked: -1, dns: -1, connect: -1, send: 0, wait: 0, receive: 0, ssl: -1 };
  const add = (key: keyof typeof ns, amount: number): void => void (ns[key] = Math.max(0, ns[key]) + amount);
  for (const span of spans(index, row.id)) {
    const amount = span.end - span.start;
    if (span.phase === 'tls') {
      add('ssl', amount);
      add('connect', amount);
    } else add(span.phase === 'gap' ? 'blocked' : span.phase, amount);
  }
  return Object.fromEntries(Object.entries(ns).map(([key, value]) => [key, value < 0 ? -1 : value / MS])) as Timings;
}
const sum = (t: Timings): number => [t.blocked, t.dns, t.connect, t.send, t.wait, t.receive].reduce((total, part) => total + Math.max(0, part), 0);
