/**
 * TLS of whole runs, read as a stranger would: the bytes of the streams, the exported keys, Node's own OpenSSL. Nothing of
 * `export/wire/tls` is used to judge it.
 */
import { createDecipheriv, createHash, createHmac, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { wireOf } from '../../src/export/wire';
import { sealRecord } from '../../src/export/wire/tls/protection';
import { SUITE_CRYPTO } from '../../src/export/wire/tls/suites';
import { decodeHandshake, type Handshake } from '../../src/model/tls/handshake';
import type { Flow } from '../../src/model/stream';
import type { Trace } from '../../src/model/trace';
import { everyRun, traceOf } from './runs';

interface Record_ {
  readonly type: number;
  readonly header: Buffer;
  readonly payload: Buffer;
}
const SUITES: Readonly<Record<number, { hash: string; cipher: 'aes-128-gcm' | 'aes-256-gcm'; key: number }>> = {
  0x1301: { hash: 'sha256', cipher: 'aes-128-gcm', key: 16 }, 0x1302: { hash: 'sha384', cipher: 'aes-256-gcm', key: 32 }, 0xc02b: { hash: 'sha256', cipher: 'aes-128-gcm', key: 16 },
  0xc02c: { hash: 'sha384', cipher: 'aes-256-gcm', key: 32 }, 0xc02f: { hash: 'sha256', cipher: 'aes-128-gcm', key: 16 }, 0xc030: { hash: 'sha384', cipher: 'aes-256-gcm', key: 32 },
};
/** RFC 8446 §7.1 once more, with Node's HMAC; one block is enough for every key. */
function expand(hash: string, secret: Buffer, label: string, length: number, context: Buffer = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(`tls13 ${label}`);
  return createHmac(hash, secret).update(Buffer.concat([Buffer.of(0, length, text.length), text, Buffer.of(context.length), context, Buffer.of(1)])).digest().subarray(0, length);
}
function prf(hash: string, secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label), seed]);
  let a: Buffer = labelled, out = Buffer.alloc(0);
  while (out.length < length) {
    a = createHmac(hash, secret).update(a).digest();
    out = Buffer.concat([out, createHmac(hash, secret).update(a).update(labelled).digest()]);
  }
  return out.subarray(0, length);
}
function records(stream: Buffer): Record_[] {
  const list: Record_[] = [];
  for (let at = 0; at + 5 <= stream.length; ) {
    const length = stream.readUInt16BE(at + 3);
    list.push({ type: stream[at]!, header: stream.subarray(at, at + 5), payload: stream.subarray(at + 5, at + 5 + length) });
    at += 5 + length;
  }
  return list;
}
const counted = (n: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(n));
  return bytes;
};
function decipher(cipher: 'aes-128-gcm' | 'aes-256-gcm', key: Buffer, nonce: Buffer, additional: Buffer, sealed: Buffer): Buffer {
  const d = createDecipheriv(cipher, key, nonce).setAAD(additional).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([d.update(sealed.subarray(0, -16)), d.final()]);
}
/** Everything that one direction said, opened: handshake messages and application data. */
interface Opened {
  readonly handshake: Buffer[];
  readonly data: Buffer;
  readonly alerts: Buffer[];
}
function open(list: readonly Record_[], version: string, suite: number, side: 0 | 1, keys: ReadonlyMap<string, Buffer>, randoms: readonly [Buffer, Buffer]): Opened {
  const handshake: Buffer[] = [], data: Buffer[] = [], alerts: Buffer[] = [];
  const { hash, cipher, key: keyBytes } = SUITES[suite]!;
  let sequence = 0, epoch = 0, sealed = false;
  // early data has keys of its own, until the client says that it ends; what was not taken comes once more
  let earlySecret = side === 0 ? keys.get('CLIENT_EARLY_TRAFFIC_SECRET') : undefined, earlySequence = 0, taken = false;
  const early: Buffer[] = [];
  for (const { type, header, payload } of list) {
    let kind = type, content = payload;
    if (earlySecret && type === 23) {
      const nonce = Buffer.concat([Buffer.alloc(4), counted(earlySequence++)]);
      expand(hash, earlySecret, 'iv', 12).forEach((byte, i) => (nonce[i]! ^= byte));
      try {
        const inner = decipher(cipher, expand(hash, earlySecret, 'key', keyBytes), nonce, header, payload);
        if (inner[inner.length - 1] === 23) early.push(inner.subarray(0, -1));
        else {
          handshake.push(inner.subarray(0, -1));
          earlySecret = undefined;
          taken = true;
        }
        continue;
      } catch {
        earlySecret = undefined;
      }
    }
    if (version === '1.3' && type === 23) {
      const names = side === 0 ? ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0'] : ['SERVER_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0'];
      const secret = keys.get(names[epoch]!)!;
      const nonce = Buffer.concat([Buffer.alloc(4), counted(sequence++)]);
      expand(hash, secret, 'iv', 12).forEach((byte, i) => (nonce[i]! ^= byte));
      const inner = decipher(cipher, expand(hash, secret, 'key', keyBytes), nonce, header, payload);
      kind = inner[inner.length - 1]!;
      content = inner.subarray(0, -1);
    } else if (sealed) {
      const block = prf(hash, keys.get('CLIENT_RANDOM')!, 'key expansion', Buffer.concat([randoms[1], randoms[0]]), 2 * keyBytes + 8);
      const at = 2 * keyBytes + 4 * side;
      const length = payload.length - 24;
      const additional = Buffer.concat([counted(sequence++), Buffer.of(type, 3, 3, length >> 8, length & 255)]);
      content = decipher(cipher, block.subarray(side * keyBytes, (side + 1) * keyBytes), Buffer.concat([block.subarray(at, at + 4), payload.subarray(0, 8)]), additional, payload.subarray(8));
    }
    if (kind === 20) sealed = version === '1.2';
    if (kind === 22) handshake.push(content);
    if (kind === 23) data.push(content);
    if (kind === 21) alerts.push(content);
    if (kind === 22 && content[0] === 20 && version === '1.3') [epoch, sequence] = [1, 0];
  }
  return { handshake, data: Buffer.concat(taken ? [...early, ...data] : data), alerts };
}

interface Connection {
  readonly name: string;
  readonly trace: Trace;
  readonly flow: Flow;
}
const connections: Connection[] = (await everyRun()).flatMap(({ name, run }) => {
  const trace = traceOf(run);
  // an attacker's copy of a first flight holds no keys: nothing of it can be opened
  const copied = (flow: Flow): boolean => trace.hosts[flow.initiator]!.kind === 'replayer';
  return trace.flows.filter((f) => f.protocol === 'tls' && f.content[0].length > 0 && !copied(f)).map((flow) => ({ name: `${name}: ${flow.name}`, trace, flow }));
});

function opened({ trace, flow }: Connection) {
  const wire = wireOf(trace);
  const below = trace.flows[flow.below]!;
  const raw = ([0, 1] as const).map((side) => records(Buffer.from(wire.stream(below, side, 0, below.content[side].length))));
  const parse = (bytes: Buffer, v: '1.2' | '1.3'): Handshake => {
    const parsed = decodeHandshake(bytes, v);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return parsed.value;
  };
  const open22 = (side: 0 | 1) => raw[side]!.filter((r) => r.type === 22).map((r) => r.payload);
  const hello = open22(1).filter((b) => b[0] === 2).map((b) => parse(b, '1.2')).filter((m) => m.name === 'ServerHello')[0]!;
  if (hello.name !== 'ServerHello') throw new Error('no ServerHello');
  const version = hello.extensions.some((e) => e.id === 43) ? '1.3' as const : '1.2' as const;
  const first = parse(open22(0)[0]!, '1.3');
  const clientRandom = first.name === 'ClientHello' ? Buffer.from(first.random) : Buffer.alloc(32);
  const keys = new Map<string, Buffer>();
  for (const line of wire.keyLog().trim().split('\n')) {
    const [label, random, secret] = line.split(' ') as [string, string, string];
    if (random === clientRandom.toString('hex')) keys.set(label, Buffer.from(secret, 'hex'));
  }
  const randoms = [clientRandom, Buffer.from(hello.random)] as const;
  const sides = ([0, 1] as const).map((side) => open(raw[side]!, version, hello.suite, side, keys, randoms)) as [Opened, Opened];
  return { version, suite: hello.suite, keys, randoms, sides, messages: sides.map((s) => s.handshake.map((b) => parse(b, version))), hello };
}
const find = <N extends Handshake['name']>(list: readonly Handshake[], name: N) => list.find((m) => m.name === name) as Extract<Handshake, { name: N }>;

it('there are connections of all sorts', () => expect(connections.length).toBeGreaterThan(12));

describe.each(connections)('$name', (connection) => {
  const all = opened(connection);
  const { version, suite, keys, sides, messages, randoms } = all;
  const { hash } = SUITES[suite]!;
  const [client, server] = messages as [Handshake[], Handshake[]];
  const [saidByClient, saidByServer] = [sides[0].handshake, sides[1].handshake];
  const certificate = find(server, 'Certificate');
  const resumed = certificate === undefined;
  const chain = resumed ? [] : certificate.entries.map((e) => new X509Certificate(e.der));
  const rsa = chain[0]?.publicKey.asymmetricKeyType === 'rsa';
  /** The transcript's hash before (or with) the message at `until` of the order below. */
  const order = [...saidByClient.filter((b) => b[0] === 1).slice(0, 1), ...saidByServer.filter((b) => b[0] === 2).slice(0, -1), ...saidByClient.filter((b) => b[0] === 1).slice(1)];
  const retried = order.length > 1;
  /** `own`: what the client says of itself, up to there: its certificate (11), the proof (15). */
  const transcript = (types: readonly number[], own: readonly number[] = []): Buffer => {
    const h = createHash(hash);
    if (retried) {
      const digest = createHash(hash).update(order[0]!).digest();
      h.update(Buffer.concat([Buffer.of(254, 0, 0, digest.length), digest, ...order.slice(1)]));
    } else h.update(order[0]!);
    const before = saidByServer.filter((b, i) => (version === '1.3' ? b[0] !== 4 : ![4, 20].includes(b[0]!)) && (!retried || b[0] !== 2 || i > 0));
    for (const b of before) if (types.includes(b[0]!)) h.update(b);
    for (const b of saidByClient) if (own.includes(b[0]!)) h.update(b);
    return h.digest();
  };

  it('application data opens to the heads and bodies that were written', () => {
    const { flow } = connection;
    for (const side of [0, 1] as const) {
      const expected = Buffer.from(wireOf(connection.trace).stream(flow, side, 0, flow.content[side].length));
      expect(sides[side].data.equals(expected)).toBe(true);
    }
    if (flow.content[0].messages[0]?.protocol === 'http2') {
      // the preface, and on both sides SETTINGS first (RFC 9113 §3.4)
      expect(sides[0].data.toString('latin1')).toMatch(/^PRI \* HTTP\/2\.0\r\n\r\nSM\r\n\r\n\0\0[^]\x04\0/);
      if (sides[1].data.length > 0) expect(sides[1].data.toString('latin1')).toMatch(/^\0\0[^]\x04\0/);
      return;
    }
    expect(sides[0].data.toString()).toMatch(/^GET \/\S* HTTP\/1\.1\r\nHost: (shop|bank|staff)\.example\r\n/);
    expect(sides[1].data.toString()).toMatch(/^(HTTP\/1\.1 [2-5]\d\d |$)/); // nothing, where the client left before
  });
  it('both Finished prove the transcript', () => {
    const seen = (list: Handshake[]): string => Buffer.from(find(list, 'Finished').verifyData).toString('hex');
    if (version === '1.3') {
      const proof = (label: string, context: Buffer): string => createHmac(hash, expand(hash, keys.get(label)!, 'finished', context.length)).update(context).digest('hex');
      expect(seen(server)).toBe(proof('SERVER_HANDSHAKE_TRAFFIC_SECRET', transcript([2, 8, 13, 11, 15])));
      expect(seen(client)).toBe(proof('CLIENT_HANDSHAKE_TRAFFIC_SECRET', transcript([2, 8, 13, 11, 15, 20], [5, 11, 15])));
    } else if (resumed) {
      const master = keys.get('CLIENT_RANDOM')!, hellos = [saidByClient.find((b) => b[0] === 1)!, saidByServer.find((b) => b[0] === 2)!];
      const hashed = (...said: Buffer[]): Buffer => createHash(hash).update(Buffer.concat(said)).digest();
      expect(seen(server)).toBe(prf(hash, master, 'server finished', hashed(...hellos), 12).toString('hex'));
      expect(seen(client)).toBe(prf(hash, master, 'client finished', hashed(...hellos, saidByServer.find((b) => b[0] === 20)!), 12).toString('hex'));
    } else {
      const master = keys.get('CLIENT_RANDOM')!;
      expect(seen(client)).toBe(prf(hash, master, 'client finished', transcript([2, 11, 22, 12, 13, 14], [11, 16, 15]), 12).toString('hex'));
      const whole = createHash(hash).update(Buffer.concat([saidByClient[0]!, ...saidByServer.filter((b) => ![4, 20].includes(b[0]!)), ...saidByClient.slice(1), ...saidByServer.filter((b) => b[0] === 4)])).digest();
      expect(seen(server)).toBe(prf(hash, master, 'server finished', whole, 12).toString('hex'));
    }
  });
  if (!resumed) it('the certificate names the site; ECDSA chains and signatures verify', () => {
    const name = new URL(connection.trace.requests[0]!.url).hostname;
    expect(chain[0]!.checkHost(name) ?? '').toBe(name);
    if (rsa) return expect(find(server, version === '1.3' ? 'CertificateVerify' : 'ServerKeyExchange').signature).toHaveLength(256);
    expect(chain[0]!.verify(chain[1]!.publicKey)).toBe(true);
    const signed = version === '1.3'
      ? Buffer.concat([Buffer.alloc(64, 32), Buffer.from('TLS 1.3, server CertificateVerify\0'), transcript([2, 8, 13, 11])])
      : Buffer.concat([...randoms, saidByServer.find((b) => b[0] === 12)!.subarray(4, -4 - find(server, 'ServerKeyExchange').signature.length)]);
    const { signature } = find(server, version === '1.3' ? 'CertificateVerify' : 'ServerKeyExchange');
    return expect(verify('sha256', signed, chain[0]!.publicKey, signature)).toBe(true);
  });
  const own = find(client, 'CertificateVerify') as Extract<Handshake, { name: 'CertificateVerify' }> | undefined;
  if (own) it('the client proves that it holds the key of its certificate', () => {
    const shown = new X509Certificate(find(client, 'Certificate').entries[0]!.der);
    const at = saidByClient.findIndex((b) => b[0] === 15);
    const signed = version === '1.3'
      ? Buffer.concat([Buffer.alloc(64, 32), Buffer.from('TLS 1.3, client CertificateVerify\0'), transcript([2, 8, 13, 11, 15, 20], [11])])
      : Buffer.concat([saidByClient[0]!, ...saidByServer.filter((b) => ![4, 20].includes(b[0]!)), ...saidByClient.slice(1, at)]);
    expect(verify('sha256', signed, shown.publicKey, own.signature)).toBe(true);
  });
  it('closes with an alert that opens, if it does', () => {
    for (const alert of [...sides[0].alerts, ...sides[1].alerts]) expect([...alert]).toEqual([1, 0]);
  });
});

it('a share of P-256 is a point of the curve', () => {
  const retry = connections.find((c) => c.name.startsWith('a second hello'))!;
  const share = all(retry);
  const jwk = { kty: 'EC', crv: 'P-256', x: share.subarray(1, 33).toString('base64url'), y: share.subarray(33).toString('base64url') };
  expect(createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyType).toBe('ec');
  function all(connection: Connection): Buffer {
    const { hello } = opened(connection);
    return Buffer.from(hello.extensions.find((e) => e.id === 51)!.data.subarray(4));
  }
});
it('ChaCha20-Poly1305 records open with OpenSSL', () => {
  const key = Buffer.alloc(32, 7), iv = Buffer.alloc(12, 9), plain = Buffer.from('hello\x17');
  const record = Buffer.from(sealRecord({ version: '1.3', suite: SUITE_CRYPTO[0x1303]!, key, iv }, 'application_data', plain, 3));
  const nonce = Buffer.from(iv);
  nonce[11]! ^= 3;
  const d = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 }).setAAD(record.subarray(0, 5), { plaintextLength: plain.length }).setAuthTag(record.subarray(-16));
  expect(Buffer.concat([d.update(record.subarray(5, -16)), d.final()]).toString()).toBe('hello\x17');
});
