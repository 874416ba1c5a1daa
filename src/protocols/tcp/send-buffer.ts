/**
 * The memory between an application and its connection (Linux sk_wmem_queued against sk_sndbuf): an application that writes more than fits
 * waits until the kernel has room again. Law: counts and sizes only, in bytes of kernel memory; who is woken when is the connection's.
 */
import type { SendBlock } from './send-block';

const HEAD_BYTES = 256; // Linux MAX_TCP_HEADER: room for the headers of all layers
const SKB_BYTES = 256; // Linux sizeof(struct sk_buff), aligned
const SHARED_INFO_BYTES = 320; // Linux sizeof(struct skb_shared_info), aligned
const TSO_MAX_BYTES = 65536; // Linux GSO_LEGACY_MAX_SIZE

/** What a unit of segments costs beyond its payload (SKB_TRUESIZE). */
export const UNIT_OVERHEAD = HEAD_BYTES + SKB_BYTES + SHARED_INFO_BYTES;

/** Memory for `segments` of `mss` bytes, twice: what is out and what comes next (tcp_sndbuf_expand). */
export function bufferFor(segments: number, mss: number): number {
  let bytes = 1;
  while (bytes < mss + HEAD_BYTES + SHARED_INFO_BYTES) bytes *= 2;
  return 2 * segments * (bytes + SKB_BYTES);
}

/** Payload that one unsent unit takes in: whole segments of at most half the greatest window the peer ever offered (tcp_bound_to_half_wnd). */
export function sizeGoal(mss: number, maxWindow: number): number {
  const most = Math.min(TSO_MAX_BYTES, Math.max(mss, Math.floor(maxWindow / 2)));
  return Math.max(1, Math.floor(most / mss)) * mss;
}

export class SendBuffer {
  private size = 0;
  /** The application waits for room (SOCK_NOSPACE). */
  blocked = false;

  constructor(private readonly b: SendBlock) {}

  /** The connection is established, or its window has grown. */
  expand(): void {
    const { b } = this;
    const segments = Math.max(b.options.initialWindow, b.cwnd, b.board.reordering + 1);
    this.size = Math.max(this.size, Math.min(bufferFor(segments, b.mss), b.options.sendBufferMax));
  }
  /** Memory in use: what is out, and what waits in units of the size goal. */
  queued(): number {
    const { b } = this;
    const unsent = b.writeEnd - b.sndNxt;
    return b.board.truesize + unsent + Math.ceil(unsent / sizeGoal(b.mss, b.maxWindow)) * UNIT_OVERHEAD;
  }
  /** Bytes that may be written now: the rest of the last unsent unit, else a new one while memory is free; 0 = the application must wait. */
  room(): number {
    const { b } = this;
    const goal = sizeGoal(b.mss, b.maxWindow);
    const unsent = b.writeEnd - b.sndNxt;
    if (unsent % goal > 0) return goal - (unsent % goal);
    return this.queued() < this.size && unsent < b.options.notsentLowat ? goal : 0;
  }
  /** After an acknowledgement: the buffer grows when the window was not filled; true when the application may go on (tcp_new_space, sk_stream_write_space). */
  freed(): boolean {
    const { b } = this;
    if (!this.blocked) return false;
    if (b.board.inFlight() < b.cwnd) this.expand();
    const queued = this.queued();
    // tcp_stream_memory_free: a writer is woken when half of what may be unsent is gone
    if (this.size - queued < queued / 2 || 2 * (b.writeEnd - b.sndNxt) >= b.options.notsentLowat) return false;
    this.blocked = false;
    return true;
  }
}
