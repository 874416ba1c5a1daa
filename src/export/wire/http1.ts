/** HTTP/1.1 on the wire: the run's heads and filler bodies as bytes, and a head taken apart (RFC 9112 §2.1, RFC 9110). */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import type { Flow, Message } from '../../model/stream';
import { ascii, asciiText } from '../../model/tls/bytes';
import type { ResponseHead } from '../../model/http/response';
import { chunked } from '../../protocols/http1/codec';
import { bodyBytes, gzipped } from './body';
import { Scan } from './scan';

const words = en.wire.http;
interface HttpBody {
  readonly text?: string;
  readonly type?: string;
  readonly response?: { readonly contentLength: number; readonly head: ResponseHead };
}

/**
 * Bytes of a head, or of a piece of a body: the body of the head before it in the stream. The same type and length give the
 * same filler, so that what a proxy passes on is what it got.
 */
export function encodeHttp1(message: Message, flow: Flow): Uint8Array {
  const { text, type = 'text/plain' } = (message.body ?? {}) as HttpBody;
  if (text !== undefined) return Uint8Array.from(ascii(text));
  const { messages } = flow.content[message.direction];
  let i = messages.indexOf(message) - 1;
  while (i >= 0 && (messages[i]!.body as HttpBody | null)?.text === undefined) i--;
  const head = messages[i];
  const from = message.start - (head?.end ?? message.start);
  const said = (head?.body as HttpBody | undefined)?.response;
  const length = Math.max(said?.head.length ?? 0, said?.head.chunked ? 0 : from + message.bytes);
  const content = said?.head.gzip ? gzipped(length) : bodyBytes(type, length, Number(head?.name) || 200, `${type} ${length}`);
  return (said?.head.chunked ? chunked(content, ascii) : content).subarray(from, from + message.bytes);
}

/** Fields of one message. */
export function dissectHttp1(message: Message, bytes: Uint8Array): DissectionNode {
  const scan = new Scan(bytes, 'http');
  if ((message.body as HttpBody | null)?.text === undefined) {
    scan.field('Content', bytes.length, { spec: 'RFC 9110 §6.4', value: '', meaning: words.body(bytes.length, (message.body as HttpBody | null)?.type ?? '') });
    return scan.whole('HTTP content', { spec: 'RFC 9112 §6', value: (message.body as HttpBody | null)?.type ?? '' });
  }
  const lines = asciiText(bytes).split('\r\n');
  lines.slice(0, -2).forEach((line, i) => {
    if (i === 0) return startLine(scan, line);
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    scan.group(name, line.length + 2, { spec: 'RFC 9110 §5', value: line.slice(colon + 1).trim(), meaning: words.fields[name.toLowerCase()] ?? '' }, (inner) => {
      inner.text('Field name', colon, { spec: 'RFC 9112 §5' });
      inner.text('Field value', line.length - colon, { spec: 'RFC 9112 §5', value: line.slice(colon + 1).trim() });
      inner.skip(2);
    });
  });
  scan.field('Empty line', 2, { spec: 'RFC 9112 §2.1', meaning: words.emptyLine });
  return scan.whole('Hypertext Transfer Protocol', { spec: 'RFC 9112', value: lines[0] ?? '' });
}
function startLine(scan: Scan, line: string): void {
  const [first = '', second = '', ...rest] = line.split(' ');
  const response = first.startsWith('HTTP/');
  scan.group(response ? 'Status line' : 'Request line', line.length + 2, { spec: response ? 'RFC 9112 §4' : 'RFC 9112 §3', value: line }, (inner) => {
    inner.text(response ? 'HTTP-version' : 'method', first.length, { spec: response ? 'RFC 9112 §2.3' : 'RFC 9110 §9', meaning: response ? '' : (words.methods[first] ?? '') });
    inner.skip(1);
    inner.text(response ? 'status-code' : 'request-target', second.length, { spec: response ? 'RFC 9110 §15' : 'RFC 9112 §3.2', meaning: response ? words.status(Number(second)) : '' });
    inner.skip(1);
    inner.text(response ? 'reason-phrase' : 'HTTP-version', rest.join(' ').length, { spec: response ? 'RFC 9112 §4' : 'RFC 9112 §2.3' });
  });
}
