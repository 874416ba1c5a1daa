/** Who resets whom: RFC 9293 §3.5.2, §3.5.3 and §3.10.7, RFC 5961, state by state, with Linux's answers; and a connection that is closed on one side only. */
import { describe, expect, it } from 'vitest';
import { playScenario, type RecordedEvent } from '../../support/tcp-script';

const OPT = { mss: 1460, sackOK: true, wscale: 7 };
const at = (t_ms: number, flags: string, seq: number, more: Partial<RecordedEvent> = {}): RecordedEvent => ({ t_ms, dir: 'in', flags, seq, len: 0, win: 65535, ...more });
const call = (t_ms: number, name: string, more: Partial<RecordedEvent> = {}): RecordedEvent => ({ t_ms, dir: 'app', call: name, ...more });
const SYN = at(0, 'S', 0, { opt: OPT });
const PASSIVE = [SYN, at(50, 'A', 1, { ack: 1 })];
const ACTIVE = [call(0, 'connect')];

/** How our end comes into the state, what then arrives at 200 ms, what it answers (flags, sequence and acknowledgement number), and the state in the end. */
const CASES: [name: string, before: readonly RecordedEvent[], segment: RecordedEvent, answer: string, state: string, about?: string][] = [
  ['no listener, SYN', [], at(200, 'S', 0, { opt: OPT }), 'RA 0 1', 'none', 'nobody listens'],
  ['no listener, ACK: numbered by what it acknowledges', [], at(200, 'A', 1, { ack: 77 }), 'R 77 -', 'none', 'nobody listens'],
  ['no listener, FIN without ACK: acknowledged with its length', [], at(200, 'F', 5), 'RA 0 6', 'none', 'nobody listens'],
  ['no listener, RST: never answered', [], at(200, 'RA', 1, { ack: 1 }), '', 'none', 'nobody listens'],
  ['LISTEN, ACK for nothing', [], at(200, 'A', 1, { ack: 9 }), 'R 9 -', 'none'],
  ['SYN-SENT, an acknowledgement of what was never sent', ACTIVE, at(200, 'A', 1, { ack: 5 }), 'R 5 -', 'SYN_SENT'],
  ['SYN-SENT, RST with a good acknowledgement: refused', ACTIVE, at(200, 'RA', 0, { ack: 1 }), '', 'none'],
  ['SYN-SENT, RST with a bad acknowledgement', ACTIVE, at(200, 'RA', 0, { ack: 5 }), '', 'SYN_SENT'],
  ['SYN-SENT, RST without one', ACTIVE, at(200, 'R', 0), '', 'SYN_SENT'],
  ['SYN-RECEIVED, RST in order: forgotten', [SYN], at(200, 'R', 1), '', 'none'],
  ['SYN-RECEIVED, an acknowledgement of what was never sent', [SYN], at(200, 'A', 1, { ack: 99 }), 'R 99 -', 'SYN_RECV'],
  ['SYN-RECEIVED, the SYN again: SYN-ACK again', [SYN], at(200, 'S', 0, { opt: OPT }), 'SA 0 1', 'SYN_RECV'],
  ['ESTABLISHED, RST with exactly the next number', PASSIVE, at(200, 'R', 1), '', 'none'],
  ['ESTABLISHED, RST within the window: a challenge (RFC 5961 §3)', PASSIVE, at(200, 'R', 1000), 'A 1 1', 'ESTABLISHED'],
  ['ESTABLISHED, RST outside of it', PASSIVE, at(200, 'R', 9_000_000), '', 'ESTABLISHED'],
  ['ESTABLISHED, a SYN-ACK within the window: a challenge (RFC 5961 §4)', PASSIVE, at(200, 'SA', 700, { ack: 1, opt: OPT }), 'A 1 1', 'ESTABLISHED'],
  ['ESTABLISHED, an acknowledgement of what was never sent', PASSIVE, at(200, 'A', 1, { ack: 5000 }), 'A 1 1', 'ESTABLISHED'],
  ['ESTABLISHED, data beyond the window', PASSIVE, at(200, 'PA', 9_000_000, { len: 10, ack: 1 }), 'A 1 1', 'ESTABLISHED'],
  ['CLOSE-WAIT, RST', [...PASSIVE, at(100, 'FA', 1, { ack: 1 })], at(200, 'R', 2), '', 'none'],
  ['FIN-WAIT-2 of an orphan, data: nobody will read it', [...PASSIVE, call(100, 'close'), at(150, 'A', 1, { ack: 2 })], at(200, 'PA', 1, { len: 100, ack: 2 }), 'R 2 -', 'none'],
  ['FIN-WAIT-1 of an orphan, data', [...PASSIVE, call(100, 'close')], at(140, 'PA', 1, { len: 100, ack: 1 }), 'R 1 -', 'none'],
  ['LAST-ACK, RST', [...PASSIVE, at(80, 'FA', 1, { ack: 1 }), call(100, 'close')], at(140, 'R', 2), '', 'none'],
  ['TIME-WAIT, RST: forgotten (Linux tcp_rfc1337 0)', [...PASSIVE, call(100, 'close'), at(120, 'FA', 1, { ack: 2 })], at(200, 'R', 2), '', 'none'],
  ['TIME-WAIT, the FIN again', [...PASSIVE, call(100, 'close'), at(120, 'FA', 1, { ack: 2 })], at(200, 'FA', 1, { ack: 2 }), 'A 2 2', 'TIME_WAIT'],
];
const play = (before: readonly RecordedEvent[], about = '') => playScenario({ name: 'resets', about, sysctls_set: {}, events: [...before] });
const last = <T>(list: readonly T[]): T | undefined => list[list.length - 1];

describe('what a segment does', () => {
  it.each(CASES)('%s', (_, before, segment, answer, state, about) => {
    const { events } = play([...before, segment], about);
    const sent = events.filter((e) => e.dir === 'out' && e.t_ms >= segment.t_ms).slice(0, 1).map((e) => `${e.flags} ${e.seq} ${e.ack ?? '-'}`);
    expect(sent.join()).toBe(answer);
    expect(last(events.filter((e) => e.dir === 'state'))?.state ?? 'none').toBe(state);
  });
});

describe('half-closed', () => {
  const events = play([...PASSIVE, call(100, 'shutdown_wr'), at(150, 'A', 1, { ack: 2 }), at(200, 'PA', 1, { len: 500, ack: 2 }), call(210, 'read'), at(250, 'FA', 501, { ack: 2 })]).events;
  it('who has finished sending still receives and acknowledges', () => {
    expect(events.filter((e) => e.dir === 'out').map((e) => `${e.flags} ${e.seq} ${e.ack}`)).toEqual(['SA 0 1', 'FA 1 1', 'A 2 501', 'A 2 502']);
    expect(events.filter((e) => e.dir === 'state').map((e) => e.state)).toEqual(['SYN_RECV', 'ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT']);
  });
  it('and who was told so may still send', () => {
    const { events: other } = play([...PASSIVE, at(100, 'FA', 1, { ack: 1 }), call(150, 'write', { bytes: 300 }), at(200, 'A', 2, { ack: 301 }), call(250, 'close'), at(300, 'A', 2, { ack: 302 })]);
    expect(other.filter((e) => e.dir === 'out').map((e) => `${e.flags} ${e.seq} ${e.ack}`)).toEqual(['SA 0 1', 'A 1 2', 'PA 1 2', 'FA 301 2']);
    expect(other.filter((e) => e.dir === 'state').map((e) => e.state)).toEqual(['SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'none']);
  });
});
describe('at the same time', () => {
  it('both close: CLOSING, then both in TIME-WAIT', () => {
    const { events } = play([...PASSIVE, call(100, 'close'), at(101, 'FA', 1, { ack: 1 }), at(150, 'A', 2, { ack: 2 })]);
    expect(events.filter((e) => e.dir === 'state').map((e) => e.state)).toEqual(['SYN_RECV', 'ESTABLISHED', 'FIN_WAIT1', 'CLOSING', 'TIME_WAIT']);
  });
  it('both open: SYN against SYN', () => {
    const { events } = play([...ACTIVE, at(5, 'S', 0, { opt: OPT }), at(40, 'SA', 0, { ack: 1, opt: OPT })]);
    expect(events.filter((e) => e.dir === 'state').map((e) => e.state)).toEqual(['SYN_SENT', 'SYN_RECV', 'ESTABLISHED']);
  });
});
