/** HelloRetryRequest: a server that takes no group of the client's shares. Lengths are those that psql and PostgreSQL 15 were seen to send. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientHello, clientHelloBytes, clientHelloLength, type HelloProfile, type HelloSpec } from '../../../src/model/tls/client-hello';
import { contentOf, EXTENSION, GROUP, readOfferedShares } from '../../../src/model/tls/extensions';
import { decodeHandshake, RETRY_RANDOM } from '../../../src/model/tls/handshake';
import { handshakeBytes, type Terms } from '../../../src/model/tls/messages';
import { handshakeContent, type RecordBody } from '../../../src/protocols/tls/record';
import { packets, tlsPair, transcript, type TlsPairOptions } from '../../support/tls-pair';

const RETRY: TlsPairOptions = { serverTls: { curves: 'P-256' } };

describe('a 1.3 server that takes P-256 only', () => {
  it('asks for a share of it: both machines go back to START, as in RFC 8446 §A', () => {
    const run = tlsPair(RETRY);
    expect(transcript(run, 'client').slice(0, 9).join(' ')).toBe('= START = WAIT_SH > ClientHello < HelloRetryRequest = START = WAIT_SH > ClientHello < ServerHello = WAIT_EE');
    expect(transcript(run, 'server').slice(0, 9).join(' ')).toBe('= START < ClientHello = RECVD_CH = START > HelloRetryRequest < ClientHello = RECVD_CH = NEGOTIATED = WAIT_FLIGHT2');
    expect(transcript(run, 'client').concat(transcript(run, 'server')).filter((l) => l.startsWith('!'))).toEqual([]);
  });
  it('costs exactly one round trip', () => {
    const connected = (o: TlsPairOptions): string[] => tlsPair(o).heard.filter((h) => h.endsWith('connected'));
    expect(connected({})).toEqual(['80 client connected', '100 server connected']);
    expect(connected(RETRY)).toEqual(['120 client connected', '140 server connected']);
  });
  it('moves the ChangeCipherSpec of either side to its first flight after the retry', () => {
    expect(packets(tlsPair({ ...RETRY, client: { profile: 'openssl', alpn: [] } })).slice(0, 6).map((p) => p.replace(/^(\w+) \d+ /, '$1 '))).toEqual([
      'c2s ClientHello', 's2c HelloRetryRequest, ChangeCipherSpec', 'c2s ChangeCipherSpec, ClientHello', 's2c ServerHello, EncryptedExtensions, Certificate, CertificateVerify',
      's2c CertificateVerify, Finished', 'c2s Finished',
    ]);
  });
  it('does not ask in 1.2, where shares come after the choice', () => {
    const run = tlsPair({ serverTls: { curves: 'P-256', version: '1.2' } });
    expect(transcript(run, 'client')).not.toContain('< HelloRetryRequest');
    const plain = tlsPair({ serverTls: { version: '1.2' } });
    const bytes = (r: typeof run, name: string): number => {
      const [child] = (r.trace.messages.find((m) => m.name === name)!.body as RecordBody).children;
      return child!.end - child!.start;
    };
    for (const name of ['ServerKeyExchange', 'ClientKeyExchange']) expect(bytes(run, name) - bytes(plain, name), 'a point of 65 bytes for one of 32').toBe(33);
  });
  it('takes the share of the chosen group at the price of that group', () => {
    const late = (costs: Record<string, number>): number => Number(/^\d+/.exec(tlsPair({ ...RETRY, costs }).heard.find((h) => h.endsWith('client connected'))!)![0]);
    // the client makes two key pairs and one secret, the server one of each
    expect(late({ p256ShareCost: 1e6, p256DeriveCost: 1e6 })).toBe(124);
    expect(late({ keyShareCost: 1e6 })).toBe(121);
  });
  it('encodes every record of the handshake as long as it says', () => {
    for (const m of tlsPair(RETRY).trace.messages.filter((x) => x.protocol === 'tls' && (x.body as RecordBody).type === 'handshake')) {
      const [child] = (m.body as RecordBody).children;
      expect(handshakeContent(m.body as RecordBody)!.length, m.name).toBe(child!.end - child!.start);
    }
  });
});
it('a client that verifies nothing takes a certificate for another name by an unknown authority, and tells so nowhere', () => {
  const server = { certificate: { names: ['other.test'], issuerKnown: false, expired: true } };
  expect(tlsPair({ server }).heard[0]).toBe('80 client failed CERT_UNKNOWN_ISSUER');
  expect(tlsPair({ server, client: { verify: 'none' } }).heard[0]).toBe('80 client connected');
});
it('a server gives as many tickets as it is told', () => {
  for (const tickets of [0, 1, 3]) expect(transcript(tlsPair({ serverTls: { tickets } }), 'server').filter((l) => l === '> NewSessionTicket')).toHaveLength(tickets);
});

describe('the messages', () => {
  const terms: Terms = {
    version: '1.3', suite: 0x1302, alpn: '', serverName: '', group: GROUP.secp256r1, certificate: { names: ['db'], key: 'rsa', expired: false, issuerKnown: true }, ticket: true, ticketLifetime: 300, label: 'x',
  };
  it('a HelloRetryRequest is a ServerHello whose random is the hash of its name', () => {
    expect(Buffer.from(RETRY_RANDOM).toString('hex')).toBe(createHash('sha256').update('HelloRetryRequest').digest('hex'));
    const bytes = handshakeBytes('HelloRetryRequest', terms);
    expect([bytes[0], bytes.length]).toEqual([2, 88]);
    const back = decodeHandshake(bytes, '1.3');
    expect(back.ok && back.value.name).toBe('HelloRetryRequest');
    expect(back.ok && back.value.name === 'HelloRetryRequest' && [...contentOf(back.value.extensions, EXTENSION.keyShare)!]).toEqual([0, GROUP.secp256r1]);
    const hello = decodeHandshake(handshakeBytes('ServerHello', terms), '1.3');
    expect(hello.ok && hello.value.name).toBe('ServerHello');
    expect(handshakeBytes('ServerHello', terms).length).toBe(155);
  });
  it.each(['openssl', 'curl', 'chromium'] as const satisfies HelloProfile[])('%s: the second hello has the same random and only the share that was asked for', (profile) => {
    const first: HelloSpec = { profile, versionMin: '1.2', versionMax: '1.3', serverName: 'db.example', alpn: [], label: 'one' };
    const second: HelloSpec = { ...first, retryGroup: GROUP.secp256r1 };
    const [a, b] = [clientHello(first), clientHello(second)];
    if (a.name !== 'ClientHello' || b.name !== 'ClientHello') throw new Error('not a ClientHello');
    expect(b.random).toEqual(a.random);
    expect(b.sessionId).toEqual(a.sessionId);
    expect(readOfferedShares(contentOf(b.extensions, EXTENSION.keyShare)!).map((s) => [s.group, s.key.length])).toEqual([[GROUP.secp256r1, 65]]);
    expect(clientHelloLength(second)).toBe(clientHelloBytes(second).length);
    if (profile === 'openssl') expect(clientHelloLength(second) - clientHelloLength(first)).toBe(33);
  });
});
