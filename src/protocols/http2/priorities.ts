/** In what order a server serves its streams, by the scheme that it goes by. */
import { DEFAULT_URGENCY, orderOf, parsePriority, type PriorityScheme } from '../../model/http/priority';
import type { StreamPriority } from '../../model/http2/frame';
import type { StreamOrder } from '../../model/stream-order';
import { DependencyTree } from './dependencies';
import type { Stream } from './stream';

/** A server that goes by nothing serves by turns (golang.org/x/net/http2 roundRobinWriteScheduler). */
const BY_TURNS: StreamOrder = { rank: 0, shares: true };
/** Updates of streams that have not begun; RFC 9218 §7.1 lets a server limit them by the streams that it takes at once. */
const KEPT_MAX = 128;

export class ServerPriorities {
  private readonly tree = new DependencyTree();
  private readonly kept = new Map<number, string>();
  constructor(private readonly scheme: PriorityScheme, private readonly streams: ReadonlyMap<number, Stream>) {}

  /** A stream's order when it begins: `value` of its `priority` field, unless something newer has come before it; `dependency` of its HEADERS frame. */
  begin(id: number, value: string | undefined, dependency: StreamPriority | undefined): StreamOrder {
    const said = this.kept.get(id) ?? value;
    this.kept.delete(id);
    if (this.scheme === 'ignored') return BY_TURNS;
    if (this.scheme === 'rfc9218') return orderOf(said === undefined ? DEFAULT_URGENCY : parsePriority(said));
    if (dependency) this.depend(id, dependency);
    return this.inTree(id);
  }
  /** PRIORITY, or what HEADERS says of it (RFC 7540 §5.3); true when it goes by that. */
  depend(id: number, priority: StreamPriority): boolean {
    if (this.scheme !== 'rfc7540') return false;
    this.tree.set(id, priority);
    for (const stream of this.streams.values()) stream.order = this.inTree(stream.id);
    return true;
  }
  /** PRIORITY_UPDATE (RFC 9218 §7.1); true when it changes the order now. `begun`: the greatest stream that has. */
  update(id: number, value: string, begun: number): boolean {
    if (this.scheme !== 'rfc9218') return false;
    const stream = this.streams.get(id);
    if (stream) stream.order = orderOf(parsePriority(value));
    else if (id > begun && this.kept.size < KEPT_MAX) this.kept.set(id, value);
    return stream !== undefined;
  }
  private inTree(id: number): StreamOrder {
    return { rank: this.tree.rank(id), shares: false };
  }
}
