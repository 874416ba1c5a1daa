/**
 * Makes a connection's segments and puts them on the wire (RFC 9293 §3.1, options of RFC 7323 and 2018): whatever leaves acknowledges
 * what came, offers the window and stops the delayed acknowledgement. Law: sends what it is told; decides nothing.
 */
import type { EndpointId, EventId, HostId, KindId } from '../../model/ids';
import { IPV4_HEADER_BYTES } from '../../model/ip';
import { IP_TCP } from '../../model/pdu';
import type { Flow } from '../../model/stream';
import type { World } from '../../model/world';
import type { TcpOptions } from './params';
import type { Receiver } from './receiver';
import { ACK, CWR, ECE, ECT, FIN, headerBytes, PSH, RST, SYN, type Segment } from './segment';
import type { Sent } from './sent';

/** Whose segments, from where to where. */
export interface Address {
  readonly endpoint: EndpointId;
  readonly flow: Flow;
  readonly side: 0 | 1;
  readonly host: HostId;
  readonly port: number;
  readonly peer: HostId;
  readonly peerPort: number;
}

export class Output {
  /** Agreed by the SYNs: timestamps and SACK on every segment, and how the peer's windows are scaled. */
  timestamps = false;
  sackOk = false;
  sndScale = 0;
  /** Both ends speak ECN (RFC 3168 §6.1.1); a marked segment came, and the peer has not said yet that it slowed down. */
  ecn = false;
  echo = false;
  /** The peer's timestamp to echo; -1 = none yet. */
  recentTs = -1;
  /** The Fast Open option of the SYN that leaves now. */
  fastOpen: number | null = null;
  readonly advMss: number;

  /** `acknowledged`: an acknowledgement has left. */
  constructor(
    private readonly world: World, private readonly address: Address, private readonly sentKind: KindId, private readonly options: TcpOptions,
    private readonly receiver: Receiver, private readonly acknowledged: () => void,
  ) {
    this.advMss = world.mtu(address.host, address.peer) - IPV4_HEADER_BYTES - 20;
  }

  /** `cwr`: tells the peer that the window was reduced; only new data does. */
  data(sent: Sent, cwr = false): void {
    const len = sent.end - sent.start - (sent.fin ? 1 : 0);
    let flags = ACK | (sent.fin ? FIN : 0) | (sent.push && len > 0 ? PSH : 0);
    const fresh = this.ecn && sent.transmissions === 1 && len > 0;
    if (fresh && cwr) flags |= CWR;
    this.transmit(flags, sent.start, len, sent.fin && len === 0 ? 'FIN' : 'data', sent.transmissions, fresh ? ECT : undefined);
  }

  transmit(bits: number, seq: number, len: number, name: string, transmission: number, ecn?: number): void {
    const flags = this.echo && !(bits & (SYN | RST)) ? bits | ECE : bits;
    const { world, receiver, address } = this;
    const syn = (flags & SYN) !== 0, rst = (flags & RST) !== 0;
    let window = 0;
    let sack: readonly number[] | null = null;
    if (syn) {
      window = Math.min(65535, receiver.rcvWnd);
      receiver.rcvWup = receiver.rcvNxt;
    } else if (!rst || flags & ACK) {
      const offer = receiver.acknowledge();
      window = offer.window;
      sack = this.sackOk ? offer.sack : null;
      this.acknowledged();
    }
    const answer = syn && (flags & ACK) !== 0;
    const timestamps = syn ? this.options.timestamps && (!answer || this.timestamps) : this.timestamps && !(rst && !(flags & ACK));
    const scaling = this.sndScale > 0 || receiver.wscale > 0;
    const segment: Segment = {
      flags, seq, ack: flags & ACK ? receiver.rcvNxt : 0, window, len, tsval: timestamps ? world.now : -1, tsecr: timestamps ? this.recentTs : -1, sack,
      mss: syn ? this.advMss : -1, wscale: syn && (!answer || scaling) ? receiver.wscale : -1, sackPermitted: syn && this.options.sack && (!answer || this.sackOk),
      fastOpen: syn ? this.fastOpen : null,
    };
    const event: EventId = world.note(this.sentKind, address.endpoint, world.nextPdu, seq, len);
    world.transmit(
      {
        protocol: IP_TCP, flow: address.flow.id, direction: address.side, from: address.host, to: address.peer, sender: address.endpoint, srcPort: address.port,
        dstPort: address.peerPort, bytes: IPV4_HEADER_BYTES + headerBytes(segment) + len, payload: len, streamStart: len > 0 ? (syn ? 0 : seq - 1) : -1, flags, key: segment.ack,
        window: syn || !scaling ? window : window * (1 << receiver.wscale),
        ecn, name, transmission, body: segment,
      },
      event,
    );
  }
}
