/**
 * Byte streams without bytes: how much was written, and which message owns which range. A layer above sees
 * messages complete when the range has been delivered in order. The bytes themselves are made by the
 * messages' codecs when someone wants to look (`Message.encode`).
 */
import type { EventId, FlowId, HostId, Layer, MessageId } from './ids';

/** Something said by one protocol to its peer: a handshake message, a record, a request head, a body, a DNS message. */
export interface Message {
  readonly id: MessageId;
  readonly layer: Layer;
  /** `tls`, `http`, `dns` … */
  readonly protocol: string;
  /** The standard's own name: `ClientHello`, `GET`, `200`, `query A` … Used by selectors and captions. */
  readonly name: string;
  /** Length of its encoding. */
  readonly bytes: number;
  /** Flow whose stream (or datagram) carries it directly. */
  readonly flow: FlowId;
  readonly direction: 0 | 1;
  /** Range in that flow's stream; -1 for datagrams. Set when it is appended. */
  start: number;
  end: number;
  /** Message that contains this one (a record around a handshake message), or -1. */
  readonly parent: MessageId;
  /** Event that wrote it. */
  readonly writtenEvent: EventId;
  /** Shown in the inspector: name, value, reference. */
  readonly fields: readonly MessageField[];
  /** Content for the receiving protocol; plain data. */
  readonly body: unknown;
}
export interface MessageField {
  readonly name: string;
  readonly value: string | number;
  /** Where its meaning is defined, e.g. `RFC 8446 §4.1.2`. */
  readonly spec?: string;
}

/** One direction of a reliable stream. Both ends hold the same object; the receiver looks only at what was delivered. */
export class StreamContent {
  /** Bytes written so far. */
  length = 0;
  /** Messages in order of their start; ranges do not overlap and cover the stream. */
  readonly messages: Message[] = [];

  append(message: Message): void {
    message.start = this.length;
    this.length += message.bytes;
    message.end = this.length;
    this.messages.push(message);
  }

  /** Index of the message that owns byte `offset`, or -1. */
  indexAt(offset: number): number {
    let low = 0, high = this.messages.length - 1;
    while (low <= high) {
      const mid = (low + high) >> 1;
      const m = this.messages[mid]!;
      if (offset < m.start) high = mid - 1;
      else if (offset >= m.end) low = mid + 1;
      else return mid;
    }
    return -1;
  }
}

/** Reads messages from the delivered prefix of a stream, each once, when its last byte is there. */
export class StreamReader {
  private next = 0;
  constructor(private readonly content: StreamContent) {}
  /** Calls `take` for every message that ends at or before `upTo` and was not taken yet. */
  advance(upTo: number, take: (message: Message) => void): void {
    const all = this.content.messages;
    while (this.next < all.length && all[this.next]!.end <= upTo) take(all[this.next++]!);
  }
}

/** A connection between two hosts (TCP), or the stream that a layer offers on top of one (TLS), or a datagram exchange (UDP). */
export interface Flow {
  readonly id: FlowId;
  /** By meaning, the same in every run that has it: `browser>edge:443#1` (ordinal among its like); on top of another: `tls@browser>edge:443#1`. */
  readonly name: string;
  /** `tcp`, `udp`, `tls` … */
  readonly protocol: string;
  readonly initiator: HostId;
  readonly responder: HostId;
  readonly initiatorPort: number;
  readonly responderPort: number;
  /** The flow underneath, or -1; of a connection that changes its path (RFC 9000 §9) the one that it began on. */
  readonly below: FlowId;
  /** Of datagrams: the flow whose connection goes on here, from another address or port; -1 for a beginning. */
  continues: FlowId;
  /** [from initiator, towards initiator]. */
  readonly content: readonly [StreamContent, StreamContent];
  /** Whatever a protocol hangs on the flow so that its two ends find each other (never read by views). */
  session: unknown;
}

/** The flow of datagrams that a connection began on, of one that it goes on with. */
export function beginning(trace: { readonly flows: readonly Flow[] }, flow: FlowId): FlowId {
  let at = flow;
  while (trace.flows[at]!.continues >= 0) at = trace.flows[at]!.continues;
  return at;
}
/** What the owner of a stream socket is told. All offsets are stream offsets, in order. */
export interface StreamHandler {
  /** The stream may be written to and read from. */
  connected(): void;
  /** Bytes up to `upTo` (exclusive) are there, in order. */
  received(upTo: number): void;
  /** The peer will send no more. */
  ended(): void;
  /** The stream is dead. `code` is the field's own word: ECONNREFUSED, ECONNRESET, ETIMEDOUT, EPIPE … or a TLS alert name. */
  failed(code: string): void;
  /** What was written and had to wait (`StreamSocket.blocked`) is in the transport's send buffer: more may be written. Optional. */
  writable?(): void;
}

/** A connected, ordered, reliable stream: TCP itself or TLS on top of it. The layer above knows no difference. */
export interface StreamSocket {
  readonly flow: Flow;
  /** 0 on the initiator's end, 1 on the responder's: index of the outgoing content. */
  readonly side: 0 | 1;
  handler: StreamHandler;
  /** Appends messages to the outgoing content and sends what may be sent. One call is one write(2): PSH at its end. */
  write(messages: readonly Message[]): void;
  /** Part of what was written waits for room in the transport's send buffer; `handler.writable` tells when it is in. */
  readonly blocked: boolean;
  /** No more will be written (FIN after what is queued; TLS says close_notify first). */
  shutdown(): void;
  /** Both directions are given up (close(2)). Unread data makes it a reset, as in Linux. */
  close(): void;
  /** Gives up at once (RST). */
  abort(): void;
}
