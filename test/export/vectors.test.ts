/** The key schedules and the record protection of `export/wire/tls` against published vectors. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { applicationSecrets13, finished13, handshakeSecrets13, prf12, trafficKeys13 } from '../../src/export/wire/tls/key-schedule';
import { innerPlaintext, sealRecord } from '../../src/export/wire/tls/protection';
import { sharedSecret } from '../../src/export/wire/tls/identity';
import { SUITE_CRYPTO } from '../../src/export/wire/tls/suites';
import { GROUP } from '../../src/model/tls/extensions';

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'vectors', name), 'utf8'));
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

describe('RFC 8448 §3', () => {
  const v = read('rfc8448.json');
  const m = v.messages as Record<string, string>;
  const hashOf = (...names: string[]): Uint8Array => sha256(bytes(names.map((n) => m[n]).join('')));
  const flight = ['client_hello', 'server_hello', 'encrypted_extensions', 'certificate'];
  const shared = sharedSecret(GROUP.x25519, bytes(v.client_private), bytes(m.server_hello!.slice(-76, -12)));
  const { handshake, master } = handshakeSecrets13(sha256, bytes(v.secrets.ecdhe), hashOf('client_hello', 'server_hello'));
  const application = applicationSecrets13(sha256, master, hashOf(...flight, 'certificate_verify', 'server_finished'));

  it('the shared secret of X25519', () => expect(hex(shared)).toBe(v.secrets.ecdhe));
  it('handshake, master, traffic and exporter secrets', () => {
    expect([...handshake, master, ...application.traffic, application.exporter].map(hex)).toEqual([
      v.secrets.client_hs_traffic, v.secrets.server_hs_traffic, v.secrets.master_secret, v.secrets.client_ap_traffic, v.secrets.server_ap_traffic, v.secrets.exporter_master,
    ]);
  });
  it('traffic keys', () => {
    const pairs = [[handshake[1], 'server_hs'], [handshake[0], 'client_hs'], [application.traffic[1], 'server_ap']] as const;
    for (const [secret, name] of pairs) {
      const { key, iv } = trafficKeys13(sha256, secret, 16);
      expect([hex(key), hex(iv)]).toEqual([v.keys[`${name}_key`], v.keys[`${name}_iv`]]);
    }
  });
  it('both Finished', () => {
    expect(hex(finished13(sha256, handshake[1], hashOf(...flight, 'certificate_verify')))).toBe(m.server_finished!.slice(8));
    expect(hex(finished13(sha256, handshake[0], hashOf(...flight, 'certificate_verify', 'server_finished')))).toBe(m.client_finished!.slice(8));
  });
  it('the server’s protected record', () => {
    const content = bytes([m.encrypted_extensions, m.certificate, m.certificate_verify, m.server_finished].join(''));
    const keys = { version: '1.3', suite: SUITE_CRYPTO[0x1301]!, ...trafficKeys13(sha256, handshake[1], 16) } as const;
    const record = hex(sealRecord(keys, 'handshake', innerPlaintext('1.3', 'handshake', content), 0));
    expect(record.length / 2).toBe(v.server_flight_record_length);
    expect(record.startsWith(v.server_flight_record_first_bytes)).toBe(true);
    expect(record.endsWith(v.server_flight_record_last_bytes)).toBe(true);
  });
});
it('the PRF of TLS 1.2', () => {
  const v = read('tls12-prf.json');
  expect(hex(prf12(sha256, bytes(v.secret), v.label, bytes(v.seed), v.output.length / 2))).toBe(v.output);
});
