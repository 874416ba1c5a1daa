/** Asks a silent peer whether it is still there (RFC 9293 §3.8.4, Linux tcp_keepalive_timer). Law: what arrives moves no timer; the timer looks at it. */
import type { TcpOptions } from './params';

export interface KeepAliveHost {
  readonly now: number;
  armKeepAlive(after: number): void;
  /** A segment that asks: no data, an old sequence number. */
  ask(): void;
  /** Nobody answered. */
  peerLost(): void;
}

export class KeepAlive {
  private asked = 0;
  private heardAt = 0;
  constructor(private readonly host: KeepAliveHost, private readonly options: TcpOptions) {}

  start(): void {
    this.heardAt = this.host.now;
    if (this.options.keepAliveIdle > 0) this.host.armKeepAlive(this.options.keepAliveIdle);
  }
  /** Something arrived. */
  heard(): void {
    this.heardAt = this.host.now;
    this.asked = 0;
  }
  /** The timer fired; `busy`: data is out, whose acknowledgement says as much. */
  fired(busy: boolean): void {
    const { host, options } = this;
    const silent = host.now - this.heardAt;
    if (busy) return host.armKeepAlive(options.keepAliveIdle);
    if (silent < options.keepAliveIdle) return host.armKeepAlive(options.keepAliveIdle - silent);
    if (this.asked >= options.keepAliveProbes) return host.peerLost();
    this.asked++;
    host.ask();
    host.armKeepAlive(options.keepAliveInterval);
  }
}
