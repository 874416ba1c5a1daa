/**
 * Priorities as RFC 7540 §5.3 had them: streams that depend on one another. Chromium makes a chain of it, the most urgent first
 * (net/spdy/http2_priority_dependencies.cc); nginx serves by depth in the tree (ngx_http_v2_queue_frame). RFC 9113 §5.3.2 advises against both.
 */
import type { StreamPriority } from '../../model/http2/frame';

/** spdy_protocol.cc Spdy3PriorityToHttp2Weight: 256 … 1. */
const WEIGHTS = [256, 220, 183, 147, 110, 74, 37, 1];
/** A PRIORITY frame to be said. */
export interface DependencyUpdate {
  readonly stream: number;
  readonly priority: StreamPriority;
}

/** A client's streams as one chain: each depends, exclusively, on the one before it. */
export class DependencyChain {
  private chain: { readonly id: number; readonly urgency: number }[] = [];

  /** A new stream: behind all that are as urgent. */
  add(id: number, urgency: number): StreamPriority {
    const at = this.placeOf(urgency);
    const priority = { exclusive: true, dependsOn: this.chain[at - 1]?.id ?? 0, weight: WEIGHTS[urgency]! };
    this.chain.splice(at, 0, { id, urgency });
    return priority;
  }
  remove(id: number): void {
    this.chain = this.chain.filter((s) => s.id !== id);
  }
  /** What must be said when a stream becomes more or less urgent: who hung on it moves up, then it takes its new place. Nothing while its parent is the same. */
  move(id: number, urgency: number): DependencyUpdate[] {
    const at = this.chain.findIndex((s) => s.id === id);
    if (at < 0 || this.chain[at]!.urgency === urgency) return [];
    const before = this.chain[at - 1]?.id ?? 0, child = this.chain[at + 1];
    this.remove(id);
    const priority = this.add(id, urgency);
    if (priority.dependsOn === before) return [];
    const update = { stream: id, priority };
    return child ? [{ stream: child.id, priority: { exclusive: true, dependsOn: before, weight: WEIGHTS[child.urgency]! } }, update] : [update];
  }
  private placeOf(urgency: number): number {
    const less = this.chain.findIndex((s) => s.urgency > urgency);
    return less < 0 ? this.chain.length : less;
  }
}

interface Node {
  parent: number;
  readonly children: Set<number>;
}
/** A server's tree. Streams that are over keep their place, since others hang on them (nginx forgets all but the last 32). */
export class DependencyTree {
  private readonly nodes = new Map<number, Node>([[0, { parent: -1, children: new Set() }]]);

  /** §5.3.1, §5.3.3: who is made exclusive takes its parent's other dependents; a parent that depends on it moves up first. */
  set(id: number, { dependsOn, exclusive }: Pick<StreamPriority, 'dependsOn' | 'exclusive'>): void {
    if (dependsOn === id) return;
    const node = this.of(id);
    if (this.hangsOn(dependsOn, id)) this.hang(dependsOn, node.parent);
    this.hang(id, dependsOn);
    if (!exclusive) return;
    for (const other of [...this.of(dependsOn).children]) if (other !== id) this.hang(other, id);
  }
  /** How deep it stands: what is less deep goes first. */
  rank(id: number): number {
    let rank = 0;
    for (let at = id; at > 0; at = this.of(at).parent) rank++;
    return rank;
  }
  private of(id: number): Node {
    let node = this.nodes.get(id);
    if (!node) {
      this.nodes.set(id, (node = { parent: 0, children: new Set() }));
      this.nodes.get(0)!.children.add(id);
    }
    return node;
  }
  private hang(id: number, parent: number): void {
    const node = this.of(id);
    this.nodes.get(node.parent)?.children.delete(id);
    node.parent = parent;
    this.of(parent).children.add(id);
  }
  private hangsOn(id: number, ancestor: number): boolean {
    for (let at = id; at > 0; at = this.of(at).parent) if (at === ancestor) return true;
    return false;
  }
}
