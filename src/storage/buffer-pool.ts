/**
 * Shared buffers: frames, clock sweep with usage counts, rings for large scans. Law: src/backend/storage/buffer/{bufmgr,freelist}.c of PostgreSQL 15, page by
 * page; runs of blocks that are nowhere in the pool are taken at once with the same outcome. Pins are shorter than an access and so never in the way,
 * save those of pages that are being read: such a page is in the pool but not valid, nobody takes its frame, and who needs it waits for that read (StartBufferIO, WaitIO).
 */
import { assert } from '../base/assert';
import { PAGE_BYTES } from './layout';

/** BM_MAX_USAGE_COUNT (buf_internals.h). */
const MAX_USAGE = 5;
/** Blocks of one slice of the page table. */
const SLICE = 1024;

/** The page table of one relation: frame + 1 for each block, 0 = not there; slices exist where a page ever was. */
interface Pages {
  readonly slices: (Int32Array | undefined)[];
  readonly present: number[];
}

/** Few frames that a large scan uses again and again (BAS_BULKREAD). */
export interface Ring {
  readonly frames: Int32Array;
  current: number;
}

/** One backend's read in progress: the frames that the disk fills, and the reads of others that it met on its way and has to wait for. */
export interface PageRead {
  readonly frames: number[];
  readonly met: Set<PageRead>;
}
export const newRead = (): PageRead => ({ frames: [], met: new Set() });

export class BufferPool {
  readonly frames: number;
  private readonly names = new Map<string, number>();
  private readonly relations: Pages[] = [];
  private readonly relationOf: Int32Array;
  private readonly blockOf: Int32Array;
  private readonly usage: Uint8Array;
  /** Frames never used so far are taken in order before the clock turns. */
  private unused = 0;
  private hand = 0;
  /** Frames that are being filled, with the read that does it. */
  private readonly filling = new Map<number, PageRead>();

  constructor(bytes: number, private readonly ringBytes: number) {
    this.frames = Math.floor(bytes / PAGE_BYTES);
    assert(this.frames >= 16, 'at least 16 buffers');
    this.relationOf = new Int32Array(this.frames).fill(-1);
    this.blockOf = new Int32Array(this.frames);
    this.usage = new Uint8Array(this.frames);
  }

  /** A ring for a scan of so many pages, or null where the scan is too small to need one. */
  ringFor(pages: number): Ring | null {
    if (pages <= Math.floor(this.frames / 4)) return null;
    return { frames: new Int32Array(Math.max(1, Math.min(Math.floor(this.frames / 8), Math.floor(this.ringBytes / PAGE_BYTES)))).fill(-1), current: 0 };
  }

  /** Touches blocks one after the other; says how many were there. With `read` the missing ones are being read from now on, until `delivered`. */
  touch(relation: string, block: number, count = 1, ring: Ring | null = null, read: PageRead | null = null): number {
    let id = this.names.get(relation);
    if (id === undefined) {
      id = this.relations.push({ slices: [], present: [] }) - 1;
      this.names.set(relation, id);
    }
    const pages = this.relations[id]!;
    let hits = 0;
    for (let at = block, end = block + count; at < end;) {
      const slice = Math.floor(at / SLICE), stop = Math.min(end, (slice + 1) * SLICE);
      if (ring && (pages.present[slice] ?? 0) === 0 && stop - at > ring.frames.length && this.turns(ring)) {
        // none is there and the ring feeds itself: only the last ones stay
        const skipped = stop - at - ring.frames.length;
        ring.current = (ring.current + skipped) % ring.frames.length;
        at += skipped;
      }
      for (; at < stop; at++) if (this.one(id, pages, at, ring, read)) hits++;
    }
    return hits;
  }

  /** The disk has delivered: the pages are valid. */
  delivered(read: PageRead): void {
    for (const frame of read.frames) if (this.filling.get(frame) === read) this.filling.delete(frame);
  }

  /** Frame of a page, or -1; its usage count. For tests and views. */
  frameOf(relation: string, block: number): number {
    const id = this.names.get(relation);
    return id === undefined ? -1 : (this.relations[id]!.slices[Math.floor(block / SLICE)]?.[block % SLICE] ?? 0) - 1;
  }
  usageOf(frame: number): number {
    return this.usage[frame]!;
  }
  /** Pages of a relation that are in the pool. */
  residentOf(relation: string): number {
    const id = this.names.get(relation);
    return id === undefined ? 0 : this.relations[id]!.present.reduce((a, b) => a + (b ?? 0), 0);
  }

  /** Whether each frame of the ring would be used again. */
  private turns(ring: Ring): boolean {
    return ring.frames.every((frame) => frame >= 0 && this.usage[frame]! <= 1);
  }

  private one(id: number, pages: Pages, block: number, ring: Ring | null, read: PageRead | null): boolean {
    const slice = Math.floor(block / SLICE), table = (pages.slices[slice] ??= new Int32Array(SLICE));
    const held = table[block % SLICE]! - 1;
    if (held >= 0) {
      const usage = this.usage[held]!;
      if (ring ? usage === 0 : usage < MAX_USAGE) this.usage[held] = usage + 1;
      if (read && this.filling.size > 0) {
        const other = this.filling.get(held);
        if (other && other !== read) read.met.add(other);
      }
      return true;
    }
    const frame = this.victim(ring);
    if (read) {
      read.frames.push(frame);
      this.filling.set(frame, read);
    }
    const old = this.relationOf[frame]!;
    if (old >= 0) {
      const from = this.relations[old]!, b = this.blockOf[frame]!, s = Math.floor(b / SLICE);
      from.slices[s]![b % SLICE] = 0;
      from.present[s]!--;
    }
    table[block % SLICE] = frame + 1;
    pages.present[slice] = (pages.present[slice] ?? 0) + 1;
    this.relationOf[frame] = id;
    this.blockOf[frame] = block;
    this.usage[frame] = 1;
    return false;
  }

  /** StrategyGetBuffer. */
  private victim(ring: Ring | null): number {
    if (ring) {
      ring.current = (ring.current + 1) % ring.frames.length;
      const frame = ring.frames[ring.current]!;
      if (frame >= 0 && this.usage[frame]! <= 1) return frame;
    }
    const frame = this.unused < this.frames ? this.unused++ : this.sweep();
    if (ring) ring.frames[ring.current] = frame;
    return frame;
  }
  private sweep(): number {
    for (let pinned = 0; ;) {
      const frame = this.hand;
      this.hand = this.hand + 1 === this.frames ? 0 : this.hand + 1;
      // a page that is being read is pinned; a whole turn over such pages takes one all the same, where PostgreSQL would say that no buffer is free
      if (this.filling.size > 0 && this.filling.has(frame) && pinned < this.frames) {
        pinned++;
        continue;
      }
      if (this.usage[frame] === 0) return frame;
      this.usage[frame]!--;
    }
  }
}
