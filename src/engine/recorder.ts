/**
 * Writes a trace. Law: append only, in order of (time, sequence); a cause is always an earlier row.
 * The object is the `Trace` itself, so that nothing is copied at the end of a run.
 */
import { f64, i32, u16 } from '../base/column';
import type { Ns } from '../base/time';
import type { Chart } from '../model/chart';
import type { Fault } from '../model/fault';
import type { EndpointId, EventId, FlowId, HostId, KindId, Layer, RequestId, ResourceId } from '../model/ids';
import type { KindSet } from '../model/kinds';
import type { PduRow } from '../model/pdu';
import type { Plan } from '../model/plan';
import type { QueryRow } from '../model/query';
import type { RequestRow } from '../model/request';
import type { Flow, Message } from '../model/stream';
import type { EndpointRow, Outcome, ResourceRow, TimerRow, Trace, TraceHost, TraceKind, TraceLink } from '../model/trace';

interface Numbered {
  readonly first: KindId;
  readonly rows: readonly TraceKind[];
  readonly ids: Readonly<Record<string, KindId>>;
}
const kept = new WeakMap<KindSet, Numbered>();
/** The rows of a set's kinds numbered from `first`. Kept: they never change, and a plan that runs again numbers them alike. */
function numbered(set: KindSet, first: KindId): Numbered {
  const known = kept.get(set);
  if (known?.first === first) return known;
  const rows = Object.entries(set.kinds).map(([key, kind], i) => ({ ...kind, id: first + i, name: `${set.prefix}.${key}` }));
  const made = { first, rows, ids: Object.fromEntries(Object.keys(set.kinds).map((key, i) => [key, first + i])) };
  kept.set(set, made);
  return made;
}

export class Recorder implements Trace {
  readonly version = 1;
  readonly scenario: string;
  readonly title: string;
  readonly seed: number;
  readonly hosts: TraceHost[];
  readonly links: TraceLink[];
  readonly faults: readonly Fault[];
  readonly kinds: TraceKind[] = [];
  readonly charts: Chart[] = [];
  readonly endpoints: EndpointRow[] = [];
  readonly flows: Flow[] = [];
  readonly timers: TimerRow[] = [];
  readonly resources: ResourceRow[] = [];
  readonly pdus: PduRow[] = [];
  readonly messages: Message[] = [];
  readonly requests: RequestRow[] = [];
  readonly queries: QueryRow[] = [];
  readonly texts: string[] = [];
  readonly time = f64(4096);
  readonly kind = u16(4096);
  readonly where = i32(4096);
  readonly cause = i32(4096);
  readonly subject = i32(4096);
  readonly a = f64(4096);
  readonly b = f64(4096);
  readonly joined = new Map<EventId, readonly EventId[]>();
  endNs: Ns = 0;
  outcome: Outcome = 'ok';
  stopReason: string | null = null;
  mainRequest: RequestId = -1;

  private readonly textIds = new Map<string, number>();
  private readonly kindSets = new Map<KindSet, Readonly<Record<string, KindId>>>();

  constructor(plan: Plan) {
    this.scenario = plan.id;
    this.title = plan.title;
    this.seed = plan.seed;
    this.hosts = plan.hosts.map((host, id) => ({ ...host, id }));
    this.links = plan.links.map((link, id) => ({ ...link, id }));
    this.faults = plan.faults;
  }

  /** Numbers for the kinds of a set, in order of first use; the same plan gives the same numbers. */
  kindsOf<K extends string>(set: KindSet<K>): Readonly<Record<K, KindId>> {
    const known = this.kindSets.get(set);
    if (known) return known as Readonly<Record<K, KindId>>;
    const { rows, ids } = numbered(set, this.kinds.length);
    this.kinds.push(...rows);
    this.kindSets.set(set, ids);
    return ids as Readonly<Record<K, KindId>>;
  }

  write(time: Ns, kind: KindId, where: EndpointId, cause: EventId, subject: number, a: number, b: number): EventId {
    const id = this.time.length;
    this.time.push(time);
    this.kind.push(kind);
    this.where.push(where);
    this.cause.push(cause);
    this.subject.push(subject);
    this.a.push(a);
    this.b.push(b);
    return id;
  }

  text(text: string): number {
    let id = this.textIds.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.textIds.set(text, id);
    }
    return id;
  }

  endpoint(host: HostId, layer: Layer, protocol: string, title: string, flow: FlowId, chart: Chart | null, at: Ns, event: EventId): EndpointId {
    let chartId = -1;
    if (chart) {
      chartId = this.charts.indexOf(chart);
      if (chartId < 0) chartId = this.charts.push(chart) - 1;
    }
    const id = this.endpoints.length;
    this.endpoints.push({ id, host, flow, layer, protocol, title, chart: chartId, createdAt: at, createdEvent: event });
    return id;
  }

  resource(host: HostId, name: string, servers: number, queueMax: number): ResourceId {
    this.resources.push({ id: this.resources.length, host, name, servers, queueMax });
    return this.resources.length - 1;
  }
}
