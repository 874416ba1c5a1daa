/**
 * ClientHello as real clients send it: OpenSSL 3.0, curl 7.88 on top of it, Chromium. Sizes are held to measured
 * packets by a test. Order of suites and extensions as OpenSSL's `ext_defs` and BoringSSL write them.
 */
import { randomBytes, Writer } from './bytes';
import {
  alpn, ecPointFormats, EXTENSION, extension, GROUP, offeredPsk, offeredShares, offeredVersions, pskModes, serverName, SHARE_BYTES, u16List, VERSION_CODE,
} from './extensions';
import type { ResumeOffer } from './resumption';
import { transportParameterBytes, type TransportParameters } from '../quic/transport-parameters';
import { sessionId12, SUITES, ticketOf } from './messages';
import { encodeHandshake, type Extension, type Handshake, type TlsVersion } from './handshake';

/**
 * `openssl`: library defaults. `curl`: the same with SSL_OP_ALL (padding), without TLS 1.2 tickets, with
 * post-handshake authentication. `chromium`: GREASE, a post-quantum share beside X25519, no room in one segment.
 */
export type HelloProfile = 'openssl' | 'curl' | 'chromium';
export interface HelloSpec {
  readonly profile: HelloProfile;
  readonly versionMin: TlsVersion;
  readonly versionMax: TlsVersion;
  readonly serverName: string;
  /** What is offered, the best first; empty: no ALPN. */
  readonly alpn: readonly string[];
  /** Keys the random content. */
  readonly label: string;
  /** Second hello: the one group that a HelloRetryRequest asked for (RFC 8446 §4.1.2). */
  readonly retryGroup?: number;
  /** A session that the client would take up again. */
  readonly resume?: ResumeOffer;
  /** The hello goes in QUIC's CRYPTO frames, and says what this end allows (RFC 9001 §8.2). */
  readonly quic?: TransportParameters;
  /** OpenSSL from 3.5 on: a post-quantum share beside X25519 in its default hello. */
  readonly postQuantum?: boolean;
}

const SUITES_13 = [0x1302, 0x1303, 0x1301];
/** OpenSSL's default list for 1.2 at security level 2. */
const SUITES_12 = [
  0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc024, 0xc028, 0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009,
  0xc013, 0x0033, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f,
];
/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV, RFC 5746 §3.3. */
const RENEGOTIATION_SCSV = 0x00ff;
const CURVES = [GROUP.x25519, GROUP.secp256r1, GROUP.x448, GROUP.secp521r1, GROUP.secp384r1];
const FINITE_FIELDS = [0x0100, 0x0101, 0x0102, 0x0103, 0x0104];
/** OpenSSL's list, which its server sends as well when it asks for a certificate. */
export const SIGNATURES = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602,
];
/** OpenSSL 3.5: ML-DSA-65, 87, 44 before the others. */
const ML_DSA = [0x0905, 0x0906, 0x0904];
const CHROMIUM_SUITES = [
  0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
];
const CHROMIUM_SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
const X25519_BYTES = SHARE_BYTES[GROUP.x25519]!;
/** ML-KEM-768 encapsulation key with an X25519 share (draft-ietf-tls-ecdhe-mlkem §4.1). */
const HYBRID_BYTES = 1184 + X25519_BYTES;

/** Suites in the order of preference. */
export function offeredSuites({ profile, versionMin, versionMax }: Pick<HelloSpec, 'profile' | 'versionMin' | 'versionMax'>): readonly number[] {
  if (profile === 'chromium') return versionMin === '1.3' ? CHROMIUM_SUITES.slice(0, 3) : CHROMIUM_SUITES;
  return [...(versionMax === '1.3' ? SUITES_13 : []), ...(versionMin === '1.2' ? SUITES_12 : []), RENEGOTIATION_SCSV];
}
/** Groups that the client can do and a server of the model can choose, the best first. */
export const offeredGroups = ({ profile, postQuantum }: Pick<HelloSpec, 'profile' | 'postQuantum'>): readonly number[] => (profile === 'chromium' || postQuantum ? [GROUP.x25519MlKem768, GROUP.x25519, GROUP.secp256r1] : [GROUP.x25519, GROUP.secp256r1]);
/** Groups for which the hello brings a share that a server of the model can take. */
export const sharedGroups = ({ retryGroup, profile, postQuantum }: Pick<HelloSpec, 'retryGroup' | 'profile' | 'postQuantum'>): readonly number[] =>
  retryGroup !== undefined ? [retryGroup] : profile === 'chromium' || postQuantum ? [GROUP.x25519MlKem768, GROUP.x25519] : [GROUP.x25519];
/** Whether the client asks for a stapled OCSP response (RFC 6066 §8): Chromium does, curl only with --cert-status. */
export const asksStatus = ({ profile }: Pick<HelloSpec, 'profile'>): boolean => profile === 'chromium';
/** Whether the client takes session tickets in TLS 1.2 (curl switches them off). */
export const offersTickets12 = (profile: HelloProfile): boolean => profile !== 'curl';

/** The hello; its encoding is `clientHelloBytes`. */
export function clientHello(spec: HelloSpec): Handshake {
  const tls13 = spec.versionMax === '1.3';
  const chromium = spec.profile === 'chromium';
  const suites = offeredSuites(spec);
  return {
    name: 'ClientHello', legacyVersion: VERSION_CODE['1.2'], random: randomBytes(`${spec.label} client random`, 32),
    // Middlebox compatibility mode (RFC 8446 §D.4): a 1.3 client sends a session id that means nothing.
    // QUIC has no middleboxes to please (RFC 9001 §8.4)
    sessionId: spec.quic ? new Uint8Array(0) : spec.resume?.session.terms.version === '1.2' ? sessionId12(spec.resume.session) : randomBytes(`${spec.label} session id`, tls13 ? 32 : 0),
    suites: chromium ? [grease(spec, 0), ...suites] : suites, compression: Uint8Array.of(0),
    extensions: [...(chromium ? chromiumExtensions(spec) : padded(spec, opensslExtensions(spec, tls13))), ...transportParameters(spec), ...pskOffer(spec)],
  };
}
const transportParameters = ({ quic }: HelloSpec): Extension[] => (quic ? [{ id: EXTENSION.quicTransportParameters, data: transportParameterBytes(quic) }] : []);
export const clientHelloBytes = (spec: HelloSpec): Uint8Array => encodeHandshake(clientHello(spec), spec.versionMax);

const lengths = new Map<string, number>();
/** Length of the encoding with its header, remembered by what it depends on. */
export function clientHelloLength(spec: HelloSpec): number {
  const key = `${spec.profile} ${spec.versionMin} ${spec.versionMax} ${spec.serverName.length} ${spec.alpn.join()} ${spec.profile === 'chromium' ? echPayload(spec) : 0} ${spec.retryGroup ?? 0} ${spec.postQuantum ?? false} ${spec.quic ? transportParameterBytes(spec.quic).length : ''} ${resumeKey(spec)}`;
  let n = lengths.get(key);
  if (n === undefined) {
    if (lengths.size > 500) lengths.clear();
    lengths.set(key, (n = clientHelloBytes(spec).length));
  }
  return n;
}

const resumeKey = ({ resume }: HelloSpec): string => (resume ? `${resume.session.terms.version} ${resume.session.ticketBytes} ${resume.session.terms.suite} ${resume.early}` : '');
/** Content of the session_ticket extension: the ticket of TLS 1.2, or nothing (RFC 5077 §3.2). */
const ticket12 = ({ resume }: HelloSpec): Extension =>
  extension(EXTENSION.sessionTicket, (w) => {
    if (resume?.session.by === 'ticket' && resume.session.terms.version === '1.2') w.raw(ticketOf(resume.session).ticket);
  });
/** early_data and pre_shared_key, which is the last (RFC 8446 §4.2.11). Its binder is as long as the hash of the session's suite. */
function pskOffer({ resume }: HelloSpec): Extension[] {
  if (resume?.session.terms.version !== '1.3') return [];
  const { ticket, ageAdd } = ticketOf(resume.session);
  return [...(resume.early ? [extension(EXTENSION.earlyData)] : []), offeredPsk(ticket, resume.ageMs + ageAdd, new Uint8Array(SUITES[resume.session.terms.suite]!.hashBytes))];
}
/** Bytes that `pskOffer` adds: OpenSSL pads a hello as if they were there. */
const pskBytes = (spec: HelloSpec): number => pskOffer(spec).reduce((sum, e) => sum + 4 + e.data.length, 0);

function opensslExtensions(spec: HelloSpec, tls13: boolean): Extension[] {
  const curl = spec.profile === 'curl', quicOnly = spec.quic !== undefined;
  return [
    ...(spec.serverName ? [serverName(spec.serverName)] : []),
    ecPointFormats([0, 1, 2]),
    u16List(EXTENSION.supportedGroups, spec.postQuantum ? [GROUP.x25519MlKem768, ...CURVES, ...FINITE_FIELDS.slice(0, 2)] : tls13 ? [...CURVES, ...FINITE_FIELDS] : CURVES),
    ...(curl ? [] : [ticket12(spec)]),
    ...(spec.alpn.length > 0 ? [alpn(spec.alpn)] : []),
    ...(quicOnly ? [] : [extension(EXTENSION.encryptThenMac), extension(EXTENSION.extendedMasterSecret)]),
    ...(curl && tls13 && !quicOnly ? [extension(EXTENSION.postHandshakeAuth)] : []),
    u16List(EXTENSION.signatureAlgorithms, spec.postQuantum ? [...ML_DSA, ...SIGNATURES] : SIGNATURES),
    ...(tls13
      ? [
          offeredVersions(spec.versionMin === '1.3' ? [VERSION_CODE['1.3']] : [VERSION_CODE['1.3'], VERSION_CODE['1.2']]),
          pskModes(),
          offeredShares(spec.retryGroup === undefined ? [...(spec.postQuantum ? [{ group: GROUP.x25519MlKem768, key: randomBytes(`${spec.label} hybrid share`, HYBRID_BYTES) }] : []), { group: GROUP.x25519, key: randomBytes(`${spec.label} client share`, X25519_BYTES) }] : retryShare(spec.retryGroup, spec.label)),
        ]
      : []),
  ];
}
/** The only share of a second hello. */
const retryShare = (group: number, label: string): { group: number; key: Uint8Array }[] => [{ group, key: randomBytes(`${label} retry share`, SHARE_BYTES[group]!) }];
/** RFC 7685 §4: a hello of 256 to 511 bytes is made 512 long. */
function padded(spec: HelloSpec, extensions: Extension[]): Extension[] {
  if (spec.profile !== 'curl') return extensions;
  const head = 4 + 2 + 32 + 1 + (spec.versionMax === '1.3' ? 32 : 0) + 2 + 2 * offeredSuites(spec).length + 2 + 2;
  const length = extensions.reduce((sum, e) => sum + 4 + e.data.length, head) + pskBytes(spec);
  if (length <= 255 || length >= 512) return extensions;
  return [...extensions, { id: EXTENSION.padding, data: new Uint8Array(Math.max(0, 512 - length - 4)) }];
}

/** RFC 8701: values that mean nothing, so that servers keep ignoring what they do not know. */
const grease = ({ label }: HelloSpec, which: number): number => 0x0a0a + 0x1010 * (randomBytes(`${label} grease ${which}`, 1)[0]! & 15);
/** Length of the encrypted client hello that Chromium pretends to send: 128 to 224 in steps of 32, and the tag of its cipher. */
const echPayload = ({ label }: HelloSpec): number => 128 + 32 * (randomBytes(`${label} ech`, 1)[0]! & 3) + 16;
/**
 * Simplification: Chromium permutes the order; here it is fixed. What fills `trustAnchors` is not known to us: its
 * length is what is left of the measured hello of Chromium 156 (1,943 and 1,975 bytes).
 */
const TRUST_ANCHOR_BYTES = 194;
function chromiumExtensions(spec: HelloSpec): Extension[] {
  const { label } = spec;
  const ech = (w: Writer): Writer =>
    w.u8(0).u16(1).u16(1).u8(randomBytes(`${label} ech id`, 1)[0]!).opaque(2, randomBytes(`${label} ech key`, 32)).opaque(2, randomBytes(`${label} ech payload`, echPayload(spec)));
  return [
    extension(grease(spec, 1)),
    serverName(spec.serverName),
    extension(EXTENSION.extendedMasterSecret),
    extension(EXTENSION.renegotiationInfo, (w) => w.u8(0)),
    u16List(EXTENSION.supportedGroups, [grease(spec, 2), GROUP.x25519MlKem768, GROUP.x25519, GROUP.secp256r1, GROUP.secp384r1]),
    ecPointFormats([0]),
    ticket12(spec),
    alpn(spec.alpn),
    extension(EXTENSION.statusRequest, (w) => w.u8(1).u16(0).u16(0)),
    u16List(EXTENSION.signatureAlgorithms, CHROMIUM_SIGNATURES),
    extension(EXTENSION.signedCertificateTimestamp),
    offeredShares(
      spec.retryGroup !== undefined
        ? retryShare(spec.retryGroup, label)
        : [
            { group: grease(spec, 2), key: Uint8Array.of(0) },
            { group: GROUP.x25519MlKem768, key: randomBytes(`${label} hybrid share`, HYBRID_BYTES) },
            { group: GROUP.x25519, key: randomBytes(`${label} client share`, X25519_BYTES) },
          ],
    ),
    pskModes(),
    offeredVersions([grease(spec, 3), VERSION_CODE['1.3'], ...(spec.quic ? [] : [VERSION_CODE['1.2']])]),
    extension(EXTENSION.compressCertificate, (w) => w.vector(1, (list) => list.u16(2))),
    extension(EXTENSION.applicationSettings, (w) => w.vector(2, (list) => list.opaque(1, [0x68, spec.quic ? 0x33 : 0x32]))),
    extension(EXTENSION.trustAnchors, (w) => w.raw(randomBytes(`${label} anchors`, TRUST_ANCHOR_BYTES))),
    extension(EXTENSION.encryptedClientHello, ech),
    extension(grease(spec, 4), (w) => w.u8(0)),
  ];
}
