/**
 * An application that does not take data as fast as it comes: it reads a buffer full, works on it, and reads again; once it may stop for a while (a
 * film is paused). Law: what it has not read stays in the receive buffer, so the window that TCP offers shrinks with it (RFC 9293 §3.8.6).
 */
import { SECOND, type Ns } from '../../base/time';

export interface ReaderSetting {
  /** Bits that it takes in a second; 0: any. */
  readonly rate: number;
  /** After so many bytes it stops, for so long; 0: it does not. */
  readonly pauseAfter: number;
  readonly pauseFor: Ns;
  /** Bytes of one read(2). */
  readonly size: number;
}

export class SlowReader {
  private busy = false;
  private taken = 0;
  private paused = false;
  constructor(private readonly setting: ReaderSetting) {}

  /** Up to which byte it reads now; `copied` when it does not. */
  upTo(copied: number, available: number): number {
    return this.busy ? copied : Math.min(available, copied + this.setting.size);
  }
  /** It has read so many bytes: how long until it reads again. */
  begin(bytes: number): Ns {
    const { rate, pauseAfter, pauseFor } = this.setting;
    this.busy = true;
    this.taken += bytes;
    const stops = !this.paused && pauseFor > 0 && pauseAfter > 0 && this.taken >= pauseAfter;
    this.paused ||= stops;
    return (rate > 0 ? Math.round((bytes * 8 * SECOND) / rate) : 0) + (stops ? pauseFor : 0);
  }
  done(): void {
    this.busy = false;
  }
}
/** A reader as a host's parameters ask for it, or null: it takes everything at once. */
export const slowReader = (s: ReaderSetting): SlowReader | null => (s.rate > 0 || (s.pauseAfter > 0 && s.pauseFor > 0) ? new SlowReader(s) : null);
