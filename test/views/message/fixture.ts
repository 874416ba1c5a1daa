/** A small packet by hand: IP and TCP heads, a TLS record whose opened contents are an HTTP request, and a body too long to show at once. */
import type { Dissection, DissectionNode } from '../../../src/model/dissection';
import type { Layer } from '../../../src/model/ids';

type Rest = Partial<Pick<DissectionNode, 'value' | 'meaning' | 'spec' | 'bits' | 'children'>>;
/** A maker of nodes of one layer in one buffer. */
const of = (layer: Layer, buffer: number) => (name: string, start: number, end: number, rest: Rest = {}): DissectionNode =>
  ({ name, start, end, value: '', meaning: '', spec: '', bits: '', children: [], ...rest, layer, buffer });

const text = (s: string): number[] => Array.from(s, (c) => c.charCodeAt(0));
const REQUEST = 'GET /orders/42 HTTP/1.1\r\nHost: shop.example\r\nCookie: ' + 'a'.repeat(400) + '\r\n\r\n';
/** The opened record: request, content type. */
export const PLAIN = Uint8Array.from([...text(REQUEST), 23]);
const SEALED = PLAIN.length + 16;
const LENGTH = 20 + 20 + 5 + SEALED;
export const REQUEST_LENGTH = REQUEST.length;

const ip = [0x45, 0, LENGTH >> 8, LENGTH & 255, 0, 1, 0x40, 0, 64, 6, 0x12, 0x34, 192, 0, 2, 10, 203, 0, 113, 7];
const tcp = [0xc3, 0x50, 0x01, 0xbb, 0, 0, 0x10, 0x01, 0, 0, 0x20, 0x02, 0x50, 0x18, 1, 246, 0xab, 0xcd, 0, 0];
/** Noise, but always the same. */
const sealed = Array.from({ length: SEALED }, (_, i) => (i * 151 + 89) & 255);
export const WIRE_BYTES = Uint8Array.from([...ip, ...tcp, 23, 3, 3, SEALED >> 8, SEALED & 255, ...sealed]);

const n = of('network', -1), t = of('transport', -1), s = of('security', -1), o = of('security', 0), h = of('http', 0);
export const ipNode = n('Internet Protocol', 0, 20, {
  value: '192.0.2.10 to 203.0.113.7', spec: 'RFC 791 §3.1',
  children: [
    n('Version', 0, 1, { value: '4', bits: '0–3', spec: 'RFC 791 §3.1' }), n('IHL', 0, 1, { value: '5', bits: '4–7', meaning: '20 bytes of header', spec: 'RFC 791 §3.1' }),
    n('DSCP and ECN', 1, 2, { value: '0', spec: 'RFC 2474 §3' }), n('Total Length', 2, 4, { value: String(LENGTH), spec: 'RFC 791 §3.1' }), n('Identification', 4, 6, { value: '1', spec: 'RFC 6864 §4.1' }),
    n('Flags and Fragment Offset', 6, 8, { value: 'DF', meaning: 'routers may not fragment it', spec: 'RFC 791 §3.1' }), n('Time to Live', 8, 9, { value: '64', spec: 'RFC 791 §3.1' }),
    n('Protocol', 9, 10, { value: '6', meaning: 'TCP', spec: 'RFC 791 §3.1' }), n('Header Checksum', 10, 12, { value: '0x1234', spec: 'RFC 1071' }),
    n('Source Address', 12, 16, { value: '192.0.2.10', meaning: 'browser', spec: 'RFC 791 §3.1' }), n('Destination Address', 16, 20, { value: '203.0.113.7', meaning: 'shop.example', spec: 'RFC 791 §3.1' }),
  ],
});
const bit = (name: string, at: number, value: string, meaning = '') => t(name, 33, 34, { value, meaning, bits: String(at), spec: 'RFC 9293 §3.1' });
export const tcpNode = t('Transmission Control Protocol', 20, 40, {
  value: '50000 to 443', spec: 'RFC 9293 §3.1',
  children: [
    t('Source Port', 20, 22, { value: '50000', meaning: 'ephemeral', spec: 'RFC 9293 §3.1' }), t('Destination Port', 22, 24, { value: '443', meaning: 'https', spec: 'RFC 9293 §3.1' }),
    t('Sequence Number', 24, 28, { value: '4097', meaning: 'first byte of this segment', spec: 'RFC 9293 §3.4' }), t('Acknowledgment Number', 28, 32, { value: '8194', meaning: 'next byte expected', spec: 'RFC 9293 §3.4' }),
    t('Data Offset', 32, 33, { value: '5', bits: '0–3', meaning: '20 bytes of header', spec: 'RFC 9293 §3.1' }),
    t('Flags', 33, 34, { value: 'PSH ACK', spec: 'RFC 9293 §3.1', children: [bit('CWR', 0, '0'), bit('ECE', 1, '0'), bit('URG', 2, '0'), bit('ACK', 3, '1', 'the acknowledgement counts'), bit('PSH', 4, '1', 'hand it up at once'), bit('RST', 5, '0'), bit('SYN', 6, '0'), bit('FIN', 7, '0')] }),
    t('Window', 34, 36, { value: '502', meaning: '64 256 bytes after scaling by 7', spec: 'RFC 7323 §2.2' }), t('Checksum', 36, 38, { value: '0xabcd', spec: 'RFC 9293 §3.1' }), t('Urgent Pointer', 38, 40, { value: '0', spec: 'RFC 9293 §3.8.5' }),
  ],
});
const line = REQUEST.indexOf('\r\n'), host = REQUEST.indexOf('Host'), cookie = REQUEST.indexOf('Cookie');
export const httpNode = h('HTTP request', 0, REQUEST.length, {
  value: 'GET /orders/42', spec: 'RFC 9112 §3',
  children: [
    h('Request line', 0, line + 2, {
      value: 'GET /orders/42 HTTP/1.1', spec: 'RFC 9112 §3',
      children: [h('method', 0, 3, { value: 'GET', meaning: 'safe and idempotent', spec: 'RFC 9110 §9.3.1' }), h('request-target', 4, 14, { value: '/orders/42', spec: 'RFC 9112 §3.2' }), h('HTTP-version', 15, 23, { value: 'HTTP/1.1', spec: 'RFC 9112 §2.3' })],
    }),
    h('Host', host, cookie, { value: 'shop.example', meaning: 'which site of this address', spec: 'RFC 9110 §7.2' }),
    h('Cookie', cookie, REQUEST.length - 2, { value: 'a'.repeat(400), spec: 'RFC 6265 §5.4' }),
  ],
});
export const tlsNode = s('TLS record', 40, LENGTH, {
  value: 'application_data', spec: 'RFC 8446 §5.1',
  children: [
    s('opaque_type', 40, 41, { value: '23', meaning: 'application_data', spec: 'RFC 8446 §5.2' }), s('legacy_record_version', 41, 43, { value: '0x0303', meaning: 'always says 1.2', spec: 'RFC 8446 §5.2' }),
    s('length', 43, 45, { value: String(SEALED), spec: 'RFC 8446 §5.2' }),
    s('encrypted_record', 45, LENGTH, { value: `${SEALED} bytes`, meaning: 'ChaCha20-Poly1305', spec: 'RFC 8446 §5.2', children: [httpNode, o('type', REQUEST.length, REQUEST.length + 1, { value: '23', meaning: 'application_data', spec: 'RFC 8446 §5.2' })] }),
  ],
});
export const packet: Dissection = { bytes: WIRE_BYTES, plain: [PLAIN], nodes: [ipNode, tcpNode, tlsNode] };
/** The same without a payload: nothing to open. */
export const bare: Dissection = { bytes: WIRE_BYTES.subarray(0, 40), plain: [], nodes: [ipNode, tcpNode] };
/** Two records in one packet, each with a buffer of its own. */
export const twoRecords: Dissection = {
  bytes: Uint8Array.from([...ip, ...tcp, ...Array.from({ length: 20 }, (_, i) => i)]),
  plain: [Uint8Array.from([1, 2, 3]), Uint8Array.from([4, 5, 6])],
  nodes: [ipNode, tcpNode, ...[0, 1].map((k) => s('TLS record', 40 + 10 * k, 50 + 10 * k, { value: ['Certificate', 'Finished'][k]!, children: [s('encrypted_record', 45 + 10 * k, 50 + 10 * k, { children: [of('security', k)('type', 2, 3, { value: '22' })] })] }))],
};
