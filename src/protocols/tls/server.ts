/** The server end of a TLS connection, as nginx with OpenSSL: one write for its flight, one for each ticket. */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import { SECOND } from '../../base/time';
import type { HostId } from '../../model/ids';
import type { Message, StreamHandler, StreamSocket } from '../../model/stream';
import { nameMatches, type CertificateFacts } from '../../model/tls/certificate';
import { GROUP } from '../../model/tls/extensions';
import { asksStatus, offeredGroups, offeredSuites, offersTickets12, sharedGroups, type HelloSpec } from '../../model/tls/client-hello';
import type { TlsVersion } from '../../model/tls/handshake';
import { SUITES } from '../../model/tls/messages';
import type { ResumableSession } from '../../model/tls/resumption';
import type { World } from '../../model/world';
import type { TlsEvent } from './client-rules';
import { TLS_FAILURES } from './errors';
import { CURVES, deriveCost, shareCost } from './params';
import type { RecordBody } from './record';
import { serverRules, type ServerContext } from './server-rules';
import { tlsServerTable } from './server-table.gen';
import { TlsSession, type SessionSetting } from './session';
import type { ServerSessions } from './session-store';
import { earlyRefusal, sessionRefusal } from './take-up';

export interface TlsServerOptions extends SessionSetting {
  readonly certificate: Omit<CertificateFacts, 'key'>;
  /** Protocols it speaks, the best first; empty: it knows no ALPN. */
  readonly alpn: string | readonly string[];
  /** Somebody speaks plainly on this port: takes the stream underneath over (nginx answers 400). Without it the connection is closed. */
  readonly plain?: (below: StreamSocket) => StreamHandler;
  /** What this listening server knows its tickets by; without it no session is taken up. */
  readonly sessions?: ServerSessions;
}
const machine = new Machine<ServerContext, TlsEvent>(tlsServerTable, serverRules);
const EFFECTS = bindEffects<TlsServer, TlsEvent>(tlsServerTable, {
  negotiate: (s) => s.negotiate(),
  sendRetry: (s) => s.sendRetry(),
  computeFlight: (s) => s.computeFlight(),
  sendFlight: (s) => s.sendFlight(),
  refuse: (s) => s.refuse(),
  finish: (s) => s.finish(),
  sendTickets: (s) => s.sendTickets(),
  sendFinished: (s) => s.sendFinished(),
  tellConnected: (s) => s.tellConnected(),
  askNothing: (s) => s.askNothing(),
  verifyClientChain: (s) => s.verifyClientChain(),
  verifyClientSignature: (s) => s.verifyClientSignature(),
});
const EVENT_OF: Readonly<Record<string, string>> = { ClientHello: 'CLIENT_HELLO', EndOfEarlyData: 'END_OF_EARLY_DATA', Finished: 'FINISHED', ClientKeyExchange: 'CLIENT_KEY_EXCHANGE', CertificateVerify: 'CERTIFICATE_VERIFY' };
const NOTHING: TlsEvent = { type: '' };
const CLOSED = machine.state('CLOSED');
const FLIGHT = 1, FINISH = 2, OTHER = 3;

export class TlsServer extends TlsSession implements MachineHost<TlsEvent> {
  protected readonly answersClose = false;
  private readonly instance = { state: 0 };
  private readonly context = { tls13: true, resumed: false, early: false, asks: false };
  /** The certificate that the client showed; null: none. */
  client: CertificateFacts | null = null;
  private tickets = 0;
  private hello: HelloSpec | null = null;
  private refusal = '';

  constructor(world: World, host: HostId, below: StreamSocket, private readonly site: TlsServerOptions, handler: StreamHandler) {
    super(world, host, below, 1, 'server', tlsServerTable.chart, handler, site);
    machine.start(this.instance, this.context, this, NOTHING);
  }
  /** Without a certificate of the client nothing is answered (nginx ssl_verify_client on); a session taken up has shown it before. */
  get needsClient(): boolean {
    return this.options.verifyClient === 'on' && !this.context.resumed;
  }
  connected(): void {}
  protected handshakeMessage(name: string, body: RecordBody): void {
    if (body.hello) this.hello = body.hello;
    if (name === 'Certificate') {
      this.client = body.terms?.client ?? null;
      return this.step(this.client ? 'CERTIFICATE' : 'EMPTY_CERTIFICATE');
    }
    this.step(EVENT_OF[name] ?? name);
  }
  protected notTls(): void {
    const { below, site } = this;
    if (!site.plain) return this.fail('TLS_NOT_TLS');
    this.give('TLS_NOT_TLS');
    const content = below.flow.content[0];
    below.handler = site.plain(below);
    below.handler.received(content.length);
  }

  negotiate(): void {
    const { options, site } = this;
    const hello = this.hello!;
    if (hello.quic) this.quic?.peerParameters(hello.quic);
    const version = hello.versionMax < options.version ? hello.versionMax : options.version;
    if (version < options.versionMin || version < hello.versionMin) return this.refused('TLS_VERSION');
    if (options.rejectUnknownNames && !site.certificate.names.some((n) => nameMatches(n, hello.serverName))) return this.refused('TLS_UNKNOWN_NAME');
    const suite = offeredSuites(hello).find((s) => {
      const known = SUITES[s];
      return known?.version === version && (known.key === 'any' || known.key === options.certificate);
    });
    if (suite === undefined) return this.refused('TLS_HANDSHAKE_FAILURE');
    const spoken = typeof site.alpn === 'string' ? [site.alpn] : site.alpn;
    const alpn = spoken.find((p) => hello.alpn.includes(p)) ?? '';
    if (!alpn && hello.alpn.length > 0 && spoken.some((p) => p !== '')) return this.refused('TLS_NO_ALPN');
    const shares = sharedGroups(hello);
    const taken = CURVES[options.curves];
    const group = taken.find((g) => shares.includes(g)) ?? taken.find((g) => offeredGroups(hello).includes(g));
    const tls13 = version === '1.3';
    // TLS 1.2 knows no post-quantum groups
    const usable = !tls13 && group === GROUP.x25519MlKem768 ? GROUP.x25519 : group;
    if (usable === undefined) return this.refused('TLS_HANDSHAKE_FAILURE');
    // TLS 1.2 makes its shares after the choice; 1.3 must ask again for one that did not come (RFC 8446 §4.1.4)
    const retry = tls13 && !shares.includes(usable);
    const resumed = this.takeUp(version, suite);
    const early = hello.resume?.early ? earlyRefusal(hello.resume, { earlyData: options.earlyData, resumed: resumed !== null, retry, alpn, now: this.world.now }) : null;
    this.agree({
      version, suite, alpn, group: usable, serverName: hello.serverName, certificate: resumed?.terms.certificate ?? { ...site.certificate, key: options.certificate },
      ticket: tls13 || (!resumed && options.sessionTickets && offersTickets12(hello.profile)), ticketLifetime: Math.round(options.ticketLifetime / SECOND), label: hello.label,
      ...(site.sessions ? { sealedBy: site.sessions.key } : {}), ...(tls13 && options.earlyData && options.earlyDataMax > 0 ? { maxEarlyData: options.earlyDataMax, ...(options.antiReplay ? { stateful: true } : {}) } : {}),
      ...(hello.label === this.label ? {} : { again: this.flow.name }), ...(resumed ? { resumed } : { ...(options.ocspStapling && asksStatus(hello) ? { ocsp: true } : {}), ...(options.verifyClient !== 'off' ? { asksClient: true } : {}) }), ...(early === '' ? { earlyData: true } : {}), ...(this.quic ? { quic: this.quic.parameters } : {}),
    }, !retry);
    Object.assign(this.context, { tls13, resumed: resumed !== null, early: early === '' && !this.quic, asks: !resumed && options.verifyClient !== 'off' });
    if (early !== null) this.answerEarly(early);
    this.step(retry ? 'RETRY' : 'AGREED');
  }
  /** The session that the hello offers, if it is taken up. */
  private takeUp(version: TlsVersion, suite: number): ResumableSession | null {
    const { site, world, kinds, options } = this;
    const session = this.hello!.resume?.session;
    if (!session || !site.sessions) return null;
    const refusal = sessionRefusal(session, { version, suite, sessions: site.sessions, now: world.now, ticketLifetime: options.ticketLifetime, sessionTickets: options.sessionTickets });
    world.note(refusal === '' ? kinds.session_resumed : kinds.session_refused, this.endpoint, this.flow.id, world.text(refusal === '' ? session.by : refusal));
    if (refusal !== '') return null;
    if (session.terms.stateful) site.sessions.forget(session); // each once: RFC 8446 §8.1
    return session;
  }
  private answerEarly(refusal: string): void {
    const { world, kinds } = this;
    this.takesEarly = refusal === '';
    if (this.takesEarly) this.quic?.early(null);
    if (this.takesEarly) world.note(kinds.early_data_accepted, this.endpoint, this.flow.id);
    else world.note(kinds.early_data_rejected, this.endpoint, this.flow.id, world.text(refusal));
  }
  sendRetry(): void {
    this.below.write([this.handshakeRecord('HelloRetryRequest', false), ...this.changeCipherSpec()]);
  }
  private refused(code: string): void {
    this.refusal = code;
    this.step('REFUSE');
  }
  refuse(): void {
    const { world, refusal } = this;
    world.note(this.kinds.hello_refused, this.endpoint, this.flow.id, world.text(refusal));
    this.sendAlert(TLS_FAILURES[refusal]!.alertName!, false);
    this.fail(refusal);
  }
  computeFlight(): void {
    const { options } = this;
    const { serverFlightCost, certificate, rsaSignCost, ecdsaSignCost } = options;
    const { tls13, resumed } = this.context;
    const group = this.terms!.group!;
    const sign = resumed ? 0 : certificate === 'rsa' ? rsaSignCost : ecdsaSignCost;
    const share = resumed && !tls13 ? 0 : shareCost(options, group) + (tls13 ? deriveCost(options, group) : 0);
    this.spend(share + sign + serverFlightCost, resumed ? 'take the session up' : 'key share and signature', FLIGHT);
  }
  protected spent(tag: number): void {
    if (tag !== OTHER) this.step(tag === FLIGHT ? 'FLIGHT_READY' : 'FINISH_READY');
  }
  sendFlight(): void {
    const { tls13, resumed } = this.context;
    if (!tls13 && resumed) return this.below.write([this.handshakeRecord('ServerHello', false), ...this.changeCipherSpec(), this.handshakeRecord('Finished', true)]);
    if (!tls13) {
      const { below } = this;
      const names = ['ServerHello', 'Certificate', ...(this.terms!.ocsp ? (['CertificateStatus'] as const) : []), 'ServerKeyExchange', ...(this.context.asks ? (['CertificateRequest'] as const) : []), 'ServerHelloDone'] as const;
      return below.write(names.map((name) => this.handshakeRecord(name, false)));
    }
    const hello = this.handshakeRecord('ServerHello', false);
    const change = this.hello!.retryGroup === undefined ? this.changeCipherSpec() : []; // else it went with the HelloRetryRequest
    const names = resumed ? (['EncryptedExtensions', 'Finished'] as const) : (['EncryptedExtensions', ...(this.context.asks ? (['CertificateRequest'] as const) : []), 'Certificate', 'CertificateVerify', 'Finished'] as const);
    this.below.write([hello, ...change, ...names.map((name) => this.handshakeRecord(name, true))]);
    if (this.takesEarly && !this.quic) this.openUp(); // the application reads and answers early data before the client's Finished
  }
  askNothing(): void {
    this.step(this.context.asks ? 'CLIENT_AUTH' : 'NO_CLIENT_AUTH');
  }
  private clientVerifyCost(): number {
    return this.client!.key === 'rsa' ? this.options.rsaVerifyCost : this.options.ecdsaVerifyCost;
  }
  verifyClientChain(): void {
    this.spend(2 * this.clientVerifyCost(), 'verify the client’s certificate', OTHER);
  }
  verifyClientSignature(): void {
    this.spend(this.clientVerifyCost(), 'verify the client’s signature', OTHER);
    this.world.note(this.kinds.certificate_verified, this.endpoint, this.flow.id, this.world.text(this.client!.names[0]!));
  }
  finish(): void {
    const { options } = this;
    const { tls13, resumed } = this.context;
    this.spend(options.serverFinishCost + (tls13 || resumed ? 0 : deriveCost(options, this.terms!.group!)), 'derive the keys, make tickets', FINISH);
  }
  sendTickets(): void {
    const n = this.context.resumed ? Math.min(1, this.options.tickets) : this.options.tickets;
    for (let i = 0; i < n; i++) this.below.write([this.ticket(true)]);
  }
  private ticket(encrypted: boolean): Message {
    const salt = String(++this.tickets);
    if (this.terms!.stateful) this.remember('ticket', salt);
    return this.handshakeRecord('NewSessionTicket', encrypted, { issuedAt: this.world.now });
  }
  /** Keeps what a reference or an id stands for. */
  private remember(by: ResumableSession['by'], salt: string): void {
    this.site.sessions?.remember({ terms: this.terms!, salt, by }, this.world.now + this.options.ticketLifetime);
  }
  sendFinished(): void {
    const ticket = this.terms!.ticket ? [this.ticket(false)] : [];
    if (!this.terms!.ticket && this.options.sessionCache) this.remember('session id', '');
    this.below.write([...ticket, ...this.changeCipherSpec(), this.handshakeRecord('Finished', true)]);
  }
  private openUp(): void {
    if (this.open) return;
    this.open = true;
    this.handler.connected();
  }
  tellConnected(): void {
    this.world.note(this.kinds.handshake_done, this.endpoint, this.flow.id, this.world.text(`TLS ${this.version}`));
    this.openUp();
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

/** Speaks TLS as a server on `below`. */
export function tlsServer(world: World, host: HostId, below: StreamSocket, options: TlsServerOptions, handler: StreamHandler): TlsServer {
  return new TlsServer(world, host, below, options, handler);
}
