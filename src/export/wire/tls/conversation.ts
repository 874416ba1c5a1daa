/**
 * One TLS connection of a run as it would really have been: every handshake message with true key shares, signatures and
 * verify_data, the secrets that follow from them, every record sealed. Law: a pure function of the run's messages; the
 * length of each record is the one that the run counted with (model decision 12). RFC 8446 §2, RFC 5246 §7.3.
 */
import { assert } from '../../../base/assert';
import { childrenOf } from '../../../model/carried';
import type { Flow, Message } from '../../../model/stream';
import { ascii, randomBytes, Writer } from '../../../model/tls/bytes';
import { clientHello, type HelloSpec } from '../../../model/tls/client-hello';
import { chosenShare, contentOf, EXTENSION, GROUP, offeredPsk, offeredShares, readOfferedPsk, readOfferedShares } from '../../../model/tls/extensions';
import { encodeHandshake, type Handshake, type HandshakeName, type TlsVersion } from '../../../model/tls/handshake';
import { handshakeMessage, ticketOf, type Terms } from '../../../model/tls/messages';
import type { ResumableSession } from '../../../model/tls/resumption';
import { ALERTS } from '../../../protocols/tls/alerts';
import type { RecordBody } from '../../../protocols/tls/record';
import { handshakeSignature, sharedSecret, sharePair, signedChain, type KeyPair } from './identity';
import {
  applicationSecrets13, binder13, earlySecret13, earlyTraffic13, extendedMaster12, finished12, finished13, handshakeSecrets13, keyBlock12, ticketSecret13, trafficKeys13,
} from './key-schedule';
import { CONTENT_TYPE, innerPlaintext, recordHeader, sealRecord, type RecordKeys } from './protection';
import { SUITE_CRYPTO } from './suites';

/** Where a protected record stands in its direction. */
interface Place {
  readonly epoch: 'early' | 'handshake' | 'application';
  readonly sequence: number;
}
/** A record in the clear and on the wire. */
export interface WireRecord {
  readonly bytes: Uint8Array;
  /** Of a protected record: what was encrypted (1.3: with the true content type at its end); null for one in the clear. */
  readonly inner: Uint8Array | null;
  readonly content: Uint8Array;
  readonly version: TlsVersion;
  readonly body: RecordBody;
  /** Number that the nonce was made of; -1 in the clear. */
  readonly sequence: number;
  /** First byte of the stream on top that it carries; -1 when it carries none. */
  readonly plainStart: number;
}
type Sender = 0 | 1;
/** Type octet of the stand-in for a first hello (RFC 8446 §4). */
const MESSAGE_HASH = 254;
const FIRST_RECORD_VERSION = 0x0301;
/** What a CertificateVerify of TLS 1.3 signs (RFC 8446 §4.4.3). */
const signedText = (who: 'client' | 'server', transcript: Uint8Array): Uint8Array => new Writer().raw(new Uint8Array(64).fill(32)).raw(ascii(`TLS 1.3, ${who} CertificateVerify`)).u8(0).raw(transcript).done();
const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** `plainBytes(from, to)` gives application data of a direction: bytes of the stream on top; `earlier(label)` the connection on which a session was agreed on. */
export class TlsConversation {
  /** Lines of an NSS key log (draft-ietf-tls-keylogfile), empty when no keys were agreed on. */
  readonly keyLog: readonly string[];
  private readonly terms: Terms | null;
  /** Terms of what the client said about itself, when it was asked. */
  private readonly own: Terms | null;
  /** Handshake messages as on the wire, by sender, name and ordinal. */
  private readonly handshake = new Map<string, Uint8Array>();
  private readonly keys = new Map<string, RecordKeys>();
  /** Secrets of 1.3 that keys are made from, for QUIC's packets. */
  private readonly traffic = new Map<string, Uint8Array>();
  private readonly places = new Map<Message, Place>();
  private readonly plainStarts = new Map<Message, number>();
  private readonly ordinals = new Map<Message, number>();
  private readonly known = new Map<Message, WireRecord>();
  /** Master secret, and of 1.3 the hash of the whole handshake: what tickets stand for. */
  private earlySuite: number | undefined;
  private secrets: { readonly master: Uint8Array; readonly handshakeHash: Uint8Array } | null = null;

  constructor(
    flow: Flow, private readonly plainBytes: (sender: Sender, from: number, to: number) => Uint8Array,
    private readonly earlier: (label: string) => TlsConversation | null = () => null,
  ) {
    const records = flow.content.map((c) => c.messages.filter((m) => m.protocol === 'tls'));
    const bodies = records.flat().map((m) => m.body as RecordBody);
    const hellos = bodies.flatMap((b) => b.hello ?? []);
    const all = bodies.flatMap((b) => b.terms ?? []);
    const agreed = all.filter((t) => t.client === undefined);
    this.terms = agreed[agreed.length - 1] ?? null;
    this.own = all.find((t) => t.client !== undefined) ?? null;
    records.forEach((list, sender) => this.number(list, sender as Sender));
    const retried = records[1]!.some((m) => childrenOf(m)[0]?.name === 'HelloRetryRequest');
    hellos.forEach((hello, i) => this.handshake.set(`0 ClientHello ${i}`, this.helloBytes(hello, i > 0 && retried)));
    const last = hellos[hellos.length - 1];
    const { terms } = this;
    const early = hellos[0] ? this.earlyKeys(hellos[0]) : [];
    if (!last || !terms || !SUITE_CRYPTO[terms.suite] || hellos.length < (retried ? 2 : 1)) {
      if (retried) this.put(1, handshakeMessage('HelloRetryRequest', this.terms!));
      this.keyLog = early;
      return;
    }
    const clientRandom = randomOf(clientHello(last));
    const lines = terms.version === '1.3' ? this.agree13(terms, retried) : this.agree12(terms, clientRandom);
    // who sends a copied hello holds no key, and a key log tells connections apart by the hello's random
    this.keyLog = terms.again !== undefined ? [] : [...early, ...lines.map(([label, secret]) => logLine(label, clientRandom, secret))];
  }
  /** The secret behind a ticket that this connection gave; null when its handshake was never finished. */
  ticketSecret(session: ResumableSession): Uint8Array | null {
    const crypto = SUITE_CRYPTO[session.terms.suite];
    return this.secrets && crypto ? ticketSecret13(crypto.hash, this.secrets.master, this.secrets.handshakeHash, ticketOf(session).nonce) : null;
  }
  /** The secret of a level of QUIC, and the suite that it is for; null where this connection never came to it. */
  secretOf(epoch: 'early' | 'handshake' | 'application', sender: Sender): { readonly suite: number; readonly secret: Uint8Array } | null {
    const secret = this.traffic.get(`${sender} ${epoch}`), suite = epoch === 'early' ? this.earlySuite : this.terms?.suite;
    return secret && suite !== undefined ? { suite, secret } : null;
  }
  private psk(session: ResumableSession): Uint8Array {
    const { hash } = SUITE_CRYPTO[session.terms.suite]!;
    return this.earlier(session.terms.label)?.ticketSecret(session) ?? new Uint8Array(hash.outputLen);
  }
  /** Keys of early data, and their line of the key log. */
  private earlyKeys(hello: HelloSpec): string[] {
    if (!hello.resume?.early) return [];
    const { session } = hello.resume, { hash, keyBytes } = SUITE_CRYPTO[session.terms.suite]!;
    const secret = earlyTraffic13(hash, earlySecret13(hash, this.psk(session)), hash(this.message(0, 'ClientHello')!));
    this.earlySuite = session.terms.suite;
    this.traffic.set('0 early', secret);
    this.keys.set('0 early', { version: '1.3', suite: SUITE_CRYPTO[session.terms.suite]!, ...trafficKeys13(hash, secret, keyBytes) });
    return [logLine('CLIENT_EARLY_TRAFFIC_SECRET', randomOf(clientHello(hello)), secret)];
  }
  /** A hello with real public keys and a binder that proves the ticket's secret; of a post-quantum share only the X25519 part is real. */
  private helloBytes(spec: HelloSpec, second: boolean): Uint8Array {
    const hello = clientHello(spec);
    if (hello.name !== 'ClientHello') return encodeHandshake(hello, spec.versionMax);
    const extensions = hello.extensions.map((e) => (e.id === EXTENSION.keyShare ? { id: e.id, data: withRealShares(e.data, spec.label) } : e));
    const bytes = encodeHandshake({ ...hello, extensions }, spec.versionMax);
    const offered = contentOf(extensions, EXTENSION.preSharedKey);
    if (!offered || !spec.resume) return bytes;
    const { hash } = SUITE_CRYPTO[spec.resume.session.terms.suite]!;
    const transcript = hash.create();
    if (second) transcript.update(new Writer().u8(MESSAGE_HASH).opaque(3, hash(this.message(0, 'ClientHello')!)).done()).update(this.put(1, handshakeMessage('HelloRetryRequest', this.terms!)));
    // all but the list of binders: two bytes of its length, one of the binder's, the binder
    const binder = binder13(hash, earlySecret13(hash, this.psk(spec.resume.session)), transcript.update(bytes.subarray(0, bytes.length - 3 - hash.outputLen)).digest());
    const { ticket, age } = readOfferedPsk(offered).tickets[0]!;
    return encodeHandshake({ ...hello, extensions: extensions.map((e) => (e.id === EXTENSION.preSharedKey ? offeredPsk(ticket, age, binder) : e)) }, spec.versionMax);
  }

  /** The record of `message`, made on first use. */
  record(message: Message): WireRecord {
    let record = this.known.get(message);
    if (!record) this.known.set(message, (record = this.make(message)));
    return record;
  }
  /** A handshake message with its header, as on the wire; undefined when this connection never came to it. */
  message(sender: Sender, name: HandshakeName, ordinal = 0): Uint8Array | undefined {
    return this.handshake.get(`${sender} ${name} ${ordinal}`);
  }

  private make(message: Message): WireRecord {
    const body = message.body as RecordBody;
    const sender = message.direction;
    const version = body.early ? '1.3' : (this.terms?.version ?? body.hello?.versionMax ?? '1.2');
    const content = this.content(message, body, sender);
    const place = this.places.get(message);
    const keys = place && this.keys.get(`${sender} ${version === '1.3' ? place.epoch : 'application'}`);
    const plainStart = this.plainStarts.get(message) ?? -1;
    let record: WireRecord;
    if (body.level !== undefined) record = { bytes: content, inner: null, content, version, body, sequence: -1, plainStart };
    else if (place && keys) {
      const inner = innerPlaintext(version, body.type, content);
      record = { bytes: sealRecord(keys, body.type, inner, place.sequence), inner, content, version, body, sequence: place.sequence, plainStart };
    } else {
      const header = recordHeader(CONTENT_TYPE[body.type], content.length, body.hello ? FIRST_RECORD_VERSION : undefined);
      record = { bytes: new Writer().raw(header).raw(content).done(), inner: null, content, version, body, sequence: -1, plainStart };
    }
    assert(record.bytes.length === message.bytes, `the record ${message.name} has the length that the run counted with`);
    return record;
  }
  private content(message: Message, body: RecordBody, sender: Sender): Uint8Array {
    if (body.type === 'application_data') {
      const start = this.plainStarts.get(message)!;
      return this.plainBytes(sender, start, start + body.plain);
    }
    if (body.type === 'change_cipher_spec') return Uint8Array.of(1);
    if (body.type === 'alert') return Uint8Array.of(body.alert === 'close_notify' ? 1 : 2, ALERTS[body.alert ?? ''] ?? 0);
    const w = new Writer();
    childrenOf(message).forEach((child, i) => {
      const bytes = this.message(sender, child.name as HandshakeName, i === 0 ? this.ordinals.get(message)! : 0);
      w.raw(bytes ?? randomBytes(`${message.id} ${child.name}`, child.end - child.start));
    });
    return w.done();
  }

  /** Numbers the records of one direction, and says which keys each is sealed with. */
  private number(records: readonly Message[], sender: Sender): void {
    let epoch: Place['epoch'] = 'handshake';
    let sequence = 0, plain = 0, earlySequence = 0, later = false;
    const seen = new Map<string, number>();
    for (const message of records) {
      const body = message.body as RecordBody;
      const name = childrenOf(message)[0]?.name ?? '';
      if (body.type === 'handshake') {
        this.ordinals.set(message, seen.get(name) ?? 0);
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (name === 'NewSessionTicket' && this.terms) this.put(sender, handshakeMessage(name, this.terms, String(seen.get(name))), this.ordinals.get(message)!);
      } else if (body.type === 'application_data') {
        // what was sent early and not taken goes out again from its beginning
        if (!body.early && !later && this.terms?.earlyData !== true) plain = 0;
        later ||= !body.early;
        this.plainStarts.set(message, plain);
        plain += body.plain;
      }
      if (!body.encrypted) continue;
      if (body.early) {
        this.places.set(message, { epoch: 'early', sequence: earlySequence++ });
        continue;
      }
      this.places.set(message, { epoch, sequence: sequence++ });
      // RFC 8446 §4.4.4: what follows one's own Finished is sealed with application keys, numbered anew
      if (this.terms?.version === '1.3' && body.type === 'handshake' && name === 'Finished') {
        epoch = 'application';
        sequence = 0;
      }
    }
  }
  private put(sender: Sender, message: Handshake, ordinal = 0): Uint8Array {
    const bytes = encodeHandshake(message, this.terms!.version);
    this.handshake.set(`${sender} ${message.name} ${ordinal}`, bytes);
    return bytes;
  }
  private protect(sender: Sender, epoch: Place['epoch'], keys: { readonly key: Uint8Array; readonly iv: Uint8Array }): void {
    const { version, suite } = this.terms!;
    this.keys.set(`${sender} ${epoch}`, { version, suite: SUITE_CRYPTO[suite]!, ...keys });
  }

  private agree13(terms: Terms, retried: boolean): [string, Uint8Array][] {
    const { hash, keyBytes } = SUITE_CRYPTO[terms.suite]!;
    const { group, client, server } = pairsOf(terms);
    const transcript = hash.create();
    const say = (sender: Sender, message: Handshake): void => void transcript.update(this.put(sender, message));
    const soFar = (): Uint8Array => transcript.clone().digest();
    const first = this.message(0, 'ClientHello')!;
    if (retried) {
      // RFC 8446 §4.4.1: of the first hello only its hash goes on
      transcript.update(new Writer().u8(MESSAGE_HASH).opaque(3, hash(first)).done());
      say(1, handshakeMessage('HelloRetryRequest', terms));
      transcript.update(this.message(0, 'ClientHello', 1)!);
    } else transcript.update(first);
    const hello = handshakeMessage('ServerHello', terms);
    say(1, hello.name === 'ServerHello' ? { ...hello, extensions: hello.extensions.map((e) => (e.id === EXTENSION.keyShare ? chosenShare(group, server.public) : e)) } : hello);
    const early = earlySecret13(hash, terms.resumed ? this.psk(terms.resumed) : null);
    const { handshake, master } = handshakeSecrets13(hash, sharedSecret(group, client.secret, server.public), soFar(), early);
    say(1, handshakeMessage('EncryptedExtensions', terms));
    if (terms.asksClient) say(1, handshakeMessage('CertificateRequest', terms));
    if (!terms.resumed) say(1, certificate(terms));
    const verify = handshakeMessage('CertificateVerify', terms);
    if (verify.name === 'CertificateVerify' && !terms.resumed) say(1, { ...verify, signature: handshakeSignature(terms.certificate, signedText('server', soFar())) });
    say(1, { name: 'Finished', verifyData: finished13(hash, handshake[1], soFar()) });
    const { traffic, exporter } = applicationSecrets13(hash, master, soFar());
    if (terms.earlyData && !terms.quic) say(0, { name: 'EndOfEarlyData' });
    if (this.own) {
      say(0, ownCertificate(this.own));
      const proof = handshakeMessage('CertificateVerify', this.own);
      if (this.own.client && proof.name === 'CertificateVerify') say(0, { ...proof, signature: handshakeSignature(this.own.client, signedText('client', soFar())) });
    }
    say(0, { name: 'Finished', verifyData: finished13(hash, handshake[0], soFar()) });
    this.secrets = { master, handshakeHash: soFar() };
    for (const sender of [0, 1] as const) {
      this.traffic.set(`${sender} handshake`, handshake[sender]);
      this.traffic.set(`${sender} application`, traffic[sender]);
      this.protect(sender, 'handshake', trafficKeys13(hash, handshake[sender], keyBytes));
      this.protect(sender, 'application', trafficKeys13(hash, traffic[sender], keyBytes));
    }
    return [
      ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', handshake[0]], ['SERVER_HANDSHAKE_TRAFFIC_SECRET', handshake[1]], ['CLIENT_TRAFFIC_SECRET_0', traffic[0]],
      ['SERVER_TRAFFIC_SECRET_0', traffic[1]], ['EXPORTER_SECRET', exporter],
    ];
  }
  /** TLS 1.2 takes the master secret of the earlier session, with new randoms (RFC 5246 §7.3 figure 2). */
  private takeUp12(terms: Terms, resumed: ResumableSession, clientRandom: Uint8Array): [string, Uint8Array][] {
    const { hash, keyBytes } = SUITE_CRYPTO[terms.suite]!;
    const transcript = hash.create().update(this.message(0, 'ClientHello')!);
    const say = (sender: Sender, message: Handshake): void => void transcript.update(this.put(sender, message));
    const soFar = (): Uint8Array => transcript.clone().digest();
    const hello = handshakeMessage('ServerHello', terms);
    say(1, hello);
    const master = this.earlier(resumed.terms.label)?.secrets?.master ?? new Uint8Array(48);
    say(1, { name: 'Finished', verifyData: finished12(hash, master, 1, soFar()) });
    say(0, { name: 'Finished', verifyData: finished12(hash, master, 0, soFar()) });
    this.secrets = { master, handshakeHash: soFar() };
    keyBlock12(hash, master, clientRandom, randomOf(hello), keyBytes).forEach((keys, sender) => this.protect(sender as Sender, 'application', keys));
    return [['CLIENT_RANDOM', master]];
  }
  private agree12(terms: Terms, clientRandom: Uint8Array): [string, Uint8Array][] {
    if (terms.resumed) return this.takeUp12(terms, terms.resumed, clientRandom);
    const { hash, keyBytes } = SUITE_CRYPTO[terms.suite]!;
    const transcript = hash.create().update(this.message(0, 'ClientHello')!);
    const said = [this.message(0, 'ClientHello')!];
    const say = (sender: Sender, message: Handshake): void => {
      said.push(this.put(sender, message));
      transcript.update(said[said.length - 1]!);
    };
    const soFar = (): Uint8Array => transcript.clone().digest();
    const { group, client, server } = pairsOf(terms);
    const hello = handshakeMessage('ServerHello', terms);
    const serverRandom = randomOf(hello);
    say(1, hello);
    say(1, certificate(terms));
    if (terms.ocsp) say(1, handshakeMessage('CertificateStatus', terms));
    const exchange = handshakeMessage('ServerKeyExchange', terms);
    if (exchange.name === 'ServerKeyExchange') {
      // RFC 8422 §5.4: the randoms and the parameters are signed
      const signed = new Writer().raw(clientRandom).raw(serverRandom).u8(3).u16(exchange.group).opaque(1, server.public).done();
      say(1, { ...exchange, publicKey: server.public, signature: handshakeSignature(terms.certificate, signed) });
    }
    if (terms.asksClient) say(1, handshakeMessage('CertificateRequest', terms));
    say(1, { name: 'ServerHelloDone' });
    if (this.own) say(0, ownCertificate(this.own));
    say(0, { name: 'ClientKeyExchange', publicKey: client.public });
    const master = extendedMaster12(hash, sharedSecret(group, client.secret, server.public), soFar());
    const proof = this.own?.client ? handshakeMessage('CertificateVerify', this.own) : null;
    // RFC 5246 §7.4.8: all messages so far are signed
    if (this.own?.client && proof?.name === 'CertificateVerify') say(0, { ...proof, signature: handshakeSignature(this.own.client, said.reduce((w, bytes) => w.raw(bytes), new Writer()).done()) });
    say(0, { name: 'Finished', verifyData: finished12(hash, master, 0, soFar()) });
    const ticket = this.message(1, 'NewSessionTicket');
    if (ticket) transcript.update(ticket);
    say(1, { name: 'Finished', verifyData: finished12(hash, master, 1, soFar()) });
    this.secrets = { master, handshakeHash: soFar() };
    keyBlock12(hash, master, clientRandom, serverRandom, keyBytes).forEach((keys, sender) => this.protect(sender as Sender, 'application', keys));
    return [['CLIENT_RANDOM', master]];
  }
}

/** The certificates with real keys; what is stapled to them stays. */
function certificate(terms: Terms): Handshake {
  const message = handshakeMessage('Certificate', terms), chain = signedChain(terms.certificate);
  return message.name === 'Certificate' ? { ...message, entries: message.entries.map((entry, i) => ({ ...entry, der: chain[i]! })) } : message;
}
const ownCertificate = ({ client }: Terms): Handshake => ({ name: 'Certificate', context: new Uint8Array(0), entries: (client ? signedChain(client) : []).map((der) => ({ der, extensions: [] })) });

/** The key pairs that the two sides agree with. */
function pairsOf({ label, again = '', group = GROUP.x25519 }: Terms): { readonly group: number; readonly client: KeyPair; readonly server: KeyPair } {
  return { group, client: sharePair(group, `${label} client`), server: sharePair(group, `${label} server${again}`) };
}
const randomOf = (m: Handshake): Uint8Array => (m.name === 'ClientHello' || m.name === 'ServerHello' ? m.random : new Uint8Array(32));

const logLine = (label: string, clientRandom: Uint8Array, secret: Uint8Array): string => `${label} ${hex(clientRandom)} ${hex(secret)}`;
const withRealShares = (data: Uint8Array, label: string): Uint8Array => offeredShares(readOfferedShares(data).map((s) => realShare(s, label))).data;
const realShare = (share: { readonly group: number; readonly key: Uint8Array }, label: string): { readonly group: number; readonly key: Uint8Array } =>
  share.group === GROUP.x25519 || share.group === GROUP.secp256r1 || share.group === GROUP.x25519MlKem768 ? { group: share.group, key: sharePair(share.group, `${label} client`).public } : share;
