/** A TLS record taken apart: the header as it travelled, what it holds as it was before it was sealed (RFC 8446 §5, RFC 5246 §6.2). */
import { en } from '../../../explain';
import type { DissectionNode } from '../../../model/dissection';
import { CONTENT_TYPE } from './protection';
import { hexNumber, Scan } from '../scan';
import type { WireRecord } from './conversation';
import { dissectHandshake } from './dissect-handshake';
import { alertName, versionName } from './names';

const words = en.wire.tls;
const typeName = (n: number): string => Object.entries(CONTENT_TYPE).find(([, code]) => code === n)?.[0] ?? String(n);

/**
 * `buffer`: number of the opened content among the dissection's plain buffers. `application`: nodes of application data,
 * placed in that buffer.
 */
export function dissectRecord(record: WireRecord, name: string, buffer: number, application: () => readonly DissectionNode[]): DissectionNode {
  const { bytes, inner, version, body } = record;
  const scan = new Scan(bytes, 'security');
  const spec = version === '1.3' ? 'RFC 8446 §5.1' : 'RFC 5246 §6.2.1';
  const hidden = version === '1.3' && inner !== null;
  scan.number(hidden ? 'opaque_type' : 'type', 1, { spec, value: (n) => `${typeName(n)} (${n})`, meaning: hidden ? words.opaqueType : '' });
  scan.number(version === '1.3' ? 'legacy_record_version' : 'version', 2, { spec, value: (n) => `${versionName(n)} (${hexNumber(n, 4)})`, meaning: version === '1.3' ? words.recordVersion : '' });
  scan.number('length', 2, { spec });
  if (inner) {
    if (version === '1.2') scan.field('nonce_explicit', 8, { spec: 'RFC 5288 §3', meaning: words.explicitNonce });
    const opened = plaintext(record, inner, buffer, application);
    const sealed = scan.left - 16;
    scan.field('encrypted_record', sealed, { spec: version === '1.3' ? 'RFC 8446 §5.2' : 'RFC 5246 §6.2.3.3', meaning: words.sealed(record.sequence), children: [opened] });
    scan.field('authentication tag', 16, { spec: 'RFC 5116 §5.1', meaning: words.tag });
  } else content(scan, record);
  return scan.whole('TLS record', { spec, value: body.type === 'application_data' ? body.type : name, meaning: inner ? words.protectedRecord : words.openRecord });
}
function plaintext(record: WireRecord, inner: Uint8Array, buffer: number, application: () => readonly DissectionNode[]): DissectionNode {
  const { version, body, content: held } = record;
  const scan = new Scan(inner, 'security', 0, inner.length, buffer);
  if (body.type === 'application_data') {
    scan.nodes.push(...application());
    scan.skip(held.length);
  } else content(new Scan(inner, 'security', 0, held.length, buffer), record, scan);
  if (version === '1.3') scan.number('type', 1, { spec: 'RFC 8446 §5.2', value: (n) => `${typeName(n)} (${n})`, meaning: words.innerType });
  return scan.whole(version === '1.3' ? 'TLSInnerPlaintext' : 'TLSPlaintext.fragment', { spec: version === '1.3' ? 'RFC 8446 §5.2' : 'RFC 5246 §6.2.1', meaning: words.opened });
}
/** Fields of what is no application data; they are added to `into`, which then stands behind them. */
function content(scan: Scan, record: WireRecord, into: Scan = scan): void {
  const { body, version } = record;
  if (body.type === 'handshake') {
    const rsa = body.terms?.certificate.key === 'rsa';
    while (scan.left > 3) dissectHandshake(scan, { version, rsa });
  } else if (body.type === 'alert') {
    scan.number('level', 1, { spec: 'RFC 8446 §6', value: (n) => (n === 1 ? 'warning' : 'fatal') });
    scan.number('description', 1, { spec: 'RFC 8446 §6', value: (n) => `${alertName(n)} (${n})` });
  } else scan.number('change_cipher_spec', 1, { spec: version === '1.3' ? 'RFC 8446 §5' : 'RFC 5246 §7.1', meaning: version === '1.3' ? words.ccs13 : words.ccs12 });
  if (into === scan) return;
  into.nodes.push(...scan.nodes);
  into.at = scan.at;
}
