/** QPACK against the vectors of RFC 9204 (Appendices A, B), both ends against each other, and whatever a peer may send. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/vectors/rfc9204-qpack.json';
import tables from '../../fixtures/vectors/rfc9204-tables.json';
import { entrySize, type HeaderField } from '../../../src/model/header-compression/field';
import { QpackDecoder } from '../../../src/model/http3/qpack-decoder';
import { NGHTTP3, QpackEncoder, QUICHE, STATIC_ONLY, type QpackPolicy } from '../../../src/model/http3/qpack-encoder';
import { QPACK_STATIC } from '../../../src/model/http3/static-table';

const hex = (bytes: ArrayLike<number>): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));

it('has the static table of Appendix A', () => expect(QPACK_STATIC).toEqual(tables.static_table));

describe('the exchange of Appendix B', () => {
  it('decodes to what it says, and both tables are as it says', () => {
    const decoder = new QpackDecoder(220);
    const encoder = new QpackEncoder({ indexing: () => 'insert', capacity: () => 220, huffman: 'never' });
    const insert = (fields: HeaderField[]): void => void encoder.encode(-1, fields);
    encoder.allow(220, 0);
    for (const { rfc_section: at, stream, hex: bytes, headers, table, table_size, acknowledged } of vectors.steps) {
      if (stream === 'encoder') {
        expect(decoder.instructions(bytesOf(bytes)), at).toBe('');
        if (at !== 'B.4') insert(decoder.table.entries.slice(encoder.table.insertCount - decoder.table.entries[0]!.index).map((e) => e.field));
      } else if (stream === 'decoder') continue;
      else expect(decoder.decode(Number(stream.split(' ')[1]), bytesOf(bytes)), `${at} ${stream}`).toEqual(headers);
      expect(decoder.table.entries.map((e) => [e.index, ...e.field])).toEqual(table.map(([index, , name, value]) => [index, name, value]));
      expect(decoder.table.size).toBe(table_size);
      expect(acknowledged).toBeLessThanOrEqual(decoder.table.insertCount);
    }
  });
  it('B.1 and B.2 encode to the same bytes, and B.2 and B.3 are acknowledged as it says', () => {
    const [b1, b2, section, ack, b3] = vectors.steps;
    const plain = new QpackEncoder({ ...STATIC_ONLY, huffman: 'never' });
    expect(hex(plain.encode(0, b1!.headers as unknown as HeaderField[]).section)).toBe(b1!.hex);
    const encoder = new QpackEncoder({ indexing: () => 'insert', capacity: (n) => n, huffman: 'never' });
    encoder.allow(220, 1);
    const out = encoder.encode(4, section!.headers as unknown as HeaderField[]);
    expect(hex(out.instructions)).toBe(b2!.hex);
    expect(hex(out.section)).toBe(section!.hex);
    expect(encoder.table.entries.map((e) => e.references)).toEqual([1, 1]);
    expect(encoder.feedback(bytesOf(ack!.hex))).toBe('');
    expect([encoder.knownReceived, ...encoder.table.entries.map((e) => e.references)]).toEqual([2, 0, 0]);
    expect(hex(encoder.encode(8, [['custom-key', 'custom-value']]).instructions)).toBe(b3!.hex);
  });
  it('the decoder stream of B.2, B.3 and B.4 is written as it says', () => {
    const decoder = new QpackDecoder(220);
    const [, b2, section, ack, b3, increment, , , cancel] = vectors.steps;
    decoder.instructions(bytesOf(b2!.hex));
    decoder.decode(4, bytesOf(section!.hex));
    expect(hex(decoder.feedback())).toBe(ack!.hex);
    decoder.instructions(bytesOf(b3!.hex));
    expect(hex(decoder.feedback())).toBe(increment!.hex);
    decoder.cancel(8);
    expect(hex(decoder.feedback())).toBe(cancel!.hex);
  });
});

describe('blocking', () => {
  const fields: HeaderField[] = [['x-first', 'one'], ['x-second', 'two']];
  const policy: QpackPolicy = { indexing: () => 'insert', capacity: (n) => n, huffman: 'shorter' };
  it('a section waits for the entries it needs, and says how many', () => {
    const encoder = new QpackEncoder(policy), decoder = new QpackDecoder(4096);
    encoder.allow(4096, 1);
    const { section, instructions, requiredInsertCount } = encoder.encode(0, fields);
    expect(decoder.required(section)).toBe(2);
    expect(requiredInsertCount).toBe(2);
    expect(decoder.decode(0, section)).toMatch(/needs 2/);
    decoder.instructions(instructions);
    expect(decoder.decode(0, section)).toEqual(fields);
  });
  it('no more streams wait than the peer lets wait', () => {
    const encoder = new QpackEncoder(policy), decoder = new QpackDecoder(4096);
    encoder.allow(4096, 1);
    const first = encoder.encode(0, fields), second = encoder.encode(4, [['x-third', 'three'], ...fields]);
    expect([first, second].map((s) => s.requiredInsertCount)).toEqual([2, 0]);
    expect(decoder.decode(4, second.section)).toEqual([['x-third', 'three'], ...fields]);
    for (const { instructions } of [first, second]) decoder.instructions(instructions);
    encoder.feedback(decoder.feedback());
    expect(encoder.encode(8, [['x-third', 'three']]).requiredInsertCount).toBe(3);
  });
  it('an entry that a section still needs is not evicted', () => {
    const encoder = new QpackEncoder(policy);
    encoder.allow(entrySize(fields[0]!), 2);
    encoder.encode(0, [fields[0]!]);
    const { requiredInsertCount } = encoder.encode(4, [fields[1]!]);
    expect([requiredInsertCount, encoder.table.entries.map((e) => e.field)]).toEqual([0, [fields[0]]]);
  });
});

const field = fc.tuple(fc.constantFrom(':path', ':method', 'cookie', 'authorization', 'x-a', 'x-b', 'accept'), fc.string({ unit: fc.constantFrom('a', 'b', '/', ' ', 'é'), maxLength: 24 }));
it.each([['nghttp3', NGHTTP3], ['quiche', QUICHE], ['static only', STATIC_ONLY]])('%s: whatever is encoded is decoded, whatever arrives first', (_name, policy) => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(3), fc.array(fc.tuple(fc.array(field, { maxLength: 6 }), fc.boolean()), { maxLength: 12 }), (capacity, blocked, sections) => {
      const encoder = new QpackEncoder(policy), decoder = new QpackDecoder(capacity);
      encoder.allow(capacity, blocked);
      const waiting: { stream: number; section: Uint8Array; fields: HeaderField[] }[] = [], unheard: Uint8Array[] = [];
      sections.forEach(([fields, late], i) => {
        const { section, instructions } = encoder.encode(4 * i, fields);
        unheard.push(instructions);
        waiting.push({ stream: 4 * i, section, fields });
        if (late) return;
        for (const bytes of unheard.splice(0)) expect(decoder.instructions(bytes)).toBe('');
        for (const w of waiting.splice(0)) expect(decoder.decode(w.stream, w.section)).toEqual(w.fields);
        expect(encoder.feedback(decoder.feedback())).toBe('');
        expect(encoder.knownReceived).toBe(encoder.table.insertCount);
      });
    }),
    { seed: 9204 },
  );
});
it('nothing that a peer may send throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (one, two) => {
      const decoder = new QpackDecoder(220), encoder = new QpackEncoder(NGHTTP3);
      for (const said of [decoder.instructions(one), encoder.feedback(two)]) expect(typeof said).toBe('string');
      const read = decoder.decode(0, two);
      expect(typeof read === 'string' || Array.isArray(read)).toBe(true);
    }),
    { seed: 9204 },
  );
});
