/** Our packets against packets captured from curl, Chromium and nginx: sizes of records and of what TCP was given. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RecordBody } from '../../../src/protocols/tls/record';
import { packets, tlsPair, type TlsPairOptions } from '../../support/tls-pair';

interface Captured { dir: string; pay: number; hs: string; hslen: string; rec: string }
const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/tls/wire-handshakes.json', import.meta.url), 'utf8')) as { cases: Record<string, Captured[]> };

const RUNS: [string, TlsPairOptions][] = [
  ['tls13_ecdsa_curl', {}],
  ['tls13_rsa_curl', { serverTls: { certificate: 'rsa' } }],
  ['tls12_ecdsa_curl', { serverTls: { version: '1.2' } }],
  ['tls12_rsa_curl', { serverTls: { version: '1.2', certificate: 'rsa' } }],
  ['tls13_ecdsa_h2_curl', { client: { alpn: ['h2', 'http/1.1'] }, server: { alpn: ['h2', 'http/1.1'] } }],
];
/** Handshake lengths as the capture lists them, by direction. */
function handshakeLengths(o: TlsPairOptions, direction: 0 | 1): number[] {
  const { trace } = tlsPair(o);
  return trace.messages
    .filter((m) => m.protocol === 'tls' && m.direction === direction && (m.body as RecordBody).type === 'handshake')
    .map((m) => (m.body as RecordBody).children[0]!)
    .map((child) => child.end - child.start - 4);
}
const captured = (id: string, dir: string): number[] => cases[id]!.filter((p) => p.dir === dir).flatMap((p) => p.hslen.split(',').map(Number));

describe.each(RUNS)('%s', (id, options) => {
  it.each([['c2s', 0], ['s2c', 1]] as const)('%s: every handshake message has the captured length (certificates and signatures within 2 %%)', (dir, direction) => {
    const ours = handshakeLengths(options, direction), theirs = captured(id, dir);
    expect(ours.length).toBe(theirs.length);
    ours.forEach((n, i) => expect(Math.abs(n - theirs[i]!)).toBeLessThanOrEqual([74, 75, 111, 112, 1151, 1156, 1948, 1953].includes(theirs[i]!) ? theirs[i]! * 0.02 : 0));
  });
  it.each(['c2s', 's2c'])('%s: the flights have the captured bytes within 1 %%', (dir) => {
    const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
    const ours = packets(tlsPair(options)).filter((p) => p.startsWith(dir) && /Hello|Finished|Ticket|Certificate/.test(p)).map((p) => Number(p.split(' ')[1]));
    const theirs = cases[id]!.filter((p) => p.dir === dir).map((p) => p.pay);
    expect(ours.length).toBe(theirs.length);
    expect(Math.abs(sum(ours) - sum(theirs)) / sum(theirs)).toBeLessThan(0.01);
  });
});

describe('Chromium', () => {
  const options: TlsPairOptions = { client: { profile: 'chromium', alpn: ['h2', 'http/1.1'] }, server: { alpn: ['h2', 'http/1.1'] } };
  it('its hello needs two segments and has one of the lengths that its pretended encryption gives', () => {
    expect([1911, 1943, 1975, 2007]).toContain(handshakeLengths(options, 0)[0]);
    expect(captured('chromium_h2', 'c2s').slice(0, 2)).toEqual([1943, 1975]);
    expect(packets(tlsPair(options)).slice(0, 2).map((p) => p.split(' ')[2])).toEqual(['ClientHello', 'ClientHello']);
  });
  it('it prefers the suite with SHA-256: Finished and tickets are shorter', () => {
    expect(handshakeLengths(options, 1).slice(-3)).toEqual([32, 245, 245]);
    expect(captured('chromium_h2', 's2c').slice(-1)).toEqual([245]);
  });
});

it('TLS 1.2 only, from curl: the hello is not padded', () => {
  expect(packets(tlsPair({ clientTls: { version: '1.2' }, client: { alpn: ['h2', 'http/1.1'] } }))[0]).toBe('c2s 223 ClientHello');
});
it('with OpenSSL’s own defaults a 1.2 server gives a ticket before ChangeCipherSpec', () => {
  expect(packets(tlsPair({ clientTls: { version: '1.2' }, client: { profile: 'openssl' } }))).toContain('s2c 258 NewSessionTicket, ChangeCipherSpec, Finished');
});
