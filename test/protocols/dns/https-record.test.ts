/** HTTPS records (RFC 9460): their text and bytes, who asks for them, how long they are waited for, and what a browser makes of them. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/engine/simulate';
import { hostKind } from '../../../src/hosts/registry';
import type { Fault } from '../../../src/model/fault';
import type { ParamValue, Plan } from '../../../src/model/plan';
import type { Trace } from '../../../src/model/trace';
import { decodeDns, encodeDns, type DnsMessage } from '../../../src/protocols/dns/codec';
import { bindingBytes, bindingOf, parseBinding } from '../../../src/protocols/dns/svcb';
import { eventsOf, webPlan, type WebOptions } from '../../support/web';

const RECORDS = [{ name: 'www.lab.test', type: 'A', ttl: 300, data: '10.77.1.2' }, { name: 'www.lab.test', type: 'HTTPS', ttl: 300, data: '1 . alpn=h3,h2' }];
const QUIC = { http2: true, http3: true, altSvc: 0 };
/** One visit to www.lab.test, whose zone has these records. */
function visit(o: Partial<WebOptions> & { records?: readonly object[]; faults?: readonly Fault[] } = {}): Trace {
  const plan = webPlan({ rttMs: 40, profile: 'browser', visits: ['https://www.lab.test/1k'], ...o, server: { ...QUIC, ...o.server } });
  const hosts = plan.hosts.map((h) => (h.name === 'names' ? { ...h, params: { ...h.params, localData: { 'lab.test': (o.records ?? RECORDS) as unknown as ParamValue } } } : h));
  return simulate({ ...plan, hosts } as Plan, (id) => hostKind(id)!);
}
const asked = (t: Trace): string[] => t.messages.filter((m) => m.name.startsWith('query')).map((m) => m.name);
const protocol = (t: Trace): string | null => t.requests[0]!.protocol;
const lateHttps = (ms: number): Fault => ({ type: 'pdu', where: { from: 'names', select: 'answer HTTPS' }, nth: 1, count: -1, verdict: { do: 'delay', by: ms * 1e6 } });

describe('the record', () => {
  it('is written as RFC 9460 §2.2 has it', () => {
    expect(bindingBytes('1 . alpn=h3,h2')).toEqual([0, 1, 0, 0, 1, 0, 6, 2, 0x68, 0x33, 2, 0x68, 0x32]);
    for (const data of ['1 .', '16 . alpn=h2', '1 . alpn=h3,h2,http/1.1']) expect(bindingOf(bindingBytes(data))).toBe(data);
    expect(bindingOf([0, 1, 0, 0, 4, 0, 4, 192, 0, 2, 1, 0, 1, 0, 3, 2, 0x68, 0x33]), 'other parameters are passed over').toBe('1 . alpn=h3');
  });
  it.each(['0 other.test', '1 other.test alpn=h3', '1 . port=8443', 'alpn=h3', '1 . alpn='])('of another kind is none: %s', (data) => expect(parseBinding(data)).toBeNull());
  it('goes into a message and comes out of it', () => {
    const message: DnsMessage = {
      id: 7, response: true, authoritative: true, recursionDesired: true, recursionAvailable: true, rcode: 'NOERROR', question: { name: 'www.lab.test', type: 'HTTPS' },
      answers: [{ name: 'www.lab.test', type: 'HTTPS', ttl: 300, data: '1 . alpn=h3,h2' }], authority: [], additional: [], edns: 0,
    };
    expect(decodeDns(encodeDns(message))).toEqual(message);
  });
});
describe('a browser', () => {
  it('asks for it before the addresses, and begins with QUIC; nothing goes over TCP', () => {
    const trace = visit();
    expect(asked(trace)).toEqual(['query HTTPS', 'query A', 'query AAAA']);
    expect(protocol(trace)).toBe('h3');
    expect(trace.flows.filter((f) => f.protocol === 'tcp')).toEqual([]);
  });
  it.each([['no h3 in it', { records: [RECORDS[0]!, { ...RECORDS[1]!, data: '1 . alpn=h2' }] }], ['no record', { records: [RECORDS[0]!], client: { httpsRecords: 'on' } }]] as const)('with %s stays with TCP', (_, o) => {
    expect(asked(visit(o))).toContain('query HTTPS');
    expect(protocol(visit(o))).toBe('h2');
  });
  it('asks nobody where no zone has one, when told not to, for plain HTTP, for another port; nor does curl', () => {
    const options: (Parameters<typeof visit>[0])[] = [
      { records: [RECORDS[0]!] }, { client: { httpsRecords: 'off' } }, { visits: ['http://www.lab.test/1k'] }, { visits: ['https://www.lab.test:8443/1k'], server: { tlsPorts: ['8443'] } }, { profile: 'curl' }, { profile: 'plain' },
    ];
    for (const o of options) expect(asked(visit(o))).not.toContain('query HTTPS');
  });
  it('waits a fifth of the look-up for it, and at most 50 ms', () => {
    const resolved = (o: Parameters<typeof visit>[0]): number => Math.round(eventsOf(visit(o), 'dns.resolved')[0]!.ms);
    expect(resolved({})).toBe(40);
    expect(resolved({ faults: [lateHttps(6)] })).toBe(46);
    expect(protocol(visit({ faults: [lateHttps(6)] }))).toBe('h3');
    expect(resolved({ faults: [lateHttps(2000)] })).toBe(48);
    expect(resolved({ rttMs: 10, faults: [lateHttps(2000)] })).toBe(15);
    expect(resolved({ rttMs: 600, faults: [lateHttps(2000)] })).toBe(650);
    expect(protocol(visit({ faults: [lateHttps(2000)] }))).toBe('h2');
  });
  it('falls back to TCP where QUIC does not get through', () => {
    const trace = visit({ faults: [{ type: 'pdu', where: { from: 'client', protocol: 'udp', toPort: 443 }, nth: 1, count: -1, verdict: { do: 'drop' } }] });
    expect(protocol(trace)).toBe('h2');
    expect(trace.requests[0]!.status).toBe(200);
  });
  it('needs no HTTPS record to find an address: a lost question for it costs the wait, no more', () => {
    const trace = visit({ faults: [{ type: 'pdu', where: { from: 'client', select: 'query HTTPS' }, nth: 1, count: -1, verdict: { do: 'drop' } }] });
    expect(trace.requests[0]!.status).toBe(200);
    expect(Math.round(eventsOf(trace, 'dns.resolved')[0]!.ms)).toBe(48);
  });
});
