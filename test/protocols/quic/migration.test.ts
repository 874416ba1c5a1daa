/** A connection that goes on over another path: by the client’s will (RFC 9000 §9), behind a NAT that has forgotten, and with new keys (RFC 9001 §6). */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import { Fate } from '../../../src/model/pdu';
import { datagrams, packetsOf, quicPair, type QuicPairOptions, type QuicPairRun } from '../../support/quic-pair';

const RTT = 80;
const at = (run: QuicPairRun, what: string): number => Number(run.heard.find((h) => h.endsWith(what))?.split(' ')[0] ?? NaN);
const count = ({ trace }: QuicPairRun, name: string): number => {
  const kind = trace.kinds.find((k) => k.name === name)?.id ?? -1;
  return Array.from({ length: trace.kind.length }, (_, i) => i).filter((i) => trace.kind.at(i) === kind).length;
};
const said = (run: QuicPairRun, type: string): { readonly at: number; readonly payload: number; readonly direction: number }[] =>
  run.trace.pdus.filter((p) => packetsOf(p).some((q) => q.frames.some((f) => f.type === type))).map((p) => ({ at: p.sentAt / MS, payload: p.payload, direction: p.direction }));
const SPARE = { server: { spareIds: true } } as const;
/** The first network goes when all is quiet; the second request follows. */
const quiet = (o: QuicPairOptions): QuicPairRun => quicPair({ rttMs: RTT, responses: [300], switchAtMs: 400, askAgain: { afterMs: 420, bytes: 100 }, ...SPARE, ...o });

describe('round trips until an answer, as the RFCs imply (many-ways-to-https has 0-RTT)', () => {
  const first = (o: QuicPairOptions): number => at(quicPair({ rttMs: RTT, responses: [300], ...o }), 'client has the end of 0') / RTT;
  const second = (run: QuicPairRun, asked: number): number => (at(run, 'client has the end of 4') - asked) / RTT;
  const small = quicPair({ rttMs: RTT, responses: [300], nat: { udpMs: 10_000 }, askAgain: { afterMs: 20_000, bytes: 100 } });
  const large = quicPair({ rttMs: RTT, responses: [300], nat: { udpMs: 10_000 }, askAgain: { afterMs: 20_000, bytes: 3000 } });
  it.each([
    ['a new connection', first({}), 2],
    ['a Retry (§8.1.2)', first({ server: { retry: true } }), 3],
    ['another version first (§6)', first({ client: { oldVersion: true } }), 3],
    ['after a migration (§9): the path is asked beside the answer', second(quiet({}), RTT + 420), 1],
    ['NAT rebinding (§9.3): an answer of no more than three times what came', second(small, RTT + 20_000), 1],
    ['NAT rebinding, a longer answer: the number must be back first', second(large, RTT + 20_000), 2],
  ])('%s: %d, expected %d', (_, trips, expected) => expect(Math.round(trips * 100) / 100).toBe(expected));
});

describe('migration (RFC 9000 §9)', () => {
  it('the client changes the id with the address, and retires the old one (§9.5)', () => {
    const run = quiet({});
    const [before, after] = [run.trace.pdus.filter((p) => p.direction === 0 && p.link === 0).pop()!, run.trace.pdus.find((p) => p.direction === 0 && p.link === 1)!];
    const [old, now] = [packetsOf(before)[0]!, packetsOf(after)[0]!];
    expect(now.destination).not.toBe(old.destination);
    expect(now.frames.map((f) => f.type)).toEqual(expect.arrayContaining(['RETIRE_CONNECTION_ID', 'PING']));
    const given = run.trace.pdus.flatMap((p) => packetsOf(p).flatMap((q) => q.frames)).find((f) => f.type === 'NEW_CONNECTION_ID');
    expect(given).toMatchObject({ sequence: 1, id: now.destination });
  });
  it('before the number is back the server sends at most three times what came on the new path (§9.3)', () => {
    const run = quicPair({ rttMs: RTT, rateMbit: 10, responses: [400_000], switchAtMs: 300, ...SPARE });
    const answered = said(run, 'PATH_RESPONSE')[0]!.at + RTT / 2;
    const onNew = run.trace.pdus.filter((p) => p.link === 1 && p.sentAt / MS < answered);
    const bytes = (direction: 0 | 1, until: number): number => onNew.filter((p) => p.direction === direction && (direction === 0 ? p.fateAt : p.sentAt) / MS <= until).reduce((sum, p) => sum + p.payload, 0);
    for (const p of onNew.filter((q) => q.direction === 1)) expect(bytes(1, p.sentAt / MS)).toBeLessThanOrEqual(3 * bytes(0, p.sentAt / MS));
    expect(at(run, 'client has the end of 0')).toBeLessThan(2000);
  });
  it('round trip and window begin anew once the path is valid; nothing sent on the old one counts (§9.4)', () => {
    const run = quicPair({ rttMs: RTT, secondRttMs: 240, responses: [100_000], switchAtMs: 250, server: { spareIds: true, initialWindow: 12_000, minimumWindow: 2400 } });
    const valid = run.trace.kinds.find((k) => k.name === 'quic.path_validated')!.id, index = Array.from({ length: run.trace.kind.length }, (_, i) => i).find((i) => run.trace.kind.at(i) === valid)!;
    const now = run.trace.time.at(index);
    const burst = run.trace.pdus.filter((p) => p.direction === 1 && p.sentAt === now).reduce((sum, p) => sum + p.payload, 0);
    // ten datagrams, and the second PATH_CHALLENGE, of full size
    expect(burst).toBeGreaterThan(10_000);
    expect(burst).toBeLessThanOrEqual(12_000 + 1200);
    expect(run.heard.filter((h) => h.includes('lost'))).toEqual([]);
    expect(at(run, 'client has the end of 0')).toBeGreaterThan(0);
  });
  it('whatever is lost of the validation, it ends well: any one datagram after the switch', () => {
    const whole = quiet({});
    const later = whole.trace.pdus.filter((p) => p.link === 1).length;
    expect(later).toBeGreaterThan(5);
    for (let nth = 1; nth <= later; nth++) {
      const run = quiet({ faults: [{ type: 'pdu', where: { link: 'second' }, nth, count: 1, verdict: { do: 'drop', at: 0 } }] });
      expect(run.heard.filter((h) => h.endsWith('client has the end of 4')), `without the ${nth}. datagram`).toHaveLength(1);
    }
  });
  it('three questions without an answer: the server goes back to the last path that it knew (§8.2.4, §9.3.2)', () => {
    const run = quicPair({ rttMs: RTT, responses: [300], switchAtMs: 400, ...SPARE, faults: [{ type: 'pdu', where: { link: 'second', from: 'server' }, nth: 1, count: -1, verdict: { do: 'drop', at: 0 } }] });
    const asked = said(run, 'PATH_CHALLENGE').map((c) => c.at);
    // three times the probe time-out of a path whose round trip is not known (RFC 9002 §6.2.2), each
    expect(asked.slice(0, 3).map((t) => (t - asked[0]!) / 999)).toEqual([0, 1, 2]);
    const failed = run.trace.kinds.find((k) => k.name === 'quic.path_failed')!.id;
    const first = Array.from({ length: run.trace.kind.length }, (_, i) => i).find((i) => run.trace.kind.at(i) === failed)!;
    expect(run.trace.time.at(first) / MS - asked[0]!).toBe(3 * 999);
    // what the client says later comes from there again, and is asked again
    expect(asked.length).toBeGreaterThan(3);
  });
  it.each<[string, QuicPairOptions, number]>([
    ['no spare id was given', { server: { spareIds: false } }, 0], ['the server allows none', { server: { spareIds: true, activeMigration: false } }, 1], ['the handshake is not confirmed', { ...SPARE, switchAtMs: 60 }, 2],
  ])('refused where %s', (_, o, why) => {
    const run = quicPair({ rttMs: RTT, responses: [300], switchAtMs: 400, ...o });
    const kind = run.trace.kinds.find((k) => k.name === 'quic.migration_refused')!.id;
    const event = Array.from({ length: run.trace.kind.length }, (_, i) => i).find((i) => run.trace.kind.at(i) === kind)!;
    expect(run.trace.a.at(event)).toBe(why);
    expect(run.heard).toContain(`${o.switchAtMs ?? 400} client cannot go on`);
  });
});

describe('behind a NAT that has forgotten (§9.3)', () => {
  const run = quicPair({ rttMs: RTT, responses: [300], nat: { udpMs: 10_000 }, askAgain: { afterMs: 20_000, bytes: 100 } });
  it('the same id from another port: the server follows, and asks both ports (§9.3.3)', () => {
    const ports = [...new Set(run.trace.pdus.filter((p) => p.direction === 0).map((p) => p.srcPort))];
    expect(ports).toEqual([50_000, 50_001]);
    expect(count(run, 'quic.peer_rebound')).toBe(1);
    const asked = run.trace.pdus.filter((p) => p.direction === 1 && packetsOf(p).some((q) => q.frames.some((f) => f.type === 'PATH_CHALLENGE')));
    expect(new Set(asked.map((p) => (p.translated ?? p).dstPort))).toEqual(new Set([50_000, 50_001]));
    expect(asked.filter((p) => (p.translated ?? p).dstPort === 50_000).every((p) => p.fate === Fate.noMapping)).toBe(true);
  });
  it('only the port is another: the estimate of the round trip stays (§9.4)', () => {
    const kind = run.trace.kinds.find((k) => k.name === 'quic.acknowledged')!.id;
    const estimates = Array.from({ length: run.trace.kind.length }, (_, i) => i).filter((i) => run.trace.kind.at(i) === kind).map((i) => run.trace.b.at(i) / MS);
    expect(estimates.every((ms) => ms > 79 && ms < 90)).toBe(true);
  });
  it('a NAT that remembers changes nothing', () => {
    const kept = quicPair({ rttMs: RTT, responses: [300], nat: { udpMs: 60_000 }, askAgain: { afterMs: 20_000, bytes: 100 } });
    expect(count(kept, 'quic.peer_rebound')).toBe(0);
    expect(count(kept, 'nat.mapping_changed')).toBe(0);
  });
});

describe('key update (RFC 9001 §6)', () => {
  const run = quicPair({ rttMs: RTT, responses: [120_000], server: { keyUpdateAfter: 20, initialWindow: 12_000, minimumWindow: 2400 } });
  it('both ends take the next keys, and everything is still read', () => {
    expect(at(run, 'client has the end of 0')).toBeGreaterThan(0);
    const phases = (direction: 0 | 1): number[] => [...new Set(run.trace.pdus.filter((p) => p.direction === direction).flatMap((p) => packetsOf(p)).filter((p) => p.level === '1-RTT').map((p) => p.keyPhase))];
    expect(phases(1).length).toBeGreaterThan(2);
    expect(phases(0)).toEqual(phases(1));
  });
  it('never before a packet under the keys of now is acknowledged (§6.1)', () => {
    const firsts = new Map<number, { at: number; number: number }>();
    for (const p of run.trace.pdus) for (const q of packetsOf(p)) if (p.direction === 1 && q.level === '1-RTT' && !firsts.has(q.keyPhase)) firsts.set(q.keyPhase, { at: p.sentAt, number: q.number });
    for (const [phase, { at: since }] of firsts) {
      if (phase === 0) continue;
      const before = firsts.get(phase - 1)!;
      const acked = run.trace.pdus.some((p) => p.direction === 0 && p.fateAt <= since && packetsOf(p).some((q) => q.frames.some((f) => f.type === 'ACK' && f.ranges[0]![1] >= before.number)));
      expect(acked).toBe(true);
    }
  });
});

describe('pacing (RFC 9002 §7.7)', () => {
  it('the window is spread over the round trip, ten datagrams at the most at once', () => {
    const o = { rttMs: RTT, responses: [400_000], server: { initialWindow: 60_000, minimumWindow: 2400, streamBuffer: 1_000_000 } };
    const together = (run: QuicPairRun): number => {
      const times = run.trace.pdus.filter((p) => p.direction === 1 && p.payload > 1000).map((p) => p.sentAt);
      return Math.max(...times.map((t) => times.filter((u) => u === t).length));
    };
    const paced = quicPair({ ...o, server: { ...o.server, pacing: true } });
    expect(together(quicPair(o))).toBeGreaterThan(30);
    expect(together(paced)).toBeLessThanOrEqual(11);
    expect(at(paced, 'client has the end of 0')).toBeLessThan(2 * at(quicPair(o), 'client has the end of 0'));
  });
});

it('packet by packet: what goes over the lines on a migration', () => {
  const after = datagrams(quiet({})).filter((line) => Number(line.split(' ')[0]) >= 400).slice(0, 4).map((line) => line.replace(/ 1-RTT \d+/, ''));
  expect(after).toEqual(['400.0 c2s 41 [RETIRE_CONNECTION_ID, PING]', '440.0 s2c 27 [PATH_CHALLENGE]', '440.0 s2c 63 [ACK 0-2, NEW_CONNECTION_ID]', '480.0 c2s 1200 [PATH_RESPONSE, PADDING +1153]']);
});
