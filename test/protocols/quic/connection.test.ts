/** Whole QUIC connections between two ends that really run: handshake, loss, limits, ends. Times are measured ones of curl 8.14.1 with nginx 1.26.3. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import type { PduFault } from '../../../src/model/fault';
import { Fate } from '../../../src/model/pdu';
import type { DatagramBody } from '../../../src/model/quic/packet';
import type { Message } from '../../../src/model/stream';
import { packetBytes } from '../../../src/export/wire';
import { datagrams, packetsOf, quicPair, type QuicPairOptions, type QuicPairRun } from '../../support/quic-pair';

const lose = (from: 'client' | 'server', nth: number, count = 1, payloadAtLeast?: number): PduFault => ({ type: 'pdu', where: { from, ...(payloadAtLeast ? { payloadAtLeast } : {}) }, nth, count, verdict: { do: 'drop' } });
const at = (run: QuicPairRun, what: string): number => Number(run.heard.find((h) => h.endsWith(what))?.split(' ')[0] ?? NaN);
const kinds = ({ trace }: QuicPairRun, name: string): number => {
  const kind = trace.kinds.find((k) => k.name === name)!.id;
  return Array.from({ length: trace.kind.length }, (_, i) => i).filter((i) => trace.kind.at(i) === kind).length;
};
const levels = (run: QuicPairRun): string[] => run.trace.pdus.map((pdu) => `${pdu.direction === 0 ? 'c' : 's'} ${packetsOf(pdu).map((p) => p.level).join('+')}`);

describe('the handshake (RFC 9000 §7)', () => {
  const run = quicPair({ rttMs: 80, rateMbit: 100 });
  it('takes one round trip before the client may ask, two until the answer', () => {
    expect(at(run, 'client ready')).toBe(80);
    expect(at(run, 'client has the end of 0')).toBe(161);
  });
  it('is packed as measured: a hello of two Initials, an acknowledgement, the server’s flight in three datagrams', () => {
    expect(levels(run).slice(0, 8)).toEqual(['c Initial', 'c Initial', 's Initial', 's Initial', 's Initial+Handshake', 's Handshake', 'c Initial', 'c Initial+Handshake']);
    // every datagram with an Initial of the client, and every Initial of the server that must be acknowledged, has 1200 bytes (§14.1)
    for (const pdu of run.trace.pdus) {
      const initial = packetsOf(pdu).find((p) => p.level === 'Initial');
      if (initial && (pdu.direction === 0 || initial.frames.some((f) => f.type === 'CRYPTO'))) expect(pdu.payload).toBe(1200);
    }
  });
  it('both ends go by their states, and nobody hears what he does not expect', () => {
    const machines = run.trace.endpoints.filter((e) => e.protocol === 'quic' && run.trace.charts[e.chart]?.id === 'quic-connection');
    expect(machines).toHaveLength(2);
    expect(kinds(run, 'state.input_ignored')).toBe(0);
    expect(kinds(run, 'quic.handshake_confirmed')).toBe(2);
    expect(kinds(run, 'quic.keys_discarded')).toBe(4);
  });
  it('a certificate that is refused ends it with the alert as the code (RFC 9001 §4.8)', () => {
    const refused = quicPair({ certificate: { expired: true } });
    expect(refused.heard.map((h) => h.replace(/^\d+ /, ''))).toEqual(['client closed CERT_EXPIRED', 'server closed QUIC_ERROR']);
    const close = refused.trace.pdus.flatMap((p) => packetsOf(p).flatMap((q) => q.frames)).find((f) => f.type === 'CONNECTION_CLOSE');
    expect(close).toMatchObject({ error: 0x100 + 45 });
  });
});

describe('round trips until the answer, as the RFCs imply', () => {
  const RTT = 100;
  it.each<[string, QuicPairOptions, number]>([
    ['a full handshake (RFC 9000 §7)', {}, 2], ['Retry (§8.1.2)', { server: { retry: true } }, 3], ['another version first (§6)', { client: { oldVersion: true } }, 3], ['both', { client: { oldVersion: true }, server: { retry: true } }, 4],
    ['a HelloRetryRequest (RFC 9001 §4.7)', { serverTls: { curves: 'P-256' } }, 3],
  ])('%s', (_what, options, trips) => {
    const run = quicPair({ rttMs: RTT, ...options });
    expect(Math.round(at(run, 'client has the end of 0') / RTT)).toBe(trips);
    expect(kinds(run, 'state.input_ignored')).toBe(0);
  });
  it('a Retry is bound to the first Initial, and the Initial behind it to the Retry (RFC 9001 §5.8)', () => {
    const { trace } = quicPair({ server: { retry: true } });
    const bare = trace.pdus.flatMap((p) => ((p.body as { message: Message }).message.body as DatagramBody).bare ?? []);
    expect(bare).toHaveLength(2); // one for each of the hello's two datagrams; the client takes the first
    const again = trace.pdus.find((p) => p.direction === 0 && packetsOf(p)[0]!.token !== '')!;
    expect(packetsOf(again)[0]!.destination).toBe(bare[0]!.source);
    for (const pdu of trace.pdus) expect(packetBytes(trace, pdu.id).length).toBe(pdu.bytes);
  });
});

describe('what is lost is said again', () => {
  // milliseconds of the whole exchange after the client's first datagram, as measured with round trips of 30 ms
  const costs = { clientFlightCost: 1.1 * MS, serverFlightCost: 0.5 * MS };
  it.each<[string, PduFault[], number]>([
    ['the client’s first datagram', [lose('client', 1)], 187.8], ['its first two', [lose('client', 1, 2)], 1093.2], ['the server’s first, an acknowledgement', [lose('server', 1)], 64.2],
    ['the server’s second', [lose('server', 2)], 98.2], ['its first three', [lose('server', 1, 3)], 1123.0], ['the answer’s only large one', [lose('server', 3, 1, 1000)], 98.2],
  ])('%s', (_what, faults, measured) => {
    const run = quicPair({ rateMbit: 100, faults, costs, responses: [1180] });
    expect(Math.abs(at(run, 'client has the end of 0') - measured)).toBeLessThan(Math.max(5, 0.05 * measured));
  });
  it('any one datagram, whichever: the exchange ends well and in time', () => {
    const whole = quicPair({ responses: [20_000], rateMbit: 100 }).trace.pdus;
    for (const [side, from] of ['client', 'server'].entries()) {
      const count = whole.filter((p) => p.direction === side).length;
      for (let nth = 1; nth <= count; nth++) {
        const run = quicPair({ responses: [20_000], rateMbit: 100, faults: [lose(from as 'client', nth)] });
        expect(at(run, 'client has the end of 0'), `${from} ${nth}`).toBeLessThan(1200);
        expect(run.trace.outcome).toBe('ok');
      }
    }
  });
  it('at random, much of it, with eight streams: all of them end', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const run = quicPair({ responses: Array<number>(8).fill(30_000), rateMbit: 20, loss: 0.1, seed });
      for (let id = 0; id < 32; id += 4) expect(at(run, `client has the end of ${id}`), `seed ${seed} stream ${id}\n${datagrams(run).slice(-5).join('\n')}`).toBeLessThan(60_000);
    }
  });
  it('one stream waits behind a hole, the others do not (§2.2)', () => {
    const options: QuicPairOptions = { responses: [12_000, 12_000, 12_000], rateMbit: 10, server: { schedule: 'round-robin' } };
    const before = quicPair(options), run = quicPair({ ...options, faults: [lose('server', 8, 1, 1100)] });
    const ends = (r: QuicPairRun): number[] => [0, 4, 8].map((id) => at(r, `client has the end of ${id}`));
    const late = ends(run).filter((t, i) => t > ends(before)[i]! + 5);
    expect(late).toHaveLength(1);
    expect(kinds(run, 'quic.stream_waits')).toBe(1);
  });
});

describe('limits', () => {
  it('before the client’s address is proven the server sends three times what came (§8.1)', () => {
    const names = Array.from({ length: 240 }, (_, i) => `host-number-${i}.lab.test`);
    const run = quicPair({ certificate: { names: ['www.lab.test', ...names] } });
    expect(kinds(run, 'quic.amplification_limited')).toBeGreaterThan(0);
    let received = 0, sent = 0;
    for (const pdu of run.trace.pdus) {
      if (pdu.direction === 0 && packetsOf(pdu).some((p) => p.level === 'Handshake')) break;
      if (pdu.direction === 0) received += pdu.payload;
      else sent += pdu.payload;
    }
    expect(sent).toBeLessThanOrEqual(3 * received);
    expect(at(run, 'client ready')).toBe(60);
  });
  it('of a stream and of the connection hold the sender up until the reader opens them again (§4)', () => {
    const narrow = quicPair({ responses: [100_000], client: { maxStreamData: 16_000 } });
    expect(kinds(narrow, 'quic.stream_blocked')).toBeGreaterThan(0);
    const both = quicPair({ responses: [50_000, 50_000], client: { maxData: 20_000 } });
    expect(kinds(both, 'quic.connection_blocked')).toBeGreaterThan(0);
    for (const run of [narrow, both]) expect(at(run, 'client has the end of 0')).toBeGreaterThan(90);
    expect(at(both, 'client has the end of 4')).toBeLessThan(400);
  });
  it('no more streams than the peer lets be open at once (§4.6)', () => {
    const run = quicPair({ responses: [100, 100, 100, 100], server: { maxStreams: 2 } });
    expect(run.heard.filter((h) => h.includes('may open no stream'))).toHaveLength(2);
    expect(run.heard.some((h) => h.endsWith('client may open more'))).toBe(true);
  });
  it('the window: ten datagrams to begin with, twice as many after each round trip, half after a loss (RFC 9002 §7)', () => {
    const server = { initialWindow: 12_000, minimumWindow: 2400, streamBuffer: 1_000_000 };
    const sizes = (run: QuicPairRun): number[] => {
      const rounds: number[] = [];
      let last = -1e9;
      for (const p of run.trace.pdus) {
        if (p.direction === 0 || p.payload < 1000 || !packetsOf(p).some((q) => q.level === '1-RTT')) continue;
        if (p.sentAt - last > 10 * MS) rounds.push(0);
        last = p.sentAt;
        rounds[rounds.length - 1]!++;
      }
      return rounds;
    };
    const run = quicPair({ rttMs: 100, responses: [100_000], server });
    expect(sizes(run).slice(0, 3).map((n, i) => Math.abs(n - [10, 21, 42][i]!) <= 4)).toEqual([true, true, true]);
    const cut = quicPair({ rttMs: 100, responses: [100_000], server, faults: [lose('server', 12, 1, 1100)] });
    expect(kinds(cut, 'quic.window_cut')).toBe(1);
    expect(kinds(cut, 'quic.packet_lost')).toBe(1);
  });
});

describe('the end (§10)', () => {
  it('the application’s code is told, and both forget after three probe timeouts', () => {
    const run = quicPair({ rttMs: 80, script: (client, world) => world.think(200 * MS, 'wait', client.endpoint, { resourceDone: () => client.close(0x100, '') }) });
    expect(run.heard.slice(-2).map((h) => h.replace(/^\d+ /, ''))).toEqual(['client closed CLOSED', 'server closed CLOSED']);
    expect(run.trace.endNs).toBeLessThan(2000 * MS);
    expect(run.trace.pdus.at(-1)!.payload).toBeLessThan(50);
  });
  it('without a word after the shorter idle time of both (§10.1)', () => {
    const run = quicPair({ client: { maxIdleTimeout: 5000 * MS } });
    expect(run.heard.filter((h) => h.includes('QUIC_IDLE')).map((h) => Math.round(Number(h.split(' ')[0]) / 100))).toEqual([51, 51]);
  });
  it('nobody answers: probes after 1, 3, 7 s and so on, until the idle time is over (RFC 9002 §6.2)', () => {
    const run = quicPair({ faults: [lose('client', 1, -1)], client: { maxIdleTimeout: 30_000 * MS } });
    expect(run.trace.pdus.map((p) => Math.round(p.sentAt / MS / 1000))).toEqual([0, 0, 1, 3, 7, 15]);
    expect(run.trace.pdus.every((p) => p.fate === Fate.droppedByRule)).toBe(true);
    expect(run.heard).toEqual(['30000 client closed QUIC_IDLE']);
  });
});
