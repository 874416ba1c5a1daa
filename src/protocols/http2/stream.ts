/** One stream as either end keeps it: its state, its windows, what waits to be sent on it (RFC 9113 §5). */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { EndpointId, HostId } from '../../model/ids';
import type { StreamOrder } from '../../model/stream-order';
import type { Flow } from '../../model/stream';
import type { World } from '../../model/world';
import { streamRules, type StreamContext, type StreamEvent } from './stream-rules';
import { http2StreamTable } from './stream-table.gen';

const machine = new Machine<StreamContext, StreamEvent>(http2StreamTable, streamRules);
const EFFECTS = bindEffects<Stream, StreamEvent>(http2StreamTable, { tellClosed: (s) => s.owner.streamClosed(s) });
const NOTHING: StreamEvent = { type: '' };
const EVENTS = {
  sendHeaders: machine.event('SEND_HEADERS'), receiveHeaders: machine.event('RECV_HEADERS'), sendEnd: machine.event('SEND_END_STREAM'), receiveEnd: machine.event('RECV_END_STREAM'),
  sendReset: machine.event('SEND_RST_STREAM'), receiveReset: machine.event('RECV_RST_STREAM'), lost: machine.event('LOST'),
};
const CLOSED = machine.state('CLOSED');

export interface StreamOwner {
  streamClosed(stream: Stream): void;
}

export class Stream implements MachineHost<StreamEvent> {
  readonly endpoint: EndpointId;
  private readonly instance = { state: 0 };
  /** Bytes that may still be sent; negative after the peer has made its windows smaller (§6.9.2). */
  sendWindow: number;
  /** Bytes that came and were read, and of which the peer has not been told. */
  unacknowledged = 0;
  /** Content that waits to be sent, of what type and how long it is in all, and whether the stream ends with what waits. */
  waiting = 0;
  type = '';
  length = 0;
  endsAfter = false;
  /** Bytes of content sent so far, and when some of it was sent last (a count). */
  sent = 0;
  servedAt = 0;
  /** It was told that the window is shut. */
  blocked = false;

  constructor(private readonly world: World, host: HostId, flow: Flow, readonly id: number, readonly owner: StreamOwner, sendWindow: number, public order: StreamOrder) {
    this.sendWindow = sendWindow;
    this.endpoint = world.endpoint(host, 'http', 'http2', `stream ${id} of ${flow.name}`, flow.id, http2StreamTable.chart);
    machine.start(this.instance, {}, this, NOTHING);
  }
  get closed(): boolean {
    return this.instance.state === CLOSED;
  }
  is(event: keyof typeof EVENTS): void {
    machine.step(this.instance, {}, EVENTS[event], NOTHING, this);
  }
  effect(effect: number, event: StreamEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
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
