/** The server end of a TLS connection, as nginx with OpenSSL: one write for its flight, tickets after the client's Finished. */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { HostId } from '../../model/ids';
import type { Message, StreamHandler, StreamSocket } from '../../model/stream';
import type { ResourceHandler, World } from '../../model/world';
import type { TlsContext, TlsEvent } from './client-rules';
import {
  certificate, certificateVerify, encryptedExtensions, finished, lengthOf, newSessionTicket, serverHello12, serverHello13, serverHelloDone, serverKeyExchange,
} from './messages';
import { serverRules } from './server-rules';
import { tlsServerTable } from './server-table.gen';
import { TlsSession, type CertificateFacts, type RecordBody } from './session';

export interface TlsServerOptions {
  readonly certificate: Omit<CertificateFacts, 'key'>;
  readonly alpn: string;
}
const machine = new Machine<TlsContext, TlsEvent>(tlsServerTable, serverRules);
const EFFECTS = bindEffects<TlsServer, TlsEvent>(tlsServerTable, {
  negotiate: (s) => s.negotiate(),
  sendFlight: (s) => s.sendFlight(),
  refuseVersion: (s) => s.refuseVersion(),
  finish: (s) => s.finish(),
  tellConnected: (s) => s.tellConnected(),
});
const EVENT_OF: Readonly<Record<string, string>> = { ClientHello: 'CLIENT_HELLO', Finished: 'FINISHED', ClientKeyExchange: 'CLIENT_KEY_EXCHANGE' };
const NOTHING: TlsEvent = { type: '' };
const FLIGHT = 1, FINISH = 2;

export class TlsServer extends TlsSession implements MachineHost<TlsEvent>, ResourceHandler {
  private readonly instance = { state: 0 };
  private readonly context = { tls13: true };
  private offered: '1.2' | '1.3' = '1.3';

  constructor(world: World, host: HostId, below: StreamSocket, private readonly site: TlsServerOptions, handler: StreamHandler) {
    super(world, host, below, 1, 'server', tlsServerTable.chart, handler);
    machine.start(this.instance, this.context, this, NOTHING);
  }
  connected(): void {}
  protected handshakeMessage(name: string, body: RecordBody): void {
    if (body.hello) this.offered = body.hello.version;
    const event = EVENT_OF[name];
    if (event) this.step(event);
  }
  protected notTls(): void {
    this.step('CLOSE');
    this.fail('TLS_NOT_TLS');
  }

  negotiate(): void {
    const { options } = this;
    this.version = this.offered === '1.3' && options.version !== '1.2' ? '1.3' : '1.2';
    this.context.tls13 = this.version === '1.3';
    const sign = options.certificate === 'rsa' ? options.rsaSignCost : options.ecdsaSignCost;
    const shares = options.keyShareCost + (this.context.tls13 ? options.keyDeriveCost : 0);
    this.spend(shares + sign + options.serverFlightCost, 'key share and signature', FLIGHT);
  }
  private spend(amount: number, what: string, tag: number): void {
    if (amount > 0) this.world.use(this.world.cpu(this.host), amount, what, this.endpoint, this, tag);
    else this.resourceDone(tag);
  }
  resourceDone(tag: number): void {
    if (tag === FLIGHT) this.step(this.version < this.options.serverVersionMin ? 'NO_COMMON_VERSION' : 'NEGOTIATED');
    else this.sendTickets();
  }
  refuseVersion(): void {
    this.sendAlert('protocol_version', false);
    this.fail('TLS_VERSION');
  }

  sendFlight(): void {
    const { version, site, options } = this;
    const { names } = site.certificate;
    const key = options.certificate;
    const facts: CertificateFacts = { ...site.certificate, key };
    const part = (name: string, encode: () => Uint8Array, encrypted: boolean, extra = {}): Message =>
      this.handshakeRecord({ name, bytes: lengthOf(`${name} ${version} ${key} ${names.join()} ${site.alpn}`, encode), encrypted }, extra);
    const chain = (encrypted: boolean): Message => part('Certificate', () => certificate(version, names, key), encrypted, { certificate: facts });
    this.below.write(
      version === '1.3'
        ? [
            part('ServerHello', () => serverHello13(''), false),
            this.changeCipherSpec(),
            part('EncryptedExtensions', () => encryptedExtensions(site.alpn), true),
            chain(true),
            part('CertificateVerify', () => certificateVerify(key, ''), true),
            part('Finished', () => finished(version, ''), true),
          ]
        : [
            part('ServerHello', () => serverHello12('', site.alpn), false),
            chain(false),
            part('ServerKeyExchange', () => serverKeyExchange(key, ''), false),
            part('ServerHelloDone', () => serverHelloDone(), false),
          ],
    );
  }

  finish(): void {
    this.spend((this.context.tls13 ? 0 : this.options.keyDeriveCost) + this.options.serverFinishCost, 'derive keys, tickets', FINISH);
  }
  private sendTickets(): void {
    const { version } = this;
    if (version === '1.3') {
      const bytes = lengthOf('ticket', () => newSessionTicket(''));
      for (let i = 0; i < 2; i++) this.below.write([this.handshakeRecord({ name: 'NewSessionTicket', bytes, encrypted: true })]);
    } else {
      const bytes = lengthOf(`Finished ${version}`, () => finished(version, ''));
      this.below.write([this.changeCipherSpec(), this.handshakeRecord({ name: 'Finished', bytes, encrypted: true })]);
    }
    this.step('DONE');
  }
  tellConnected(): void {
    this.open = true;
    this.world.note(this.kinds.handshake_done, this.endpoint, this.flow.id, this.world.text(`TLS ${this.version}`));
    this.handler.connected();
  }

  protected step(event: string): void {
    machine.step(this.instance, this.context, machine.event(event), NOTHING, this);
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
