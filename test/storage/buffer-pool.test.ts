/** Shared buffers: runs of blocks against a page-by-page reference written from the rules, and what rings are for. */
import { describe, expect, it } from 'vitest';
import { sequence } from '../../src/base/random';
import { BufferPool, type Ring } from '../../src/storage/buffer-pool';

/** Clock sweep and rings as the source says, one page at a time, with a plain map. */
class Reference {
  private readonly where = new Map<string, number>();
  readonly tags: (string | null)[];
  readonly usage: number[];
  private hand = 0;
  private free = 0;
  constructor(private readonly frames: number) {
    this.tags = Array.from({ length: frames }, () => null);
    this.usage = this.tags.map(() => 0);
  }
  touch(tag: string, ring: { slots: number[]; current: number } | null): boolean {
    const at = this.where.get(tag);
    if (at !== undefined) {
      if (ring) this.usage[at] = Math.max(1, this.usage[at]!);
      else this.usage[at] = Math.min(5, this.usage[at]! + 1);
      return true;
    }
    const frame = this.victim(ring);
    if (this.tags[frame] !== null) this.where.delete(this.tags[frame]!);
    this.tags[frame] = tag;
    this.where.set(tag, frame);
    this.usage[frame] = 1;
    return false;
  }
  private victim(ring: { slots: number[]; current: number } | null): number {
    if (ring) {
      ring.current = (ring.current + 1) % ring.slots.length;
      const own = ring.slots[ring.current]!;
      if (own >= 0 && this.usage[own]! <= 1) return own;
    }
    let frame = this.free;
    if (frame < this.frames) this.free++;
    else {
      while (this.usage[this.hand]! > 0) {
        this.usage[this.hand]!--;
        this.hand = (this.hand + 1) % this.frames;
      }
      frame = this.hand;
      this.hand = (this.hand + 1) % this.frames;
    }
    if (ring) ring.slots[ring.current] = frame;
    return frame;
  }
}

describe('runs of blocks', () => {
  it.each([[64, 1], [256, 2], [1000, 3]])('%i frames: the same hits, frames and usage as page by page', (frames, seed) => {
    const pool = new BufferPool(frames * 8192, 256 * 1024), reference = new Reference(frames), uniform = sequence(seed);
    const rings = new Map<string, [Ring, { slots: number[]; current: number }]>();
    for (let step = 0; step < 1500; step++) {
      const relation = 'abc'[Math.floor(uniform() * 3)]!, large = uniform() < 0.2;
      const block = Math.floor(uniform() * (large ? 5000 : frames)), count = 1 + Math.floor(uniform() * uniform() * (large ? 6000 : 40));
      let pair = null;
      if (large) {
        if (!rings.has(relation) || uniform() < 0.3) {
          const ring = pool.ringFor(100_000)!;
          rings.set(relation, [ring, { slots: Array.from({ length: ring.frames.length }, () => -1), current: 0 }]);
        }
        pair = rings.get(relation)!;
      }
      let hits = 0;
      for (let b = block; b < block + count; b++) if (reference.touch(`${relation}${b}`, pair && pair[1])) hits++;
      expect(pool.touch(relation, block, count, pair && pair[0])).toBe(hits);
    }
    reference.tags.forEach((tag, frame) => {
      if (tag === null) return;
      expect(pool.frameOf(tag[0]!, Number(tag.slice(1)))).toBe(frame);
      expect(pool.usageOf(frame)).toBe(reference.usage[frame]);
    });
    expect('abc'.split('').reduce((sum, r) => sum + pool.residentOf(r), 0)).toBe(reference.tags.filter((t) => t !== null).length);
  });
});

describe('rings', () => {
  it('are for scans above a quarter of the pool, of 256 kB or an eighth of it', () => {
    const pool = new BufferPool(1024 * 8192, 256 * 1024);
    expect(pool.ringFor(256)).toBeNull();
    expect(pool.ringFor(257)!.frames.length).toBe(32);
    expect(new BufferPool(64 * 8192, 256 * 1024).ringFor(1000)!.frames.length).toBe(8);
  });
  it('keep a large scan from pushing out what is used', () => {
    const pool = new BufferPool(1024 * 8192, 256 * 1024);
    pool.touch('index', 0, 600);
    pool.touch('heap', 0, 100_000, pool.ringFor(100_000));
    expect(pool.residentOf('index')).toBe(600);
    expect(pool.residentOf('heap')).toBe(32);
    expect(pool.touch('index', 0, 600)).toBe(600);
  });
  it('are needed: without one the scan takes everything', () => {
    const pool = new BufferPool(1024 * 8192, 256 * 1024);
    pool.touch('index', 0, 600);
    pool.touch('heap', 0, 100_000);
    expect(pool.residentOf('index')).toBe(0);
  });
  it('a page used often survives the clock longer', () => {
    const pool = new BufferPool(64 * 8192, 256 * 1024);
    for (let i = 0; i < 5; i++) pool.touch('hot', 0);
    for (let b = 0; b < 160; b++) pool.touch('cold', b);
    expect(pool.frameOf('hot', 0)).toBeGreaterThanOrEqual(0);
  });
});
