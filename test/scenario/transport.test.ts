/** What the scenarios about TCP claim, in numbers. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import type { Trace } from '../../src/model/trace';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { lanesOf } from '../support/lanes';

/** Events of a kind: when (ms), subject, a. */
const kinds = (trace: Trace, name: string): { t: number; subject: number; a: number }[] => {
  const kind = trace.kinds.find((k) => k.name === name)?.id;
  return Array.from({ length: trace.time.length }, (_, i) => i).filter((i) => trace.kind.at(i) === kind).map((i) => ({ t: trace.time.at(i) / MS, subject: trace.subject.at(i), a: trace.a.at(i) }));
};
const took = (trace: Trace, request = 0): number => (trace.requests[request]!.endNs - trace.requests[request]!.startNs) / MS;

describe('slow-start', () => {
  it('a smaller initial window costs round trips, a longer way multiplies them', async () => {
    const near = await lanesOf('slow-start'), far = await lanesOf('slow-start', { 'network.links.client.rtt': '160 ms' });
    expect((took(near.iw3!) - took(near.iw10!)) / 80).toBeGreaterThan(1);
    expect((took(far.iw10!) - took(near.iw10!)) / 80).toBeGreaterThan(7);
  });
});
describe('early-loss', () => {
  it('the fifth segment lost costs more than four times the time, the two hundredth one round trip (measured: 0.73 s clean, 3.4 s)', async () => {
    const { fifth, late, none } = await lanesOf('early-loss');
    expect(took(fifth!) / took(none!)).toBeGreaterThan(4);
    expect(took(late!) - took(none!)).toBeCloseTo(80, -1);
    expect(Math.abs(took(fifth!) - 3400) / 3400).toBeLessThan(0.08);
  });
});
describe('tail-loss', () => {
  it('the probe is sooner by what the timer waits longer', async () => {
    const { probe, timeout } = await lanesOf('tail-loss');
    expect(took(timeout!) - took(probe!)).toBeGreaterThan(40);
  });
  it('with a lone segment out both wait a round trip and 200 ms', async () => {
    const loaded = await loadScenario('tail-loss');
    if (!loaded.ok) throw new Error('tail-loss');
    const scenario = { ...loaded.value, faults: [{ do: 'drop' as const, where: { link: 'client', from: 'server', protocol: 'tcp' as const, range: [20600, 20601] as [number, number], transmission: 1 } }] };
    const runs = runScenario(scenario);
    if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
    const [probe, timeout] = runs.value.map((r) => took(r.trace));
    expect(Math.abs(probe! - timeout!)).toBeLessThan(10);
  });
});
describe('syn-lost', () => {
  it('one lost SYN costs a second; three cost three where Linux tries linearly, seven where it doubles; a second socket saves it', async () => {
    const lanes = await lanesOf('syn-lost');
    const clean = 80;
    expect(Math.round((took(lanes.one!) - clean) / 1000)).toBe(1);
    expect(Math.round((took(lanes.three!) - clean) / 1000)).toBe(3);
    expect(Math.round((took(lanes['three-before']!) - clean) / 1000)).toBe(7);
    expect(took(lanes['two-sockets']!)).toBeLessThan(100);
  });
});
describe('tls-failures', () => {
  it('each says no in its own words', async () => {
    const lanes = await lanesOf('tls-failures');
    const alerts = (trace: Trace): string[] => {
      const sent = trace.kinds.find((k) => k.name === 'tls.alert_sent')?.id ?? -1;
      return [...new Set(Array.from({ length: trace.kind.length }, (_, e) => (trace.kind.at(e) === sent ? `${trace.hosts[trace.endpoints[trace.where.at(e)]!.host]!.name} ${trace.texts[trace.a.at(e)]}` : '')))].filter((a) => a !== '' && !a.endsWith('close_notify'));
    };
    expect(Object.fromEntries(Object.entries(lanes).map(([name, t]) => [name, [t.requests[0]!.error?.browser ?? t.requests[0]!.status, ...alerts(t)]]))).toEqual({
      expired: ['NET::ERR_CERT_DATE_INVALID', 'browser certificate_unknown'], name: ['NET::ERR_CERT_COMMON_NAME_INVALID', 'browser certificate_unknown'], issuer: ['NET::ERR_CERT_AUTHORITY_INVALID', 'browser certificate_unknown'],
      version: ['ERR_SSL_VERSION_OR_CIPHER_MISMATCH', 'server protocol_version'], unknown: ['ERR_SSL_UNRECOGNIZED_NAME_ALERT', 'server unrecognized_name'], plain: ['ERR_SSL_PROTOCOL_ERROR'], well: [200],
    });
  });
  it('a program as curl says which', async () => {
    const lanes = await lanesOf('tls-failures', { 'workload.profile': 'curl' });
    expect(['expired', 'issuer', 'name', 'version', 'unknown', 'plain'].map((n) => lanes[n]!.requests[0]!.error!.curl)).toEqual([60, 60, 60, 35, 35, 35]);
  });
});
describe('tls-record-size', () => {
  it('small records win the beginning and lose next to nothing at the end', async () => {
    const { kb16, kb4, packet } = await lanesOf('tls-record-size');
    const first = (t: Trace): number => (t.requests[0]!.phases.find((p) => p.phase === 'receive')!.startNs - t.requests[0]!.startNs) / MS;
    expect(first(kb16!) - first(packet!)).toBeGreaterThan(100);
    expect(first(kb4!)).toBeLessThan(first(kb16!));
    expect(took(packet!) - took(kb16!)).toBeLessThan(10);
  });
});
describe('keep-alive-or-not', () => {
  it('a connection for each file costs two round trips more for each of the five', async () => {
    const { kept, closed } = await lanesOf('keep-alive-or-not');
    const end = (t: Trace): number => Math.max(...t.requests.map((r) => r.endNs)) / MS;
    expect((end(closed!) - end(kept!)) / 60).toBeCloseTo(10, 0);
  });
});
describe('http1-head-of-line', () => {
  it('on one connection the icons wait for the report; on six they pass it', async () => {
    const { one, pipelined, six, two } = await lanesOf('http1-head-of-line');
    const icon = (t: Trace): number => (t.requests.find((r) => r.url.endsWith('/a.svg'))!.endNs - t.requests.find((r) => r.url.endsWith('/a.svg'))!.startNs) / MS;
    expect(icon(one!)).toBeGreaterThan(600);
    expect(icon(six!)).toBeLessThan(200);
    // asked for at once, answered no sooner; what is saved are the round trips between them
    expect(icon(pipelined!)).toBeGreaterThan(600);
    expect(Math.max(...one!.requests.map((r) => r.endNs)) - Math.max(...pipelined!.requests.map((r) => r.endNs))).toBe(180 * MS);
    expect(icon(two!)).toBeLessThan(200);
  });
});
const count = (t: Trace, kind: string): number => {
  const id = t.kinds.find((k) => k.name === kind)?.id ?? -1;
  let n = 0;
  for (let e = 0; e < t.kind.length; e++) if (t.kind.at(e) === id) n++;
  return n;
};
describe('flow-control', () => {
  it('the film comes as fast as it is read, and nothing is lost', async () => {
    const { slow, fast } = await lanesOf('flow-control');
    const bits = 1048576 * 8;
    expect(took(slow!)).toBeGreaterThan((bits / 2e6) * 1000);
    expect(took(slow!)).toBeLessThan((bits / 2e6) * 1000 + 200);
    expect(took(fast!)).toBeLessThan(400);
    expect(slow!.pdus.every((p) => p.fate === 1 && p.transmission === 1)).toBe(true);
    expect(count(slow!, 'tcp.window_closed')).toBeGreaterThan(0);
  });
  it('a reader that stops closes the window; the server asks ever less often, and goes on when it is opened', async () => {
    const { pauses, fast } = await lanesOf('flow-control');
    const probes = pauses!.pdus.filter((p) => p.name === 'window probe').map((p) => p.sentAt / MS);
    expect(probes.length).toBeGreaterThanOrEqual(3);
    for (let i = 2; i < probes.length; i++) expect((probes[i]! - probes[i - 1]!) / (probes[i - 1]! - probes[i - 2]!)).toBeGreaterThan(1.7);
    expect(took(pauses!) - took(fast!)).toBeGreaterThan(5000);
    expect(took(pauses!) - took(fast!)).toBeLessThan(5400);
  });
  it('without window scaling 64 kB in each round trip is all', async () => {
    const { fast } = await lanesOf('flow-control', { 'network.links.client.rtt': '200 ms', 'stack.tcp.receiveBuffer': '65535 B', 'stack.tcp.receiveBufferMax': '65535 B' });
    expect(took(fast!)).toBeGreaterThan((1048576 / 65535) * 200 * 0.9);
  });
});
describe('nagle-delayed-ack', () => {
  it('costs a delayed acknowledgement from the second answer on (measured: 0.2 ms, then 41.8 ms each); any of the three cures helps', async () => {
    const lanes = await lanesOf('nagle-delayed-ack');
    const all = (t: Trace): number[] => t.requests.map((_, i) => Math.round(took(t, i)));
    const [first, ...rest] = all(lanes.both!);
    expect(first).toBeLessThan(8);
    for (const ms of rest) expect(Math.abs(ms - 2 - 41.8)).toBeLessThanOrEqual(6);
    expect(all(lanes['no-delay']!)).toEqual([4, 2, 2, 2]);
    expect(all(lanes['one-write']!)).toEqual([4, 2, 2, 2]);
    for (const ms of all(lanes.quick!)) expect(ms).toBeLessThan(15);
  });
});
describe('accept-queue-full', () => {
  it('a full queue costs whole seconds though the server is idle; a long one costs none; a RST is quick and final', async () => {
    const { one, reset, long } = await lanesOf('accept-queue-full');
    const last = (t: Trace): number => Math.max(...t.requests.map((r) => r.endNs)) / MS;
    expect(last(one!) - last(long!)).toBeGreaterThan(500);
    expect(kinds(one!, 'tcp.backlog_full').filter((e) => e.a === 1).length).toBeGreaterThan(3);
    expect(reset!.requests.filter((r) => r.error?.code === 'ECONNRESET').map((r) => (r.endNs - r.startNs) / MS)).toEqual([80, 80]);
    expect(kinds(long!, 'tcp.backlog_full')).toEqual([]);
  });
  it('a client that believes it is connected is served by its own retransmission, before the SYN-ACK comes again', async () => {
    const { one } = await lanesOf('accept-queue-full');
    const believed = one!.requests[4]!, opened = kinds(one!, 'tcp.connection_opened').filter((e) => e.subject === believed.flow);
    expect(opened.map((e) => e.t)).toEqual([100, 364]);
    expect(one!.pdus.some((p) => p.flow === believed.flow && p.name === 'SYN-ACK' && p.transmission > 1)).toBe(false);
  });
});
describe('syn-flood', () => {
  it('shuts the visitor out for as long as the flood and its handshakes last; SYN cookies cost him nothing', async () => {
    const { open, cookies, peace } = await lanesOf('syn-flood');
    expect(took(open!)).toBeGreaterThan(10_000);
    expect(took(cookies!)).toBe(took(peace!));
    expect(kinds(cookies!, 'tcp.syn_cookie_taken').length).toBe(1);
    expect(kinds(cookies!, 'tcp.syn_queue_full')).toEqual([]);
  });
  it('handshakes of a full queue are tried twice more, those of an emptier one five times', async () => {
    const { open } = await lanesOf('syn-flood');
    const answers = open!.pdus.filter((p) => p.name === 'SYN-ACK' && p.link === 1);
    const tries = (flow: number): number => answers.filter((p) => p.flow === flow).length;
    expect(tries(answers[0]!.flow)).toBe(3);
    expect(tries(answers[answers.length - 1]!.flow)).toBe(6);
  });
});
describe('fast-open', () => {
  it('saves a round trip from the second visit on; an unknown cookie saves nothing; a lost SYN costs a second, and the data comes after the handshake', async () => {
    const { fast, plain, restarted, lost } = await lanesOf('fast-open');
    expect(took(plain!, 1) - took(fast!, 1)).toBeCloseTo(80, 6);
    expect(took(fast!, 0)).toBe(took(plain!, 0));
    expect(took(restarted!, 1)).toBe(took(plain!, 1));
    expect(Math.round((took(lost!, 1) - took(plain!, 1)) / 100)).toBe(10);
    expect(lost!.pdus.filter((p) => p.name === 'SYN' && p.payload > 0).length).toBe(1);
  });
  it('a SYN that asks is 64 bytes long, one with a cookie 72 and its data', async () => {
    const { fast } = await lanesOf('fast-open');
    expect(fast!.pdus.filter((p) => p.name === 'SYN').map((p) => p.bytes - p.payload)).toEqual([64, 72]);
    expect(fast!.pdus.filter((p) => p.name === 'SYN')[1]!.payload).toBe(fast!.messages.find((m) => m.name.startsWith('GET'))!.bytes);
  });
});
describe('cache-and-304', () => {
  it('the second visit asks for the page and the price; the third for the changed style as well', async () => {
    const { main } = await lanesOf('cache-and-304');
    const asked = (from: number, to: number): string[] => main!.requests.filter((r) => r.startNs >= from * 1e9 && r.startNs < to * 1e9 && !r.fromCache).map((r) => `${new URL(r.url).pathname} ${r.status}`);
    expect(asked(20, 60)).toEqual(['/ 304', '/price.json 200']);
    expect(asked(100, 200)).toEqual(['/ 304', '/style.css 200', '/price.json 200']);
    const loaded = kinds(main!, 'page.load_ended').map((e) => e.t);
    expect(loaded[0]! / (loaded[1]! - 20_000)).toBeGreaterThan(3);
  });
});
describe('mtu-black-hole', () => {
  it('unsaid it never ends; probing costs some seconds, the router’s word a round trip and a half, a lower MSS nothing', async () => {
    const { hole, probing, said, clamped } = await lanesOf('mtu-black-hole');
    expect(hole!.requests[0]!.error?.code).toBe('MAX_TIME');
    expect(hole!.requests[0]!.bytesDown).toBe(0);
    expect(kinds(probing!, 'tcp.black_hole_suspected').map((e) => e.a)).toEqual([1024]);
    expect(took(probing!)).toBeGreaterThan(3000);
    expect(took(clamped!)).toBeCloseTo(120, 0);
    expect(took(said!) - took(clamped!)).toBeCloseTo(60, 0);
  });
  it('the router answers each packet, 56 bytes long; the sender cuts what is out into pieces and the window does not pay', async () => {
    const { said } = await lanesOf('mtu-black-hole');
    const icmp = said!.pdus.filter((p) => p.protocol === 1);
    expect(icmp.length).toBe(10);
    expect(icmp.every((p) => p.bytes === 56 && p.fateAt - p.sentAt === 10 * MS)).toBe(true);
    const again = said!.pdus.filter((p) => p.transmission > 1).map((p) => p.payload);
    expect(again.slice(0, 4)).toEqual([1348, 100, 1348, 100]);
    expect(Math.max(...said!.pdus.filter((p) => p.sentAt > 80 * MS).map((p) => p.bytes))).toBe(1400);
    expect(kinds(said!, 'tcp.cwnd_changed').every((e) => e.a >= 10)).toBe(true);
  });
  it('a next connection to the same host knows the way', async () => {
    const loaded = await loadScenario('mtu-black-hole');
    if (!loaded.ok) throw new Error('mtu-black-hole');
    const { lanes: _, ...scenario } = loaded.value;
    const runs = runScenario({ ...scenario, workload: { ...scenario.workload, visits: [{ url: 'http://files.example/page.html' }, { url: 'http://files.example/page.html', at: '2 s', user: 2 }] } });
    if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
    expect(runs.value[0]!.trace.pdus.filter((p) => p.protocol === 1 && p.sentAt > 2e9)).toEqual([]);
    expect(took(runs.value[0]!.trace, 1)).toBeCloseTo(120, 0);
  });
});
describe('client-certificate', () => {
  const said = (t: Trace, direction: 0 | 1): string[] => t.messages.filter((m) => m.protocol === 'tls' && m.direction === direction && t.flows[m.flow]!.id === t.requests[0]!.flow && (m.body as { type: string }).type === 'handshake').map((m) => m.name);
  it('costs no round trip; without one the server answers 400', async () => {
    const { shown, none, tls12, unasked } = await lanesOf('client-certificate');
    expect([shown, none, tls12, unasked].map((t) => t!.requests[0]!.status)).toEqual([200, 400, 200, 200]);
    expect(took(shown!) - took(unasked!)).toBeLessThan(1);
    expect(took(tls12!) - took(shown!)).toBeCloseTo(60, 0);
  });
  it('the messages are those of RFC 8446 and RFC 5246, in their order', async () => {
    const { shown, none, tls12, unasked } = await lanesOf('client-certificate');
    expect(said(shown!, 1).slice(0, 6)).toEqual(['ServerHello', 'EncryptedExtensions', 'CertificateRequest', 'Certificate', 'CertificateVerify', 'Finished']);
    expect(said(shown!, 0)).toEqual(['ClientHello', 'Certificate', 'CertificateVerify', 'Finished']);
    expect(said(none!, 0)).toEqual(['ClientHello', 'Certificate', 'Finished']);
    expect(said(tls12!, 1).slice(0, 5)).toEqual(['ServerHello', 'Certificate', 'ServerKeyExchange', 'CertificateRequest', 'ServerHelloDone']);
    expect(said(tls12!, 0)).toEqual(['ClientHello', 'Certificate', 'ClientKeyExchange', 'CertificateVerify', 'Finished']);
    expect(said(unasked!, 0)).toEqual(['ClientHello', 'Finished']);
  });
  it('a post-quantum share and a stapled response are as long as they are', async () => {
    const { shown, unasked } = await lanesOf('client-certificate');
    const length = (t: Trace, name: string): number => t.messages.find((m) => m.name === name && m.direction === 1)!.bytes;
    expect(length(unasked!, 'ServerHello') - length(shown!, 'ServerHello')).toBe(1120 - 32);
    expect(length(unasked!, 'Certificate') - length(shown!, 'Certificate')).toBeGreaterThan(280);
  });
});
