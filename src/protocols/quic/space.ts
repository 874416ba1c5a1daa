/** A packet number space (RFC 9000 §12.3): numbers, what was received, what must be said beside data, whose keys there are. */
import type { Ns } from '../../base/time';
import type { QuicFrame } from '../../model/quic/frame';
import type { Space } from '../../model/quic/packet';
import { ReceivedPackets } from './received';

export class PacketSpace {
  next = 0;
  readonly received: ReceivedPackets;
  /** Probes that must go out whatever the window says (RFC 9002 §6.2.4). */
  probes = 0;
  /** Frames beside CRYPTO and STREAM. */
  control: QuicFrame[] = [];
  gone = false;
  constructor(readonly name: Space, ackEvery: number, ackDelay: Ns) {
    this.received = new ReceivedPackets(ackEvery, name === 'Application' ? ackDelay : 0);
  }
  discard(): void {
    this.gone = true;
    this.control = [];
    this.probes = 0;
    this.received.owed = false;
    this.received.deadline = -1;
  }
}
