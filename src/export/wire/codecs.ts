/**
 * Registry: how messages of each protocol become bytes, and how these are taken apart; one line each. A protocol that is not
 * here still exports: its messages are filler of the right length, and say so.
 */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import type { Flow, Message } from '../../model/stream';
import { ascii, randomBytes } from '../../model/tls/bytes';
import { encodeDns, type DnsMessage } from '../../protocols/dns/codec';
import { encodePg, type PgMessage } from '../../protocols/postgres-wire/codec';
import { dissectDns } from './dns';
import { dissectHttp1, encodeHttp1 } from './http1';
import { dissectHttp2, encodeHttp2 } from './http2';
import { dissectHttp3, encodeHttp3 } from './http3';
import { dissectPostgres } from './postgres';
import { Scan } from './scan';

export interface MessageCodec {
  /** Bytes of a message of this flow; as many as `message.bytes` says. */
  readonly encode: (message: Message, flow: Flow) => Uint8Array;
  /** The message as nodes; offsets count from its first byte. */
  readonly dissect: (message: Message, bytes: Uint8Array, flow: Flow) => DissectionNode;
}
const unknown: MessageCodec = {
  encode: (message, flow) => {
    const { text, bytes } = (message.body ?? {}) as { text?: unknown; bytes?: unknown };
    if (bytes instanceof Uint8Array && bytes.length === message.bytes) return bytes;
    if (typeof text === 'string' && text.length === message.bytes) return Uint8Array.from(ascii(text));
    return randomBytes(`${flow.name} ${message.direction} ${message.start} ${message.name}`, message.bytes);
  },
  dissect: (message, bytes) => {
    const scan = new Scan(bytes, message.layer);
    for (const { name, value, spec } of message.fields) scan.nodes.push({ ...scan.whole(name, { value: String(value), spec: spec ?? '' }), end: bytes.length, children: [] });
    scan.skip(bytes.length);
    return scan.whole(message.name, { value: message.protocol, meaning: en.wire.opaque });
  },
};
/** By `Message.protocol`. TLS records are made by their connection (`tls/conversation`). */
const CODECS: Readonly<Record<string, MessageCodec>> = {
  dns: { encode: (message) => encodeDns(message.body as DnsMessage), dissect: (_, bytes) => dissectDns(bytes) },
  http: { encode: encodeHttp1, dissect: dissectHttp1 },
  http2: { encode: encodeHttp2, dissect: dissectHttp2 },
  http3: { encode: encodeHttp3, dissect: (message, bytes) => dissectHttp3(message, bytes) },
  postgres: { encode: (message) => encodePg(message.body as PgMessage), dissect: (message, bytes) => dissectPostgres(message.body as PgMessage, bytes) },
};
export const codecOf = (message: Message): MessageCodec => CODECS[message.protocol] ?? unknown;
