/**
 * One QUIC connection for real: keys of every level from its TLS conversation, packets with their frames, protected (RFC 9001 §5). Law: a
 * datagram's bytes are a pure function of the trace; each packet is as long as the run counted.
 */
import { assert } from '../../../base/assert';
import { hexBytes, writeFrame } from '../../../model/quic/frame';
import { bareBytes, headerBytes, packetLength, payloadLength, type DatagramBody, type Level, type QuicPacket } from '../../../model/quic/packet';
import type { Flow, Message } from '../../../model/stream';
import { Writer } from '../../../model/tls/bytes';
import type { TlsConversation } from '../tls/conversation';
import { INITIAL_SUITE, initialSecrets, nextSecret, packetKeys, retryTag, sealPacket, type PacketKeys } from './protection';

/** A packet in the clear and on the wire. */
export interface WirePacket {
  readonly packet: QuicPacket;
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
  readonly bytes: Uint8Array;
}
type Bytes = (flow: Flow, direction: 0 | 1, from: number, to: number) => Uint8Array;

export class QuicConversation {
  private readonly keys = new Map<string, PacketKeys | null>();
  /** Before a Retry, and after it (RFC 9001 §5.2). */
  private readonly initial: readonly (readonly [Uint8Array, Uint8Array])[];

  /** `first`: id in the client's first Initial; `retry`: the one that a Retry gave it; `stream(id)` a stream's flow. */
  constructor(private readonly flow: Flow, first: string, private readonly retry: string | null, private readonly tls: TlsConversation, private readonly stream: (id: number) => Flow | undefined, private readonly bytesOf: Bytes) {
    this.initial = [first, ...(retry === null ? [] : [retry])].map((id) => initialSecrets(hexBytes(id)));
  }
  private keysOf(level: Level, sender: 0 | 1, later: boolean, updates: number): PacketKeys | null {
    const name = `${level} ${sender} ${later} ${updates}`;
    let keys = this.keys.get(name);
    if (keys === undefined) {
      const secret = level === 'Initial' ? { suite: INITIAL_SUITE, secret: this.initial[later ? 1 : 0]![sender] } : this.tls.secretOf(level === '0-RTT' ? 'early' : level === 'Handshake' ? 'handshake' : 'application', sender);
      keys = secret ? updated(packetKeys(secret.suite, secret.secret), secret.secret, updates) : null;
      this.keys.set(name, keys);
    }
    return keys;
  }
  packets(message: Message): readonly WirePacket[] {
    return (message.body as DatagramBody).packets.map((packet) => this.packet(packet, message.direction));
  }
  private packet(packet: QuicPacket, sender: 0 | 1): WirePacket {
    const header = headerBytes(packet), w = new Writer();
    for (const frame of packet.frames) {
      writeFrame(w, frame, (f) => {
        if (f.type === 'CRYPTO') return this.bytesOf(this.flow, sender, f.at, f.at + f.length);
        const stream = this.stream(f.stream);
        return stream ? this.bytesOf(stream, sender, f.offset, f.offset + f.length) : new Uint8Array(f.length);
      });
    }
    const payload = w.done(), keys = this.keysOf(packet.level, sender, this.retry !== null && (sender === 1 || packet.token !== ''), packet.keyPhase);
    assert(payload.length === payloadLength(packet.frames), `the frames of packet ${packet.number} have the length that the run counted with`);
    // whoever never came to a shared secret sends nothing at these levels
    const bytes = keys ? sealPacket(keys, header, packet.number, packet.numberBytes, payload) : new Uint8Array(packetLength(packet));
    return { packet, header, payload, bytes };
  }
  datagram(message: Message): Uint8Array {
    const { bare } = message.body as DatagramBody;
    if (bare) {
      const bytes = bareBytes(bare);
      return bare.bare === 'Retry' ? new Writer().raw(bytes).raw(retryTag(hexBytes(bare.original), bytes)).done() : bytes;
    }
    const w = new Writer();
    for (const { bytes } of this.packets(message)) w.raw(bytes);
    return w.done();
  }
}
/** Keys after so many updates (RFC 9001 §6.1): what protects the header stays. */
function updated(first: PacketKeys, secret: Uint8Array, updates: number): PacketKeys {
  let next = secret;
  for (let i = 0; i < updates; i++) next = nextSecret(first.suite, next);
  return updates === 0 ? first : { ...packetKeys(first.suite, next), hp: first.hp };
}
