/** English: the congestion view: what a TCP sender may send, has sent and learns, over time. */
import { bytes, capital, duration, NBSP, significant, whole } from '../format';

const segments = (n: number): string => `${significant(n)}${NBSP}segment${n === 1 ? '' : 's'}`;

export const congestionView = {
  title: 'Congestion', nothing: 'No TCP connection of this run has carried data.', connection: 'Connection', label: 'The sender over time. Left and right step; the table below has every mark.',
  /** `web server to browser, 1.05 MB`. */
  sending: (from: string, to: string, n: number, port: number): string => `${from} to ${to}, ${bytes(n)}, port ${port}`,
  panels: { window: 'segments on the way', trips: 'segments in each round trip', rtt: 'round trip', receiver: 'receiver' },
  series: { cwnd: 'may be on the way (cwnd)', ssthresh: 'slow start until (ssthresh)', inFlight: 'is on the way', rtt: 'measured round trip', window: 'offered window', outOfOrder: 'held, something is missing', other: 'other run' },
  phases: { 'slow start': 'slow start', 'congestion avoidance': 'congestion avoidance', recovery: 'recovery', loss: 'after a timeout' },
  marks: { lost: 'found lost', retransmitted: 'sent again', probe: 'probe', timeout: 'timeout', undone: 'reduction taken back', marked: 'slowed by a mark (ECN)', 'zero window': 'window closed', 'window opened': 'window open again' },
  /** The large sentence: where the sender is at this moment. */
  claim: (from: string, before: boolean, over: boolean, phase: string, cwnd: number | null, flight: number, limit: 'cwnd' | 'window' | 'application'): string => {
    const name = capital(from);
    if (before) return `${name} has sent nothing on this connection yet.`;
    if (over) return `${name} has sent everything, and it is acknowledged.`;
    const held = limit === 'cwnd' ? 'its congestion window holds it back' : limit === 'window' ? 'the receiver’s window holds it back' : 'nothing holds it back but what there is to send';
    return `${name}, ${phase}: ${segments(flight)} on the way${cwnd === null ? '' : ` of ${whole(cwnd)} allowed`}; ${held}.`;
  },
  /** The whole transfer in a sentence. */
  summary: (n: number, trips: readonly number[], most: number, lost: number, resent: number, took: number): string => {
    const list = trips.slice(0, 12).map(String).join(', ');
    const losses = resent === 0 ? 'nothing was sent twice' : `${whole(resent)} sent again${lost > 0 ? `, losses found ${lost === 1 ? 'once' : `${whole(lost)} times`}` : ''}`;
    return `${bytes(n)} in ${duration(took)} and ${whole(trips.length)} round trips: ${list}${trips.length > 12 ? ' …' : ''} segments; at most ${segments(most)} allowed; ${losses}.`;
  },
  table: 'As a table', columns: { time: 'Time', what: 'What', cwnd: 'cwnd', ssthresh: 'ssthresh', flight: 'On the way', rtt: 'Round trip', window: 'Window' }, none: '–', more: (n: number): string => `${whole(n)} more rows are not shown.`,
  kB: (n: number): string => `${significant(n / 1000)}${NBSP}kB`, msTick: (ns: number): string => `${significant(ns / 1e6)}${NBSP}ms`, go: (what: string): string => `Go to: ${what}`,
} as const;
