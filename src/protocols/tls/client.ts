/** The client end of a TLS connection, as OpenSSL behind curl: checks the chain, then the key, then (curl) the name; Chromium checks chain and name together. */
import { MS, type Ns } from '../../base/time';
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { HostId } from '../../model/ids';
import type { Message, StreamHandler, StreamSocket } from '../../model/stream';
import { nameMatches } from '../../model/tls/certificate';
import { GROUP } from '../../model/tls/extensions';
import { clientHelloLength, type HelloProfile, type HelloSpec } from '../../model/tls/client-hello';
import { ticketOf, type Terms } from '../../model/tls/messages';
import type { ResumableSession } from '../../model/tls/resumption';
import type { World } from '../../model/world';
import { clientRules, type TlsContext, type TlsEvent } from './client-rules';
import { tlsClientTable } from './client-table.gen';
import { TLS_FAILURES } from './errors';
import { helloFields } from './fields';
import { deriveCost, shareCost } from './params';
import type { RecordBody } from './record';
import { TlsSession, type SessionSetting } from './session';
import type { SessionStore } from './session-store';

export interface TlsClientOptions extends SessionSetting {
  readonly serverName: string;
  readonly alpn: readonly string[];
  /** curl and OpenSSL with SSL_OP_ALL pad their hellos (RFC 7685). Short for `profile` curl or openssl. */
  readonly padded?: boolean;
  /** `none`: takes any certificate, as libpq with sslmode require; the chain is looked at all the same. */
  readonly verify?: 'full' | 'none';
  /** Whose ClientHello it is. */
  readonly profile?: HelloProfile;
  /** Sessions with this server that may be taken up, and where new ones are kept. */
  readonly sessions?: SessionStore;
  /** Whether there is something to say at once that may be said twice; asked when the hello is made. */
  readonly mayBeEarly?: () => boolean;
  /** Not the first connection of its process: the trust store is loaded. */
  readonly later?: boolean;
}
const machine = new Machine<TlsContext, TlsEvent>(tlsClientTable, clientRules);
const EVENT_OF: Readonly<Record<string, string>> = {
  ServerHello: 'SERVER_HELLO', HelloRetryRequest: 'HELLO_RETRY_REQUEST', EncryptedExtensions: 'ENCRYPTED_EXTENSIONS', Certificate: 'CERTIFICATE', CertificateVerify: 'CERTIFICATE_VERIFY',
  Finished: 'FINISHED', ServerKeyExchange: 'SERVER_KEY_EXCHANGE', ServerHelloDone: 'SERVER_HELLO_DONE', NewSessionTicket: 'NEW_SESSION_TICKET', CertificateRequest: 'CERTIFICATE_REQUEST', CertificateStatus: 'CERTIFICATE_STATUS',
};
const EFFECTS = bindEffects<TlsClient, TlsEvent>(tlsClientTable, {
  sendHello: (c) => c.sendHello(),
  retryHello: (c) => c.retryHello(),
  deriveKeys: (c) => c.deriveKeys(),
  verifyChain: (c) => c.verifyChain(),
  verifySignature: (c) => c.verifySignature(),
  computeFlight: (c) => c.computeFlight(),
  sendFinished: (c) => c.sendFinished(),
  sendKeys: (c) => c.sendKeys(),
  sendFinished12: (c) => c.sendFinished12(),
  earlyAnswer: (c) => c.earlyAnswer(),
  tellConnected: (c) => c.tellConnected(),
  refuse: (c) => c.refuse(),
  storeTicket: (c) => c.storeTicket(),
  noteRequest: (c) => c.noteRequest(),
});
const NOTHING: TlsEvent = { type: '' };
const CLOSED = machine.state('CLOSED');
const HELLO = 1, CHAIN = 2, FLIGHT = 3, STEP = 4;

export class TlsClient extends TlsSession implements MachineHost<TlsEvent> {
  protected readonly answersClose = true;
  protected override get saysClose(): boolean {
    return !this.asChromium;
  }
  private readonly instance = { state: 0 };
  private readonly context = { tls13: true, resumed: false };
  /** Tickets that came on this connection. */
  private tickets = 0;
  /** When the server made the last of them. */
  private issuedAt = 0;
  private earlyTaken = false;
  /** The server wants to know who this is. */
  private asked = false;
  private told = false;
  private hello: HelloSpec;
  private refusal = '';

  constructor(world: World, host: HostId, below: StreamSocket, private readonly request: TlsClientOptions, handler: StreamHandler) {
    super(world, host, below, 0, 'client', tlsClientTable.chart, handler, request);
    this.hello = {
      profile: request.profile ?? (request.padded ? 'curl' : 'openssl'), versionMin: this.options.versionMin < this.version ? this.options.versionMin : this.version,
      versionMax: this.version, serverName: request.serverName, alpn: request.alpn, label: this.label,
      ...(request.quic ? { versionMin: '1.3' as const, quic: request.quic.parameters } : {}), ...(this.options.postQuantum ? { postQuantum: true } : {}),
    };
    machine.start(this.instance, this.context, this, NOTHING);
  }
  /** The stream underneath is connected: begins. Called by the transport, or by the owner when it was connected already. */
  /** While early data goes out: what the session that it belongs to was for (RFC 8446 §4.2.10). */
  override get alpn(): string {
    return super.alpn || (this.earlyAllowance >= 0 ? (this.hello.resume?.session.terms.alpn ?? '') : '');
  }
  connected(): void {
    const { keyShareCost, helloCost, nextHelloCost } = this.options;
    this.spend((this.version === '1.3' ? keyShareCost : 0) + (this.request.later ? nextHelloCost : helloCost), 'make the ClientHello', HELLO);
  }
  protected spent(tag: number): void {
    if (tag === HELLO) this.step('CONNECT');
    else if (tag === FLIGHT) this.step('FLIGHT_READY');
    else if (tag === CHAIN) this.chainVerified();
  }

  /** The earlier session that the hello offers, when there is one. */
  private offer(): HelloSpec {
    const { options, request, world, hello } = this;
    if (hello.retryGroup !== undefined) return hello.resume ? { ...hello, resume: { ...hello.resume, early: false } } : hello;
    const session = options.resumption ? (request.sessions?.take(hello.versionMin, hello.versionMax, world.now) ?? null) : null;
    if (!session) return hello;
    const early = options.earlyData && session.terms.version === '1.3' && (session.terms.maxEarlyData ?? 0) > 0 && (request.mayBeEarly?.() ?? false);
    return { ...hello, resume: { session, ageMs: Math.floor((world.now - session.receivedAt) / MS), early } };
  }
  sendHello(): void {
    const hello = (this.hello = this.offer());
    const body: RecordBody = { type: 'handshake', encrypted: false, children: [], plain: 0, alert: null, hello, terms: null };
    // the one ChangeCipherSpec for middleboxes goes before the second flight, whichever that is (RFC 8446 §D.4)
    const change = hello.retryGroup === undefined ? [] : this.changeCipherSpec();
    const said = this.announced('ClientHello', clientHelloLength(hello), body, helloFields(hello));
    // RFC 8446 §D.4: the ChangeCipherSpec for middleboxes stands before early data
    this.below.write(hello.resume?.early ? [...change, said, ...this.changeCipherSpec()] : [...change, said]);
    if (!hello.resume?.early) return;
    if (this.quic) return this.quic.early(hello.resume.session.terms.quic ?? null);
    this.earlyAllowance = hello.resume.session.terms.maxEarlyData!;
    this.open = true;
    this.told = true;
    this.handler.connected();
  }
  /** The server wants a share of another group: makes one and says hello again (RFC 8446 §4.1.4). */
  retryHello(): void {
    if (this.earlyAllowance >= 0) this.earlyAllowance = 0; // what is written now waits for the end of the handshake
    this.spend(shareCost(this.options, this.hello.retryGroup!), 'make another key share', HELLO);
  }
  protected handshakeMessage(name: string, body: RecordBody): void {
    if (name === 'HelloRetryRequest') this.hello = { ...this.hello, retryGroup: body.terms!.group ?? GROUP.x25519 };
    if (name === 'ServerHello') {
      this.agree(body.terms!);
      this.context.tls13 = this.version === '1.3';
      this.context.resumed = body.terms!.resumed !== undefined;
    }
    if (name === 'EncryptedExtensions' && body.terms!.quic) this.quic?.peerParameters(body.terms!.quic);
    if (body.issuedAt !== undefined) this.issuedAt = body.issuedAt;
    this.step(EVENT_OF[name] ?? name);
  }
  protected notTls(): void {
    this.below.abort(); // OpenSSL has read a record header; what lies behind it is never read
    this.give('TLS_NOT_TLS');
  }

  earlyAnswer(): void {
    this.earlyTaken = this.terms!.earlyData === true;
  }
  deriveKeys(): void {
    this.spend(deriveCost(this.options, this.group, true), 'derive the keys', STEP);
  }
  private get group(): number {
    return this.terms!.group ?? GROUP.x25519;
  }
  private get asChromium(): boolean {
    return this.hello.profile === 'chromium';
  }
  private isNamed(names: readonly string[], name = this.hello.serverName): boolean {
    return names.some((n) => nameMatches(n, name));
  }
  /** The server's certificate is for this name as well (RFC 9110 §4.3.4). */
  covers(name: string): boolean {
    return this.terms !== null && this.isNamed(this.terms.certificate.names, name);
  }
  private verifyCost(): number {
    return this.terms!.certificate.key === 'rsa' ? this.options.rsaVerifyCost : this.options.ecdsaVerifyCost;
  }
  /** Leaf and intermediate each carry a signature. */
  verifyChain(): void {
    this.spend(2 * this.verifyCost(), 'verify the certificate chain', CHAIN);
  }
  private chainVerified(): void {
    const { world } = this;
    if (this.request.verify === 'none') return;
    const { names, expired, issuerKnown } = this.terms!.certificate;
    this.refusal = !issuerKnown ? 'CERT_UNKNOWN_ISSUER' : expired ? 'CERT_EXPIRED' : this.asChromium && !this.isNamed(names) ? 'CERT_WRONG_NAME' : '';
    if (this.refusal) this.step('REFUSE');
    else world.note(this.kinds.certificate_verified, this.endpoint, this.flow.id, world.text(names[0] ?? ''));
  }
  refuse(): void {
    const { world, refusal } = this;
    world.note(this.kinds.certificate_refused, this.endpoint, this.flow.id, world.text(refusal));
    // BoringSSL leaves the verdict to Chromium and tells the server no more than this (ssl_verify_peer_cert)
    this.sendAlert(this.asChromium ? 'certificate_unknown' : TLS_FAILURES[refusal]!.alertName!, false);
    this.below.abort(); // what the server sent behind its certificate is never read: Linux makes it a reset
    this.give(refusal);
  }
  verifySignature(): void {
    this.spend(this.verifyCost(), 'verify the signature', STEP);
  }
  noteRequest(): void {
    this.asked = true;
  }
  /** The terms of what it says about itself. */
  private get own(): Terms {
    const key = this.options.clientCertificate;
    return { ...this.terms!, client: key === 'none' ? null : { names: [`${this.world.hostOf(this.host).name}.staff.example`], key, expired: false, issuerKnown: true } };
  }
  /** Its certificate, when it was asked for it, and with one the proof that it holds the key (RFC 8446 §4.4.2, RFC 5246 §7.4.6). */
  private certificate(encrypted: boolean): Message[] {
    return this.asked ? [this.handshakeRecord('Certificate', encrypted, {}, this.own)] : [];
  }
  private proof(encrypted: boolean): Message[] {
    const own = this.asked ? this.own : null;
    return own?.client ? [this.handshakeRecord('CertificateVerify', encrypted, {}, own)] : [];
  }
  computeFlight(): void {
    const { options, group, context } = this;
    const keys = context.tls13 || context.resumed ? 0 : shareCost(options, group) + deriveCost(options, group, true);
    const sign = !this.asked || options.clientCertificate === 'none' ? 0 : options.clientCertificate === 'rsa' ? options.rsaSignCost : options.ecdsaSignCost;
    this.spend((context.resumed ? options.resumedFlightCost : options.clientFlightCost) + keys + sign, 'make the Finished', FLIGHT);
  }
  sendFinished(): void {
    const change = this.hello.retryGroup === undefined && this.earlyAllowance < 0 ? this.changeCipherSpec() : [];
    // RFC 9001 §8.3: QUIC needs no end of early data
    const end = this.earlyTaken && !this.quic ? [this.handshakeRecord('EndOfEarlyData', true, { early: true })] : [];
    this.below.write([...change, ...end, ...this.certificate(true), ...this.proof(true), this.handshakeRecord('Finished', true)]);
  }
  sendFinished12(): void {
    this.below.write([...this.changeCipherSpec(), this.handshakeRecord('Finished', true)]);
  }
  /** A ticket came: a later connection can take the session up. */
  storeTicket(): void {
    const salt = String(++this.tickets);
    this.keep('ticket', salt, this.issuedAt, ticketOf({ terms: this.terms!, salt }).ticket.length);
  }
  private keep(by: ResumableSession['by'], salt: string, issuedAt: Ns, ticketBytes: number): void {
    const { world, request } = this;
    if (!request.sessions || !this.options.resumption) return;
    request.sessions.keep({ terms: this.terms!, salt, by, ticketBytes, issuedAt, receivedAt: world.now });
    world.note(this.kinds.session_kept, this.endpoint, this.flow.id, world.text(by));
  }
  sendKeys(): void {
    this.below.write([...this.certificate(false), this.handshakeRecord('ClientKeyExchange', false), ...this.proof(false), ...this.changeCipherSpec(), this.handshakeRecord('Finished', true)]);
  }
  tellConnected(): void {
    const { world } = this;
    this.open = true;
    world.note(this.kinds.handshake_done, this.endpoint, this.flow.id, world.text(`TLS ${this.version}`));
    // TLS 1.2 without a ticket: the id that the server gave
    if (!this.context.tls13 && !this.context.resumed && !this.terms!.ticket) this.keep('session id', '', this.world.now, 0);
    if (this.earlyAllowance >= 0) {
      this.earlyAllowance = -1;
      if (!this.earlyTaken) this.repeatEarly();
      this.writeOn();
    }
    if (this.quic && this.hello.resume?.early && !this.earlyTaken) this.quic.earlyRejected();
    if (this.told) return;
    if (this.request.verify === 'none' || this.isNamed(this.terms!.certificate.names)) return this.handler.connected();
    world.note(this.kinds.certificate_refused, this.endpoint, this.flow.id, world.text('CERT_WRONG_NAME'));
    const { handler } = this;
    this.close();
    handler.failed('CERT_WRONG_NAME');
  }

  protected step(event: string): void {
    if (!this.dead && this.instance.state !== CLOSED) machine.step(this.instance, this.context, machine.event(event), NOTHING, this);
  }
  effect(effect: number, event: TlsEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(from: number, to: number): void {
    this.world.entered(this.endpoint, from, to);
  }
  ignored(state: number, event: number): void {
    this.world.ignored(this.endpoint, state, event);
  }
}

/** Speaks TLS as a client on `below`; the handler hears `connected` when the handshake is done. Call `connected()` on it if `below` is connected already. */
export function tlsClient(world: World, host: HostId, below: StreamSocket, options: TlsClientOptions, handler: StreamHandler): TlsClient {
  return new TlsClient(world, host, below, options, handler);
}
