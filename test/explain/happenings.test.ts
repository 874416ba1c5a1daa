/** Sentences about TCP, name resolution and pages say what really happened, on runs in which it happened. */
import { describe, expect, it } from 'vitest';
import { describeEvent, en } from '../../src/explain';
import type { Fault } from '../../src/model/fault';
import type { Trace } from '../../src/model/trace';
import { indexTrace } from '../../src/trace';
import { runNames, rr } from '../support/names';
import { tcpPair } from '../support/tcp-pair';
import { runWeb } from '../support/web';

const MS = 1e6;
const drop = (from: string, nth: number, count = 1, where: object = { payloadAtLeast: 1 }): Fault => ({ type: 'pdu', where: { from, ...where }, nth, count, verdict: { do: 'drop' } }) as Fault;
/** The sentences of all events of these kinds, each once. */
function sentences(trace: Trace, ...kinds: readonly string[]): string[] {
  const index = indexTrace(trace);
  const said: string[] = [];
  for (let e = 0; e < trace.kind.length; e++) if (kinds.includes(trace.kinds[trace.kind.at(e)]!.name)) said.push(describeEvent(index, e).replaceAll('\u00a0', ' '));
  return [...new Set(said)];
}

describe('TCP', () => {
  it('a RST for nobody’s segment is sent by the host where nobody listens', () => {
    const said = sentences(tcpPair({ rttMs: 30, bytes: 100, listens: false }), 'tcp.segment_sent');
    expect(said).toContain('The server sends RST to the client.');
    expect(said.filter((s) => s.startsWith('The client sends RST'))).toEqual([]);
  });
  it('a time-out says how many segments it takes for lost', () => {
    const trace = tcpPair({ rttMs: 30, bytes: 102_658, faults: [drop('server', 1, 11)] });
    const [said] = sentences(trace, 'tcp.timeout_loss');
    expect(said).toMatch(/^The server waited \d+ ms in vain and takes 11 segments for lost; one may go out again now\.$/);
  });
  it('a false time-out is told by what shows it', () => {
    // the first window comes 210 ms late, its acknowledgement 10 ms after the time-out
    const late = { type: 'pdu', where: { from: 'server', payloadAtLeast: 1 }, nth: 1, count: 10, verdict: { do: 'delay', by: 210 * MS } } as Fault;
    const exact = { timerTick: 0, tailLossProbe: false };
    const stamps = tcpPair({ rttMs: 30, bytes: 100_000, faults: [late], tcp: exact });
    expect(sentences(stamps, 'tcp.undone').join()).toContain('sees by the echoed timestamp that the first transmission arrived');
    const inferred = tcpPair({ rttMs: 30, bytes: 100_000, faults: [late], tcp: { ...exact, timestamps: false } });
    expect(sentences(inferred, 'tcp.undone').join()).toContain('takes the time-out for a false alarm');
    for (const trace of [stamps, inferred]) expect(sentences(trace, 'tcp.undone').join()).not.toContain('nothing was lost');
  });
  it('slow start ends for the reason that it ended for', () => {
    expect(sentences(tcpPair({ rttMs: 80, bytes: 1_048_834, rate: 20e6 }), 'tcp.slow_start_left')[0]).toContain('in a train longer than half the round trip');
  });
  it('a RST outside the window is dropped without a word, data is answered', () => {
    expect(en.events['tcp.segment_refused']!({ host: 'the browser', packet: 'RST', a: 0 } as never)).toBe('The browser cannot accept RST and drops it without a word.');
    expect(en.events['tcp.segment_refused']!({ host: 'the browser', packet: 'data', a: 1 } as never)).toBe('The browser cannot accept data and says where it stands.');
  });
  it('a duplicate that only reports a duplicate says nothing of a gap', () => {
    const copy = { type: 'pdu', where: { from: 'server', payloadAtLeast: 1 }, nth: 5, count: 1, verdict: { do: 'duplicate' } } as Fault;
    expect(sentences(tcpPair({ rttMs: 30, bytes: 30_000, faults: [copy] }), 'tcp.duplicate_ack')).toEqual([]);
    expect(sentences(tcpPair({ rttMs: 30, bytes: 30_000, faults: [drop('server', 5)] }), 'tcp.duplicate_ack').length).toBe(1);
  });
  it('the wait for a peer’s FIN is not TIME-WAIT', () => {
    const trace = runWeb({ rttMs: 20, visits: ['http://www.lab.test/1k'], profile: 'curl', faults: [{ type: 'host', host: 'server', verdict: 'silent', from: 85 * MS, until: null } as never] });
    const names = (outcome: string) => indexTrace(trace).timers.filter((t) => t.outcome === outcome).map((t) => t.name);
    const quiet = runWeb({ rttMs: 20, visits: ['http://www.lab.test/1k'], profile: 'curl', faults: [drop('server', 1, -1, { tcpFlags: 'F' })] });
    expect([...names('fired'), ...indexTrace(quiet).timers.filter((t) => t.outcome === 'fired').map((t) => t.name)]).toContain('finWait2');
    expect(indexTrace(quiet).timers.filter((t) => t.name === 'timeWait' && t.outcome === 'fired')).toEqual([]);
  });
});

describe('the server’s own time limits', () => {
  it('have their own names: before a request the header’s, after one keep-alive’s', () => {
    const trace = runWeb({ rttMs: 20, visits: ['http://www.lab.test/1k'], client: { requestCost: 5 * MS }, endMs: 200_000 });
    const server = trace.hosts.find((h) => h.name === 'server')!.id;
    const timers = indexTrace(trace).timers.filter((t) => t.host === server && ['headerTimeout', 'keepAliveTimeout', 'idleTimeout'].includes(t.name));
    expect(timers.map((t) => `${t.name} ${t.outcome}`)).toEqual(['headerTimeout cancelled', 'keepAliveTimeout fired']);
  });
});

describe('a browser in a stalled handshake', () => {
  it('waits 30 s from the open connection on, and says so (Chromium SSLConnectJob)', () => {
    const trace = runWeb({ rttMs: 20, profile: 'browser', visits: ['https://www.lab.test/1k'], faults: [{ type: 'host', host: 'server', verdict: 'silent', from: 45 * MS, until: null } as never] });
    const [request] = trace.requests;
    expect(request!.error).toMatchObject({ code: 'HANDSHAKE_TIMEOUT', browser: 'ERR_TIMED_OUT' });
    expect(request!.endNs / MS).toBeGreaterThan(30_000);
    expect(request!.endNs / MS).toBeLessThan(30_100);
    expect(sentences(trace, 'page.load_ended')).toEqual(['The page could not be loaded: one request.']);
  });
  it('a page that came is loaded', () => {
    expect(sentences(runWeb({ rttMs: 20, visits: ['http://www.lab.test/1k'] }), 'page.load_ended')).toEqual(['The page is loaded: one request.']);
  });
});

describe('name resolution', () => {
  const fault = (host: string, verdict: string): Fault => ({ type: 'answer', host, verdict, name: '' }) as unknown as Fault;
  it('an answer is told by what it says', () => {
    const said = sentences(runNames({}), 'dns.answer_received').join('\n');
    expect(said).toContain('other servers know more');
    expect(said).toContain('one record');
    expect(sentences(runNames({ ask: ['none.lab.test'] }), 'dns.answer_received').join('\n')).toContain('there is no such name (NXDOMAIN)');
    expect(sentences(runNames({ both: true }), 'dns.answer_received').join('\n')).toContain('the name has no record of this type');
  });
  it('a failure of the server is no missing record, and asking once more is not for want of an answer', () => {
    const trace = runNames({ faults: [fault('names', 'servfail')] } as never);
    const said = sentences(trace, 'dns.answer_received', 'dns.retried', 'dns.failed');
    expect(said.join('\n')).toContain('the server could not find out (SERVFAIL)');
    expect(said.join('\n')).not.toMatch(/no record|has no answer|gave an answer/);
    expect(said[said.length - 1]).toContain('no name server could tell');
  });
  it('"there is none" comes with the zone’s SOA, from the zone’s server and from the resolver (RFC 2308 §3)', () => {
    const authority = (trace: Trace): string[] =>
      trace.messages.filter((m) => m.name.startsWith('answer')).map((m) => m.body as { rcode: string; authority: { type: string }[] }).filter((d) => d.rcode === 'NXDOMAIN').map((d) => d.authority.map((r) => r.type).join());
    const zone = [rr('lab.test', 'SOA', '300', 300), rr('www.lab.test', 'A', '10.0.0.2')];
    const asked = authority(runNames({ zone, ask: ['none.lab.test'] }));
    expect(asked.length).toBe(2);
    expect([...new Set(asked)]).toEqual(['SOA']);
    const denied = authority(runNames({ zone, faults: [fault('auth', 'nxdomain')] } as never));
    expect([...new Set(denied)]).toEqual(['SOA']);
  });
});
