/** One part of a stream as a running machine: what is sent, or what is received (RFC 9000 §3). */
import { bindEffects, Machine, type MachineHost, type MachineTable } from '../../machines/table';
import type { EndpointId, HostId } from '../../model/ids';
import type { Flow } from '../../model/stream';
import type { World } from '../../model/world';
import { partRules, type PartContext, type PartEvent } from './stream-rules';

const NOTHING: PartEvent = { type: '' };

/** What all parts of one kind share. */
export class PartKind {
  readonly machine: Machine<PartContext, PartEvent>;
  readonly effects;
  constructor(readonly table: MachineTable, readonly title: string) {
    this.machine = new Machine<PartContext, PartEvent>(table, partRules);
    this.effects = bindEffects<StreamPart, PartEvent>(table, { tellDone: (part) => part.done() });
  }
}
export class StreamPart implements MachineHost<PartEvent> {
  readonly endpoint: EndpointId;
  private readonly instance = { state: 0 };
  over = false;
  constructor(private readonly world: World, host: HostId, flow: Flow, id: number, private readonly kind: PartKind, private readonly tellOver: () => void) {
    this.endpoint = world.endpoint(host, 'transport', 'quic', `${kind.title} stream ${id} of ${flow.name}`, flow.id, kind.table.chart);
    kind.machine.start(this.instance, {}, this, NOTHING);
  }
  get state(): string {
    return this.kind.table.chart.leaves[this.instance.state]!;
  }
  is(event: string): void {
    this.kind.machine.step(this.instance, {}, this.kind.machine.event(event), NOTHING, this);
  }
  done(): void {
    this.over = true;
    this.tellOver();
  }
  effect(effect: number, event: PartEvent, params: unknown): void {
    this.kind.effects[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(from: number, to: number): void {
    this.world.entered(this.endpoint, from, to);
  }
  ignored(state: number, event: number): void {
    this.world.ignored(this.endpoint, state, event);
  }
}
