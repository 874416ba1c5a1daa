/** The server end of a TLS connection, as nginx with OpenSSL: one write for its flight, one for each ticket. */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import { SECOND } from '../../base/time';
import type { HostId } from '../../model/ids';
import type { StreamHandler, StreamSocket } from '../../model/stream';
import type { CertificateFacts } from '../../model/tls/certificate';
import { OFFERED_GROUPS, offeredSuites, offersTickets12, sharedGroups, type HelloSpec } from '../../model/tls/client-hello';
import { SUITES } from '../../model/tls/messages';
import type { World } from '../../model/world';
import type { TlsContext, TlsEvent } from './client-rules';
import { TLS_FAILURES } from './errors';
import { CURVES, deriveCost, shareCost } from './params';
import type { RecordBody } from './record';
import { serverRules } from './server-rules';
import { tlsServerTable } from './server-table.gen';
import { TlsSession, type SessionSetting } from './session';

export interface TlsServerOptions extends SessionSetting {
  readonly certificate: Omit<CertificateFacts, 'key'>;
  /** Protocols it speaks, the best first; empty: it knows no ALPN. */
  readonly alpn: string | readonly string[];
  /** Somebody speaks plainly on this port: takes the stream underneath over (nginx answers 400). Without it the connection is closed. */
  readonly plain?: (below: StreamSocket) => StreamHandler;
}
const machine = new Machine<TlsContext, TlsEvent>(tlsServerTable, serverRules);
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
});
const EVENT_OF: Readonly<Record<string, string>> = { ClientHello: 'CLIENT_HELLO', Finished: 'FINISHED', ClientKeyExchange: 'CLIENT_KEY_EXCHANGE' };
const NOTHING: TlsEvent = { type: '' };
const CLOSED = machine.state('CLOSED');
const FLIGHT = 1, FINISH = 2;

export class TlsServer extends TlsSession implements MachineHost<TlsEvent> {
  protected readonly answersClose = false;
  private readonly instance = { state: 0 };
  private readonly context = { tls13: true };
  private hello: HelloSpec | null = null;
  private refusal = '';

  constructor(world: World, host: HostId, below: StreamSocket, private readonly site: TlsServerOptions, handler: StreamHandler) {
    super(world, host, below, 1, 'server', tlsServerTable.chart, handler, site);
    machine.start(this.instance, this.context, this, NOTHING);
  }
  connected(): void {}
  protected handshakeMessage(name: string, body: RecordBody): void {
    if (body.hello) this.hello = body.hello;
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
    const version = hello.versionMax < options.version ? hello.versionMax : options.version;
    if (version < options.versionMin || version < hello.versionMin) return this.refused('TLS_VERSION');
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
    const group = taken.find((g) => shares.includes(g)) ?? taken.find((g) => OFFERED_GROUPS.includes(g));
    if (group === undefined) return this.refused('TLS_HANDSHAKE_FAILURE');
    this.agree({
      version, suite, alpn, group, serverName: hello.serverName, certificate: { ...site.certificate, key: options.certificate },
      ticket: version === '1.3' || offersTickets12(hello.profile), ticketLifetime: Math.round(options.ticketLifetime / SECOND), label: hello.label,
    });
    this.context.tls13 = version === '1.3';
    // TLS 1.2 makes its shares after the choice; 1.3 must ask again for one that did not come (RFC 8446 §4.1.4)
    this.step(version === '1.3' && !shares.includes(group) ? 'RETRY' : 'AGREED');
  }
  sendRetry(): void {
    this.below.write([this.handshakeRecord('HelloRetryRequest', false), this.changeCipherSpec()]);
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
    const group = this.terms!.group!;
    const sign = certificate === 'rsa' ? rsaSignCost : ecdsaSignCost;
    this.spend(shareCost(options, group) + (this.context.tls13 ? deriveCost(options, group) : 0) + sign + serverFlightCost, 'key share and signature', FLIGHT);
  }
  protected spent(tag: number): void {
    this.step(tag === FLIGHT ? 'FLIGHT_READY' : 'FINISH_READY');
  }
  sendFlight(): void {
    if (!this.context.tls13) {
      const { below } = this;
      return below.write((['ServerHello', 'Certificate', 'ServerKeyExchange', 'ServerHelloDone'] as const).map((name) => this.handshakeRecord(name, false)));
    }
    const hello = this.handshakeRecord('ServerHello', false);
    const change = this.hello!.retryGroup === undefined ? [this.changeCipherSpec()] : []; // else it went with the HelloRetryRequest
    const rest = (['EncryptedExtensions', 'Certificate', 'CertificateVerify', 'Finished'] as const).map((name) => this.handshakeRecord(name, true));
    this.below.write([hello, ...change, ...rest]);
    this.step('NO_CLIENT_AUTH');
  }
  finish(): void {
    const { options } = this;
    this.spend(options.serverFinishCost + (this.context.tls13 ? 0 : deriveCost(options, this.terms!.group!)), 'derive the keys, make tickets', FINISH);
  }
  sendTickets(): void {
    for (let i = 0; i < this.options.tickets; i++) this.below.write([this.handshakeRecord('NewSessionTicket', true)]);
  }
  sendFinished(): void {
    const ticket = this.terms!.ticket ? [this.handshakeRecord('NewSessionTicket', false)] : [];
    this.below.write([...ticket, this.changeCipherSpec(), this.handshakeRecord('Finished', true)]);
  }
  tellConnected(): void {
    this.open = true;
    this.world.note(this.kinds.handshake_done, this.endpoint, this.flow.id, this.world.text(`TLS ${this.version}`));
    this.handler.connected();
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
