/** HPACK against the vectors of RFC 7541 (Appendices A, B, C), measured sizes, and whatever a peer may send. */
import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/vectors/rfc7541-hpack.json';
import tables from '../../fixtures/vectors/rfc7541-tables.json';
import { octets, type HeaderField } from '../../../src/model/header-compression/field';
import { huffmanDecode, huffmanEncode } from '../../../src/model/header-compression/huffman';
import { PrimitiveReader, writeInteger } from '../../../src/model/header-compression/primitives';
import { CHROMIUM, HpackDecoder, HpackEncoder, NGHTTP2, NGINX, type HpackPolicy } from '../../../src/model/http2/hpack';
import { HPACK_STATIC } from '../../../src/model/http2/static-table';

const hex = (bytes: ArrayLike<number>): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));
const fieldsOf = (e: (typeof vectors.examples)[number]): HeaderField[] => e.headers.map((h) => [String(h[0]), String(h[1])]);

describe('tables of RFC 7541', () => {
  it('has the static table of Appendix A', () => expect(HPACK_STATIC).toEqual(tables.static_table));
  it('has the code of Appendix B, each symbol alone', () => {
    tables.huffman.slice(0, 256).forEach(([code, length], symbol) => {
      const bits = [...huffmanEncode([symbol])].map((b) => b.toString(2).padStart(8, '0')).join('');
      const value = parseInt(String(code), 16).toString(2).padStart(Number(length), '0');
      expect(bits.slice(0, Number(length)), `symbol ${symbol}`).toBe(value);
      expect(bits.slice(Number(length))).toMatch(/^1*$/);
      expect(huffmanDecode(huffmanEncode([symbol]))).toEqual(Uint8Array.of(symbol));
    });
  });
  it.each(vectors.integers)('writes and reads $value as in $rfc_section', ({ prefix_bits, value, hex: expected }) => {
    const out: number[] = [];
    writeInteger(out, 0, prefix_bits, value);
    expect(hex(out)).toBe(expected);
    expect(new PrimitiveReader(out).integer(prefix_bits)).toBe(value);
  });
});

describe('examples of RFC 7541 Appendix C', () => {
  const connections = [...new Set(vectors.examples.map((e) => e.connection))];
  const of = (connection: string) => vectors.examples.filter((e) => e.connection === connection);
  it.each(connections)('%s decodes, and the table is what it says', (connection) => {
    const { max_table_size } = of(connection)[0]!;
    const decoder = new HpackDecoder(max_table_size);
    decoder.table.resize(max_table_size);
    for (const e of of(connection)) {
      expect(decoder.decode(bytesOf(e.hex)), e.rfc_section).toEqual(fieldsOf(e));
      expect(decoder.table.entries.map(([name, value]) => [name, value, name.length + value.length + 32])).toEqual(e.dynamic_table_after);
      expect(decoder.table.size).toBe(e.table_size);
    }
  });
  it.each(['C.3', 'C.4', 'C.5', 'C.6'])('%s encodes to the same bytes', (connection) => {
    const examples = of(connection);
    const encoder = new HpackEncoder({ indexing: () => 'incremental', references: true, huffman: examples[0]!.huffman ? 'always' : 'never' });
    encoder.table.resize(examples[0]!.max_table_size);
    for (const e of examples) expect(hex(encoder.encode(fieldsOf(e))), e.rfc_section).toBe(e.hex);
  });
  it.each([['C.2.2', 'without'], ['C.2.3', 'never']] as const)('%s is a literal %s indexing', (section, kind) => {
    const e = vectors.examples.find((x) => x.rfc_section === section)!;
    const policy: HpackPolicy = { indexing: () => kind, references: true, huffman: 'never' };
    expect(hex(new HpackEncoder(policy).encode(fieldsOf(e)))).toBe(e.hex);
  });
});

describe('implementations', () => {
  const request = (path: string): HeaderField[] => [
    [':method', 'GET'], [':path', path], [':scheme', 'https'], [':authority', 'www.example.com'], ['user-agent', 'curl/7.88.1'], ['accept', '*/*'],
  ];
  it('a second request of curl refers to what the first one put in the table', () => {
    const encoder = new HpackEncoder(NGHTTP2), decoder = new HpackDecoder();
    const first = encoder.encode(request('/a')), second = encoder.encode(request('/b'));
    expect(decoder.decode(first)).toEqual(request('/a'));
    expect(decoder.decode(second)).toEqual(request('/b'));
    // all fields but the path, which is never indexed: one byte each
    expect(second.length).toBe(5 + 1 + 1 + 2);
    expect(first.length).toBeGreaterThan(second.length + 20);
  });
  it('nginx never refers to its own entries', () => {
    const encoder = new HpackEncoder(NGINX);
    const fields: HeaderField[] = [[':status', '200'], ['server', 'nginx/1.22.1'], ['content-length', '1024']];
    const first = encoder.encode(fields);
    expect(encoder.encode(fields)).toEqual(first);
    expect(new HpackDecoder().decode(first)).toEqual(fields);
  });
  it('Chromium keeps the path out of the table and everything else in it', () => {
    const encoder = new HpackEncoder(CHROMIUM);
    encoder.encode([[':method', 'GET'], [':path', '/a'], [':authority', 'www.example.com'], ['priority', 'u=0, i']]);
    expect(encoder.table.entries.map(([name]) => name)).toEqual(['priority', ':authority']);
  });
});

describe('sizes of the table', () => {
  it('tells the smallest size since the last block, then the last (§4.2)', () => {
    const encoder = new HpackEncoder(NGHTTP2), decoder = new HpackDecoder();
    decoder.decode(encoder.encode([['a', 'b']]));
    encoder.resize(0);
    encoder.resize(100);
    const block = encoder.encode([[':method', 'GET']]);
    expect(hex(block)).toBe('203f4582');
    expect(decoder.decode(block)).toEqual([[':method', 'GET']]);
    expect(decoder.table.entries).toEqual([]);
    expect(decoder.table.maxSize).toBe(100);
  });
  it('an entry larger than the table empties it (§4.4)', () => {
    const decoder = new HpackDecoder();
    decoder.table.resize(40);
    decoder.table.add(['a', 'b']);
    decoder.table.add(['longer', 'than it']);
    expect([decoder.table.entries, decoder.table.size]).toEqual([[], 0]);
  });
});

describe('what is wrong', () => {
  it.each([
    ['80', 'no entry has index 0'],
    ['be', 'no entry has index 62'],
    ['ff80ffffffffffffffffff01', 'an integer is too large'],
    ['ff80', 'an integer ends too early'],
    ['4005616263', 'a string ends too early'],
    ['8220', 'the table changes its size after a field'],
    ['3fe23f', 'the table asks for 8193 bytes, allowed are 4096'],
    // EOS; a byte of padding; padding of zeros
    ['0085ffffffff0000', 'the EOS symbol stands in a string'],
    ['008207ff0161', 'padding of more than seven bits'],
    ['00810001', 'padding that is not ones'],
  ])('%s: %s', (block, error) => expect(new HpackDecoder().decode(bytesOf(block))).toBe(error));

  it('any bytes are fields or an error, and never an endless loop', () => {
    let seed = 1;
    const next = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16;
    let good = 0, bad = 0;
    for (let run = 0; run < 2000; run++) {
      const block = Uint8Array.from({ length: next() % 40 }, () => next() & 255);
      const got = new HpackDecoder().decode(block);
      if (typeof got === 'string') bad++;
      else good++;
    }
    expect(good).toBeGreaterThan(10);
    expect(bad).toBeGreaterThan(10);
  });
  it('what any policy writes is read back, over a connection', () => {
    let seed = 7;
    const next = (n: number): number => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16) % n;
    const names = [':path', 'cookie', 'authorization', 'etag', 'x-a', 'x-b', 'server', 'set-cookie'];
    const text = (): string => Array.from({ length: next(30) }, () => String.fromCharCode(next(256))).join('');
    for (const policy of [NGHTTP2, CHROMIUM, NGINX]) {
      const encoder = new HpackEncoder(policy), decoder = new HpackDecoder();
      for (let block = 0; block < 200; block++) {
        if (next(10) === 0) encoder.resize(next(600));
        const fields: HeaderField[] = Array.from({ length: next(8) }, () => [names[next(names.length)]!, next(3) === 0 ? 'same' : text()]);
        expect(decoder.decode(encoder.encode(fields))).toEqual(fields);
        expect(decoder.table.entries).toEqual(encoder.table.entries);
      }
    }
  });
  it('a string of octets above 127 keeps them', () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    expect(huffmanDecode(huffmanEncode(octets(all)))).toEqual(octets(all));
  });
});
