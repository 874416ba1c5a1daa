/**
 * The application's side of receiving (recv(2)): takes what is in order as it comes, or pauses, or reads as slowly as its pace says. Law: what is not
 * read stays in the receive buffer; the end of the stream is told after its last byte.
 */
import type { EndpointId } from '../../model/ids';
import type { StreamContent, StreamHandler } from '../../model/stream';
import type { ResourceHandler, World } from '../../model/world';
import type { Receiver } from './receiver';
import type { SlowReader } from './slow-reader';

export interface ReadingHost {
  readonly world: World;
  readonly endpoint: EndpointId;
  readonly receiver: Receiver;
  readonly handler: StreamHandler;
  readonly isGone: boolean;
  sendAck(): void;
}

export class Reading implements ResourceHandler {
  /** True: nobody reads, until `resume`. */
  paused = false;
  /** How fast the application takes what has arrived; null: at once. */
  pace: SlowReader | null = null;
  /** Sequence number up to which the application was told. */
  private told = 1;
  private endUntold = false;

  constructor(private readonly host: ReadingHost, private readonly content: StreamContent) {}

  /** Reads what is in order, unless it pauses. */
  read(): void {
    if (this.paused) return;
    const { host, pace } = this;
    const { receiver, world } = host;
    const upTo = pace ? pace.upTo(receiver.copied, this.available()) : this.available();
    if (upTo <= this.told && receiver.copied >= upTo) return;
    const bytes = upTo - receiver.copied;
    if (receiver.read(upTo, world.now)) host.sendAck();
    if (pace) world.think(pace.begin(bytes), 'work on what it has read', host.endpoint, this);
    if (upTo > this.told) {
      this.told = upTo;
      host.handler.received(upTo - 1);
    }
  }
  /** A slow application is done with what it read, and reads on. */
  resourceDone(): void {
    if (this.host.isGone) return;
    this.pace?.done();
    this.read();
    if (this.endUntold && this.told >= this.available()) this.ended();
  }
  /** Reads all that is there, and goes on reading unless it pauses again. */
  resume(once = false): void {
    this.paused = false;
    this.read();
    this.paused = once;
  }
  /** The peer has finished: told once everything before that is read. */
  ended(): void {
    this.endUntold = this.pace !== null && this.told < this.available();
    if (!this.endUntold) this.host.handler.ended();
  }
  /** Something lies in the buffer that whoever closes now will never read. */
  hasUnread(): boolean {
    return (this.paused || this.pace !== null) && this.available() > this.host.receiver.copied;
  }
  /** End of what is in order, not counting a FIN that was taken. */
  private available(): number {
    return Math.min(this.host.receiver.rcvNxt, 1 + this.content.length);
  }
}
