/** Handshake codecs against RFC 8448's bytes, and against a real X.509 parser. */
import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chainFor, nameMatches } from '../../../src/model/tls/certificate';
import { clientHello, clientHelloBytes, clientHelloLength, type HelloProfile, type HelloSpec } from '../../../src/model/tls/client-hello';
import { contentOf, EXTENSION, readAlpn, readOfferedShares, readOfferedVersions, readServerName, readU16List } from '../../../src/model/tls/extensions';
import { decodeHandshake, encodeHandshake, type Handshake, type HandshakeName } from '../../../src/model/tls/handshake';
import { handshakeBytes, handshakeLength, handshakeMessage, lengthsOf, type Terms } from '../../../src/model/tls/messages';

const rfc = JSON.parse(readFileSync(new URL('../../fixtures/tls/rfc8448-messages.json', import.meta.url), 'utf8')) as { messages: Record<string, string>; resumed_client_hello: string };
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
function decoded<N extends HandshakeName>(bytes: Uint8Array, name: N, version: '1.2' | '1.3' = '1.3'): Extract<Handshake, { name: N }> {
  const result = decodeHandshake(bytes, version);
  if (!result.ok) throw new Error(`${result.errors[0]!.where} ${result.errors[0]!.what}`);
  expect(result.value.name).toBe(name);
  return result.value as Extract<Handshake, { name: N }>;
}

describe('RFC 8448 §3', () => {
  it.each(Object.entries({ ...rfc.messages, resumed_client_hello: rfc.resumed_client_hello }))('%s: decoding and encoding again gives the same bytes', (_, text) => {
    const result = decodeHandshake(bytesOf(text), '1.3');
    expect(result.ok && hex(encodeHandshake(result.value, '1.3'))).toBe(text);
  });
  it('ClientHello: suites, name and key share are read', () => {
    const hello = decoded(bytesOf(rfc.messages.client_hello!), 'ClientHello');
    expect(hello.suites).toEqual([0x1301, 0x1303, 0x1302]);
    expect(readServerName(contentOf(hello.extensions, EXTENSION.serverName)!)).toBe('server');
    expect(readOfferedVersions(contentOf(hello.extensions, EXTENSION.supportedVersions)!)).toEqual([0x0304]);
    const [share] = readOfferedShares(contentOf(hello.extensions, EXTENSION.keyShare)!);
    expect([share!.group, hex(share!.key)]).toEqual([29, '99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c']);
  });
  it('the server’s messages are read', () => {
    expect(decoded(bytesOf(rfc.messages.server_hello!), 'ServerHello').suite).toBe(0x1301);
    expect(decoded(bytesOf(rfc.messages.certificate!), 'Certificate').entries.map((e) => e.der.length)).toEqual([432]);
    expect(decoded(bytesOf(rfc.messages.certificate_verify!), 'CertificateVerify')).toMatchObject({ scheme: 0x0804 });
    expect(decoded(bytesOf(rfc.messages.server_finished!), 'Finished').verifyData.length).toBe(32);
    const ticket = decoded(bytesOf(rfc.messages.new_session_ticket!), 'NewSessionTicket');
    expect([ticket.lifetime, ticket.nonce.length, ticket.ticket.length, ticket.extensions.map((e) => e.id)]).toEqual([30, 2, 178, [42]]);
  });
  it.each(Object.entries(rfc.messages))('%s: bytes cut off or added are refused', (_, text) => {
    const whole = bytesOf(text);
    for (const end of [0, 3, 5, whole.length - 1]) expect(decodeHandshake(whole.slice(0, end), '1.3').ok).toBe(false);
    expect(decodeHandshake(Uint8Array.from([...whole, 0]), '1.3').ok).toBe(false);
  });
});

const spec = (profile: HelloProfile, more: Partial<HelloSpec> = {}): HelloSpec =>
  ({ profile, versionMin: '1.2', versionMax: '1.3', serverName: 'shop.example', alpn: ['h2', 'http/1.1'], label: 'one', ...more });

describe('ClientHello', () => {
  it.each(['openssl', 'curl', 'chromium'] as const)('%s: says what was asked', (profile) => {
    const hello = decoded(clientHelloBytes(spec(profile)), 'ClientHello');
    expect(readServerName(contentOf(hello.extensions, EXTENSION.serverName)!)).toBe('shop.example');
    expect(readAlpn(contentOf(hello.extensions, EXTENSION.alpn)!)).toEqual(['h2', 'http/1.1']);
    expect(readOfferedVersions(contentOf(hello.extensions, EXTENSION.supportedVersions)!)).toEqual(expect.arrayContaining([0x0304, 0x0303]));
    expect(readU16List(contentOf(hello.extensions, EXTENSION.supportedGroups)!)).toContain(29);
    expect(readOfferedShares(contentOf(hello.extensions, EXTENSION.keyShare)!).map((s) => s.group)).toContain(29);
    expect(new Set(hello.extensions.map((e) => e.id)).size).toBe(hello.extensions.length);
  });
  it.each(['openssl', 'curl', 'chromium'] as const)('%s: its length is that of its encoding, whatever the name', (profile) => {
    for (const serverName of ['a.example', 'shop.example', 'a-rather-long-name-for-a-host.shop.example'])
      for (const alpn of [['http/1.1'], ['h2', 'http/1.1']])
        for (const label of ['one', 'two', 'three', 'four']) {
          const s = spec(profile, { serverName, alpn, label });
          expect(clientHelloLength(s)).toBe(clientHelloBytes(s).length);
        }
  });
  it('a 1.2-only hello offers no share, no 1.3 suite and no session id', () => {
    const hello = decoded(clientHelloBytes(spec('curl', { versionMax: '1.2' })), 'ClientHello');
    expect(hello.sessionId.length).toBe(0);
    expect(contentOf(hello.extensions, EXTENSION.keyShare)).toBeUndefined();
    expect(hello.suites.some((s) => s >> 8 === 0x13)).toBe(false);
  });
  it('random content depends on the connection and on nothing else', () => {
    expect(hex(clientHelloBytes(spec('curl')))).toBe(hex(clientHelloBytes(spec('curl'))));
    const [one, two] = [clientHello(spec('curl')), clientHello(spec('curl', { label: 'two' }))] as [{ random: Uint8Array }, { random: Uint8Array }];
    expect(hex(one.random)).not.toBe(hex(two.random));
  });
});

const terms = (more: Partial<Terms> = {}): Terms => ({
  version: '1.3', suite: 0x1302, alpn: 'http/1.1', serverName: 'shop.example', ticket: true, ticketLifetime: 300, label: 'one',
  certificate: { names: ['shop.example', 'www.shop.example'], key: 'ecdsa', expired: false, issuerKnown: true }, ...more,
});
const ALL: Record<'1.3' | '1.2', Exclude<HandshakeName, 'ClientHello'>[]> = {
  '1.3': ['ServerHello', 'EncryptedExtensions', 'Certificate', 'CertificateVerify', 'Finished', 'NewSessionTicket'],
  '1.2': ['ServerHello', 'Certificate', 'ServerKeyExchange', 'ServerHelloDone', 'ClientKeyExchange', 'Finished', 'NewSessionTicket'],
};
describe.each([['1.3', 'ecdsa', 0x1302], ['1.3', 'rsa', 0x1301], ['1.2', 'ecdsa', 0xc02c], ['1.2', 'rsa', 0xc030]] as const)('messages of %s with %s', (version, key, suite) => {
  const t = terms({ version, suite, certificate: { ...terms().certificate, key } });
  it.each(ALL[version])('%s: decoding its encoding gives the message, its length is remembered right', (name) => {
    const bytes = handshakeBytes(name, t);
    expect(decoded(bytes, name, version)).toEqual(handshakeMessage(name, t));
    const lengths = lengthsOf(t);
    expect(handshakeLength(name, t, lengths)).toBe(bytes.length);
    expect(handshakeLength(name, { ...t, label: 'another connection' }, lengths)).toBe(handshakeBytes(name, { ...t, label: 'another connection' }).length);
  });
});

describe('certificates', () => {
  it.each(['ecdsa', 'rsa'] as const)('%s: a real parser reads them', (key) => {
    const [leaf, intermediate] = chainFor({ ...terms().certificate, key }).map((der) => new X509Certificate(der));
    expect(leaf!.subjectAltName).toBe('DNS:shop.example, DNS:www.shop.example');
    expect(leaf!.subject).toContain('CN=shop.example');
    expect(leaf!.issuer).toBe(intermediate!.subject);
    expect([leaf!.ca, intermediate!.ca]).toEqual([false, true]);
    expect(leaf!.validTo).toContain('2035');
  });
  it('one that has expired says so; a longer name makes it longer', () => {
    const [expired] = chainFor({ ...terms().certificate, expired: true });
    expect(new X509Certificate(expired!).validTo).toContain('2025');
    const length = (names: string[]): number => chainFor({ ...terms().certificate, names })[0]!.length;
    expect(length(['a.example', 'shop.example']) - length(['a.example'])).toBe(2 + 'shop.example'.length);
  });
  it.each([
    ['shop.example', 'shop.example', true], ['SHOP.example', 'shop.EXAMPLE', true], ['*.shop.example', 'www.shop.example', true],
    ['*.shop.example', 'shop.example', false], ['*.shop.example', 'a.b.shop.example', false], ['another.example', 'shop.example', false],
  ])('%s for %s: %s', (pattern, name, matches) => expect(nameMatches(pattern, name)).toBe(matches));
});
