/** An OCSP response that says "good" (RFC 6960 §4.2.1), as a server staples it to its certificate (RFC 6066 §8). Simplification: hashes and signature are bytes of the right length. */
import { randomBytes } from './bytes';
import { signatureBytes, type CertificateFacts } from './certificate';
import { bitString, integer, octets, oid, sequence, tagged, tlv, type Der } from './der';

const BASIC = oid(0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1), SHA1 = oid(0x2b, 0x0e, 3, 2, 0x1a), ECDSA = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2), RSA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11);
const time = (text: string): Der => tlv(0x18, Array.from(text, (c) => c.charCodeAt(0)));
const NULL: Der = [5, 0], GOOD: Der = [0x80, 0];

export function ocspResponse({ names, key }: Pick<CertificateFacts, 'names' | 'key'>): Uint8Array {
  const label = `${names[0] ?? ''} ocsp`;
  const serial = randomBytes(`${label} serial`, 20);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const single = sequence(
    sequence(sequence(SHA1, NULL), octets(randomBytes(`${label} name`, 20)), octets(randomBytes(`${label} key`, 20)), integer(serial)),
    GOOD, time('20261123120000Z'), tagged(0, time('20261130120000Z')),
  );
  const data = sequence(tagged(2, octets(randomBytes(`${label} responder`, 20))), time('20261123120000Z'), sequence(single));
  const basic = sequence(data, key === 'ecdsa' ? sequence(ECDSA) : sequence(RSA, NULL), bitString(signatureBytes(key, label)));
  return Uint8Array.from(sequence([0x0a, 1, 0], tagged(0, sequence(BASIC, octets(basic)))));
}
