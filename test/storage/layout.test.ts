/** Tuples on pages against measured heaps, and permutations that lose nothing. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heapTupleBytes, indexTupleBytes, postingBytes, searchSteps, tidsPerPosting, tuplesPerHeapPage, type ColumnLayout } from '../../src/storage/layout';
import { permutation } from '../../src/storage/permutation';

const fixture = JSON.parse(readFileSync(new URL('../fixtures/storage/btree-pg15.json', import.meta.url), 'utf8')) as { heap: { rows: number; heap_pages: number }[] };
const WIDE: ColumnLayout[] = [{ type: 'bigint' }, { type: 'bigint' }, { type: 'uuid' }, { type: 'text', bytes: 15 }, { type: 'text', bytes: 32 }];

describe('heap pages', () => {
  it.each(fixture.heap.map((h) => [h.rows, h.heap_pages]))('%i rows take %i pages, as measured', (rows, pages) => {
    expect(Math.ceil(rows / tuplesPerHeapPage(WIDE))).toBe(pages);
  });
  it('align fixed types but not short texts', () => {
    expect(heapTupleBytes([{ type: 'integer' }, { type: 'bigint' }])).toBe(24 + 8 + 8);
    expect(heapTupleBytes([{ type: 'text', bytes: 2 }, { type: 'integer' }])).toBe(24 + 4 + 4);
    expect(heapTupleBytes([{ type: 'text', bytes: 126 }])).toBe(24 + 127);
    expect(heapTupleBytes([{ type: 'integer' }, { type: 'text', bytes: 127 }])).toBe(24 + 4 + 4 + 127);
    expect(tuplesPerHeapPage([{ type: 'bigint' }, { type: 'integer' }])).toBe(185);
  });
});

describe('index tuples', () => {
  it('are a header and the aligned key', () => {
    expect([indexTupleBytes([{ type: 'integer' }]), indexTupleBytes([{ type: 'bigint' }]), indexTupleBytes([{ type: 'uuid' }]), indexTupleBytes([{ type: 'text', bytes: 32 }])]).toEqual([16, 16, 24, 48]);
  });
  it('share a key in posting lists of at most a tenth of a page', () => {
    expect(tidsPerPosting(16)).toBe(132);
    expect(postingBytes(16, 132)).toBe(808);
    expect(postingBytes(16, 1)).toBe(16);
  });
  it('are found by halving', () => {
    expect([0, 1, 2, 366, 407].map(searchSteps)).toEqual([0, 1, 2, 9, 9]);
  });
});

describe('permutation', () => {
  it.each([1, 2, 10, 1000, 4097])('of %i places goes to each place once, and back', (size) => {
    const p = permutation(size, 7), seen = new Set<number>();
    for (let x = 0; x < size; x++) {
      const y = p.forward(x);
      expect(p.inverse(y)).toBe(x);
      seen.add(y);
    }
    expect(seen.size).toBe(size);
    expect(Math.max(...seen)).toBe(size - 1);
  });
  it('of 10⁸ places comes back, and neighbours part', () => {
    const p = permutation(1e8, 3);
    let near = 0;
    for (let x = 0; x < 1000; x++) {
      expect(p.inverse(p.forward(x * 99_991))).toBe(x * 99_991);
      if (Math.abs(p.forward(x) - p.forward(x + 1)) < 1e5) near++;
    }
    expect(near).toBeLessThan(20);
  });
  it('differs by seed', () => {
    const a = permutation(1000, 1), b = permutation(1000, 2);
    expect(Array.from({ length: 1000 }, (_, x) => x).filter((x) => a.forward(x) === b.forward(x)).length).toBeLessThan(20);
  });
});
