/**
 * A listening socket (Linux inet_connection_sock.c, tcp_input.c tcp_conn_request): the SYN queue of handshakes under way, the accept queue of
 * connections that the application has not taken yet, and what happens when either is full. Law: judges and counts; sends nothing.
 */
import type { StreamHandler } from '../../model/stream';
import type { TcpConnection } from './connection';
import type { TcpOptions } from './params';

/** Called for each established connection; gives its handler, or null when nobody accepts yet: it waits in the queue for `TcpStack.accept`. */
export type Accept = (socket: TcpConnection) => StreamHandler | null;
/** What becomes of a SYN: a place in the SYN queue, an answer that keeps no state, or nothing. */
export type SynVerdict = 'take' | 'cookie' | 'syn-queue-full' | 'accept-queue-full';

/** A handshake is retried at least this often, however full the SYN queue (reqsk_timer_handler). */
const FEWEST_RETRIES = 2;
const SMALL_QUEUE = 8;

export class Listener {
  /** The accept queue, oldest first. */
  private waiting: TcpConnection[] = [];
  /** The SYN queue: SYN-ACK sent, not acknowledged. */
  private readonly halfOpen = new Set<TcpConnection>();
  /** listen(2): the application's wish, cut to net.core.somaxconn. */
  private readonly backlog: number;

  constructor(readonly accept: Accept, backlog: number, private readonly options: TcpOptions) {
    this.backlog = Math.min(backlog, options.somaxconn);
  }

  /** The accept queue holds backlog + 1 connections (sk_acceptq_is_full). */
  get isFull(): boolean {
    return this.waiting.length > this.backlog;
  }
  /** A SYN of somebody who has no handshake under way. */
  judge(): SynVerdict {
    const { options, halfOpen } = this;
    const full = halfOpen.size > this.backlog;
    if (full && !options.synCookies) return 'syn-queue-full';
    if (this.isFull) return 'accept-queue-full';
    // without cookies a quarter of tcp_max_syn_backlog is kept for peers that are known; none is known here
    if (!options.synCookies && options.maxSynBacklog - halfOpen.size < options.maxSynBacklog >> 2) return 'syn-queue-full';
    return full ? 'cookie' : 'take';
  }
  /** How often a SYN-ACK is sent again: less often when the queue is more than half full of old ones (reqsk_timer_handler). */
  retries(): number {
    const { halfOpen } = this;
    let retries = this.options.synAckRetries;
    if (halfOpen.size * 2 <= Math.max(SMALL_QUEUE, this.backlog)) return retries;
    let young = 0;
    for (const connection of halfOpen) if (connection.handshake.isYoung) young++;
    for (let many = young * 2; retries > FEWEST_RETRIES && halfOpen.size >= many; many *= 2) retries--;
    return retries;
  }

  /** Handshakes under way. */
  get underWay(): number {
    return this.halfOpen.size;
  }
  begun(connection: TcpConnection): void {
    this.halfOpen.add(connection);
  }
  /** Its handshake is over, one way or the other. */
  ended(connection: TcpConnection): void {
    this.halfOpen.delete(connection);
  }
  wait(connection: TcpConnection): void {
    this.waiting.push(connection);
  }
  /** The oldest connection that waits; null when none does. */
  next(): TcpConnection | null {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) if (!next.isGone) return next;
    return null;
  }
}
