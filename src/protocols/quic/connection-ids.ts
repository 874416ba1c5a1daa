/** Connection IDs of one end (RFC 9000 §5.1): those that it gave the peer, and those of the peer's that it may use on another path. */
import type { Hex, QuicFrame } from '../../model/quic/frame';

interface Issued {
  readonly sequence: number;
  readonly id: Hex;
}
/** What the ids need of their connection. */
export interface IdsOwner {
  /** A new id of this end's, and the token that a stateless reset for it would show (§10.3). */
  newId(sequence: number): { readonly id: Hex; readonly token: Hex };
  say(frame: QuicFrame): void;
  /** Packets to this id are for this connection from now on, or no longer. */
  named(id: Hex): void;
  unnamed(id: Hex): void;
}

export class ConnectionIds {
  private readonly own = new Map<number, Hex>();
  private readonly spare: Issued[] = [];
  private next = 1;
  /** Sequence number of the peer's id in use. */
  private used = 0;

  constructor(private readonly owner: IdsOwner, first: Hex) {
    this.own.set(0, first);
  }
  /** Gives the peer as many as it keeps (§5.1.1); whoever has ids of no length has none to give. */
  issue(limit: number): void {
    if (this.own.get(0) === '') return;
    while (this.own.size < limit) {
      const sequence = this.next++;
      const { id, token } = this.owner.newId(sequence);
      this.own.set(sequence, id);
      this.owner.named(id);
      this.owner.say({ type: 'NEW_CONNECTION_ID', sequence, retirePriorTo: 0, id, token });
    }
  }
  /** The peer will use this one no more; it gets another for it (§5.1.2). */
  retired(sequence: number, limit: number): void {
    const id = this.own.get(sequence);
    if (id === undefined) return;
    this.own.delete(sequence);
    this.owner.unnamed(id);
    this.issue(limit);
  }
  /** The peer gives one; said twice it counts once. */
  offered({ sequence, id }: Issued): void {
    if (sequence > this.used && !this.spare.some((s) => s.sequence === sequence)) this.spare.push({ sequence, id });
  }
  get hasSpare(): boolean {
    return this.spare.length > 0;
  }
  /** Another of the peer's, for another path (§9.5): the one before is told to be retired. Null when there is none. */
  take(): Hex | null {
    const next = this.spare.shift();
    if (!next) return null;
    this.owner.say({ type: 'RETIRE_CONNECTION_ID', sequence: this.used });
    this.used = next.sequence;
    return next.id;
  }
}
