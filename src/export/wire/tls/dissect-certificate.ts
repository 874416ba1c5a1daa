/** An X.509 certificate taken apart: DER (ITU-T X.690 §8), with the names of RFC 5280 §4.1 where they stand. */
import { en } from '../../../explain';
import { asciiText } from '../../../model/tls/bytes';
import { hexText, type Scan } from '../scan';

const words = en.wire.tls;
interface Element {
  readonly tag: number;
  readonly header: number;
  readonly length: number;
}
function elementAt(bytes: Uint8Array, at: number): Element {
  const first = bytes[at + 1] ?? 0;
  const more = first > 128 ? first - 128 : 0;
  let length = more > 0 ? 0 : first;
  for (let i = 0; i < more; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  return { tag: bytes[at] ?? 0, header: 2 + more, length };
}
const CONSTRUCTED = 0x20;
const TYPES: Readonly<Record<number, string>> = {
  1: 'BOOLEAN', 2: 'INTEGER', 3: 'BIT STRING', 4: 'OCTET STRING', 5: 'NULL', 6: 'OBJECT IDENTIFIER', 0x0c: 'UTF8String', 0x13: 'PrintableString', 0x17: 'UTCTime', 0x30: 'SEQUENCE', 0x31: 'SET',
};
const OIDS: Readonly<Record<string, string>> = {
  '550403': 'commonName', '55040a': 'organizationName', '550406': 'countryName', '2a8648ce3d0201': 'id-ecPublicKey', '2a8648ce3d030107': 'secp256r1', '2a8648ce3d040302': 'ecdsa-with-SHA256',
  '2a864886f70d010101': 'rsaEncryption', '2a864886f70d01010b': 'sha256WithRSAEncryption', '551d11': 'subjectAltName', '551d0f': 'keyUsage', '551d13': 'basicConstraints', '551d25': 'extKeyUsage',
  '551d0e': 'subjectKeyIdentifier', '551d23': 'authorityKeyIdentifier', '2b06010505070301': 'serverAuth', '2b06010505070302': 'clientAuth',
};
/** Fields of TBSCertificate and of Certificate in their order. */
const TBS = ['version', 'serialNumber', 'signature', 'issuer', 'validity', 'subject', 'subjectPublicKeyInfo', 'extensions'];
const CERTIFICATE = ['tbsCertificate', 'signatureAlgorithm', 'signatureValue'];
const NESTED: Readonly<Record<string, readonly string[]>> = { tbsCertificate: TBS, validity: ['notBefore', 'notAfter'], subjectPublicKeyInfo: ['algorithm', 'subjectPublicKey'] };

/** The certificate at the scan's place, to its end. */
export function dissectCertificate(scan: Scan): void {
  const { header } = elementAt(scan.bytes, scan.at);
  scan.field('SEQUENCE', header, { spec: 'RFC 5280 §4.1', value: '' });
  elements(scan, CERTIFICATE);
}
function elements(scan: Scan, names: readonly string[]): void {
  for (let i = 0; scan.left > 0; i++) element(scan, names[i] ?? '');
}
function element(scan: Scan, name: string): void {
  const { tag, header, length } = elementAt(scan.bytes, scan.at);
  const content = scan.bytes.subarray(scan.at + header, scan.at + header + length);
  const spec = name ? 'RFC 5280 §4.1' : 'X.690 §8';
  const shown = name || (TYPES[tag] ?? (tag & CONSTRUCTED ? `[${tag & 31}]` : `[${tag & 31}] IMPLICIT`));
  if (!(tag & CONSTRUCTED)) return void scan.field(shown, header + length, { spec, value: valueOf(tag, content), meaning: words.certificate[name] ?? '' });
  scan.group(shown, header + length, { spec, value: names(name, content), meaning: words.certificate[name] ?? '' }, (inner) => {
    inner.skip(header);
    elements(inner, NESTED[name] ?? []);
  });
}
function valueOf(tag: number, content: Uint8Array): string {
  if (tag === 6) return OIDS[hexText(content)] ?? hexText(content);
  if (tag === 0x0c || tag === 0x13 || tag === 0x17 || tag === 0x82) return asciiText(content);
  if (tag === 1) return content[0] === 0 ? 'FALSE' : 'TRUE';
  return hexText(content);
}
/** The common name in an issuer or subject: its last string. */
function names(name: string, content: Uint8Array): string {
  if (name !== 'issuer' && name !== 'subject') return '';
  for (let at = content.length - 1; at > 1; at--) if (content[at - 1] === 0x0c && at + 1 + content[at]! === content.length) return asciiText(content.subarray(at + 1));
  return '';
}
