/**
 * A packet taken apart: its bytes and, as nested nodes, what each range of them means. Made by the codecs' owners
 * (`export/wire`), shown by the message view, which knows no protocol.
 */
import type { Layer } from './ids';

/** One header, record, message or field. Offsets count in `buffer`; `end` is exclusive. */
export interface DissectionNode {
  /** The standard's name: `Internet Protocol`, `Sequence Number`, `ServerHello`, `cipher_suite` … */
  readonly name: string;
  /** Decoded value, as text; '' for a node that only groups. */
  readonly value: string;
  /** What the value means here, in a few words; '' when the value says it. */
  readonly meaning: string;
  /** Where it is defined: `RFC 9293 §3.1`. */
  readonly spec: string;
  readonly start: number;
  readonly end: number;
  /** Bits inside the range for fields smaller than bytes, e.g. `4–7`; '' otherwise. */
  readonly bits: string;
  readonly layer: Layer;
  /** Where start and end count: -1 = the packet's bytes, else an index of `Dissection.plain` (what an encrypted record holds). */
  readonly buffer: number;
  readonly children: readonly DissectionNode[];
}
export interface Dissection {
  /** The IP packet as on the wire. */
  readonly bytes: Uint8Array;
  /** Opened contents of the encrypted records that end in or pass through this packet. */
  readonly plain: readonly Uint8Array[];
  /** IP, then transport, then what it carries. */
  readonly nodes: readonly DissectionNode[];
}
