/**
 * Walks over bytes and writes down what each range is: how every dissector here is made. Law: nodes come in the order of
 * their bytes, lie inside their parent, and nothing is told that the bytes do not say.
 */
import type { DissectionNode } from '../../model/dissection';
import type { Layer } from '../../model/ids';
import { asciiText } from '../../model/tls/bytes';

/** What a field says beside its name and place. `value` and `meaning` may follow from the number that was read. */
export interface Told {
  readonly spec?: string;
  readonly value?: string | ((n: number) => string);
  readonly meaning?: string | ((n: number) => string);
  readonly children?: readonly DissectionNode[];
}
/** Where the packet's own bytes count. */
export const PACKET = -1;
const LONGEST = 24;

/** Bytes as text of pairs, shortened when long. */
export function hexText(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, LONGEST), (b) => b.toString(16).padStart(2, '0')).join('');
  return bytes.length > LONGEST ? `${shown}…` : shown;
}
export const hexNumber = (n: number, digits: number): string => `0x${n.toString(16).padStart(digits, '0')}`;

export class Scan {
  readonly nodes: DissectionNode[] = [];
  constructor(readonly bytes: Uint8Array, readonly layer: Layer, public at = 0, readonly end = bytes.length, readonly buffer = PACKET) {}
  get left(): number {
    return this.end - this.at;
  }
  /** A range of `length` bytes; without a value it is shown as hexadecimal. */
  field(name: string, length: number, told: Told = {}): Uint8Array {
    const start = this.at;
    const end = Math.min(this.end, start + Math.max(0, length));
    const bytes = this.bytes.subarray(start, end);
    this.at = end;
    this.nodes.push(this.node(name, start, end, told, typeof told.value === 'string' ? told.value : hexText(bytes), 0));
    return bytes;
  }
  /** An unsigned big-endian number of 1 to 4 bytes. */
  number(name: string, length: number, told: Told = {}): number {
    const start = this.at;
    this.at = Math.min(this.end, start + length);
    let n = 0;
    for (let i = start; i < this.at; i++) n = n * 256 + this.bytes[i]!;
    this.nodes.push(this.node(name, start, this.at, told, String(n), n));
    return n;
  }
  /** ASCII text. */
  text(name: string, length: number, told: Told = {}): string {
    const text = asciiText(this.bytes.subarray(this.at, this.at + length));
    this.field(name, length, { ...told, value: told.value ?? text });
    return text;
  }
  /** A field of some bits within the bytes from `start` on; does not move on. */
  bits(name: string, start: number, length: number, bits: string, value: string, told: Omit<Told, 'value'> = {}): void {
    this.nodes.push({ ...this.node(name, start, start + length, told, value, 0), bits });
  }
  /** A range with parts of its own. */
  group(name: string, length: number, told: Told, fill: (inner: Scan) => void): void {
    const inner = new Scan(this.bytes, this.layer, this.at, Math.min(this.end, this.at + Math.max(0, length)), this.buffer);
    fill(inner);
    this.nodes.push(this.node(name, this.at, inner.end, { ...told, children: inner.nodes }, typeof told.value === 'string' ? told.value : '', 0));
    this.at = inner.end;
  }
  skip(length: number): void {
    this.at = Math.min(this.end, this.at + length);
  }
  /** Everything from `start` to here as one node over what was found. */
  whole(name: string, told: Told = {}, start = 0): DissectionNode {
    return this.node(name, start, this.at, { ...told, children: this.nodes }, typeof told.value === 'string' ? told.value : '', 0);
  }
  private node(name: string, start: number, end: number, told: Told, fallback: string, n: number): DissectionNode {
    const { value, meaning, spec, children } = told;
    return {
      name, value: typeof value === 'function' ? value(n) : (value ?? fallback), meaning: typeof meaning === 'function' ? meaning(n) : (meaning ?? ''), spec: spec ?? '', start, end, bits: '',
      layer: this.layer, buffer: this.buffer, children: children ?? [],
    };
  }
}

/**
 * Puts nodes of a message into what carries it (a packet, an opened record): moved by `offset`, cut to [from, to), counted in
 * `buffer`. What lies wholly outside falls away; nodes of other buffers stay as they are.
 */
export function placed(nodes: readonly DissectionNode[], offset: number, from: number, to: number, buffer = PACKET): DissectionNode[] {
  const kept: DissectionNode[] = [];
  for (const node of nodes) {
    if (node.buffer !== PACKET) {
      kept.push(node);
      continue;
    }
    const start = node.start + offset, end = node.end + offset;
    const inside = start === end ? start >= from && start < to : end > from && start < to;
    if (inside) kept.push({ ...node, buffer, start: Math.max(from, start), end: Math.min(to, end), children: placed(node.children, offset, from, to, buffer) });
  }
  return kept;
}
