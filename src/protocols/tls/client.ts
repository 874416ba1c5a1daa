/** The client end of a TLS connection. */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { HostId } from '../../model/ids';
import type { StreamHandler, StreamSocket } from '../../model/stream';
import type { ResourceHandler, World } from '../../model/world';
import { clientRules, type TlsContext, type TlsEvent } from './client-rules';
import { tlsClientTable } from './client-table.gen';
import { TLS_FAILURES } from './errors';
import { clientHello, clientKeyExchange, finished, lengthOf } from './messages';
import { TlsSession, type CertificateFacts, type RecordBody } from './session';

export interface TlsClientOptions {
  readonly serverName: string;
  readonly alpn: readonly string[];
  /** curl and OpenSSL pad hellos that offer several protocols (RFC 7685). */
  readonly padded: boolean;
}
const machine = new Machine<TlsContext, TlsEvent>(tlsClientTable, clientRules);
const EVENT_OF: Readonly<Record<string, string>> = {
  ServerHello: 'SERVER_HELLO', EncryptedExtensions: 'ENCRYPTED_EXTENSIONS', Certificate: 'CERTIFICATE', CertificateVerify: 'CERTIFICATE_VERIFY',
  Finished: 'FINISHED', ServerKeyExchange: 'SERVER_KEY_EXCHANGE', ServerHelloDone: 'SERVER_HELLO_DONE', NewSessionTicket: 'NEW_SESSION_TICKET',
};
const EFFECTS = bindEffects<TlsClient, TlsEvent>(tlsClientTable, {
  sendHello: (c) => c.sendHello(),
  checkCertificate: (c) => c.checkCertificate(),
  finishHandshake: (c) => c.finishHandshake(),
  tellConnected: (c) => c.tellConnected(),
  alert: (c) => c.refuse(),
  storeTicket: () => undefined,
});
const NOTHING: TlsEvent = { type: '' };
const HELLO = 1, FLIGHT = 2, REFUSAL = 3;

export class TlsClient extends TlsSession implements MachineHost<TlsEvent>, ResourceHandler {
  private readonly instance = { state: 0 };
  private readonly context: { tls13: boolean };
  private certificate: CertificateFacts | null = null;
  private refusal: string | null = null;

  constructor(world: World, host: HostId, below: StreamSocket, private readonly request: TlsClientOptions, handler: StreamHandler) {
    super(world, host, below, 0, 'client', tlsClientTable.chart, handler);
    this.version = this.options.version;
    this.context = { tls13: this.version === '1.3' };
    machine.start(this.instance, this.context, this, NOTHING);
  }
  connected(): void {
    const { options } = this;
    this.spend((this.context.tls13 ? options.keyShareCost : 0) + options.helloCost, 'ClientHello: key share', HELLO);
  }
  private spend(amount: number, what: string, tag: number): void {
    if (amount > 0) this.world.use(this.world.cpu(this.host), amount, what, this.endpoint, this, tag);
    else this.resourceDone(tag);
  }
  resourceDone(tag: number): void {
    if (tag === HELLO) this.step('CONNECT');
    else if (tag === FLIGHT) this.sendFlight();
    else this.step('REFUSE');
  }

  sendHello(): void {
    const { version, request, flow } = this;
    const key = `hello ${version} ${request.serverName.length} ${request.alpn.join()} ${request.padded}`;
    const bytes = lengthOf(key, () => clientHello({ version, label: flow.name, ...request }));
    this.below.write([this.handshakeRecord({ name: 'ClientHello', bytes, encrypted: false }, { hello: { version, serverName: request.serverName } })]);
  }
  protected handshakeMessage(name: string, body: RecordBody): void {
    if (body.certificate) this.certificate = body.certificate;
    const event = EVENT_OF[name];
    if (event) this.step(event);
  }
  protected notTls(): void {
    this.step('CLOSE');
    this.fail('TLS_NOT_TLS');
  }

  checkCertificate(): void {
    const { certificate, options } = this;
    if (!certificate) return;
    if (!certificate.issuerKnown) this.refusal = 'CERT_UNKNOWN_ISSUER';
    else if (certificate.expired) this.refusal = 'CERT_EXPIRED';
    if (this.refusal) this.spend(options.keyDeriveCost + 2 * this.verifyCost() + options.clientFlightCost, 'certificate chain', REFUSAL);
  }
  private verifyCost(): number {
    return this.certificate?.key === 'rsa' ? this.options.rsaVerifyCost : this.options.ecdsaVerifyCost;
  }
  refuse(): void {
    const { world } = this;
    world.note(this.kinds.certificate_refused, this.endpoint, this.flow.id, world.text(this.refusal!));
    this.sendAlert(TLS_FAILURES[this.refusal!]!.alertName!, false);
    const { handler } = this;
    this.handler = { connected() {}, received() {}, ended() {}, failed() {} };
    this.below.abort(); // what the server sent after its certificate is never read
    handler.failed(this.refusal!);
  }

  finishHandshake(): void {
    if (this.refusal) return;
    const { options } = this;
    const shares = this.context.tls13 ? options.keyDeriveCost : options.keyShareCost + options.keyDeriveCost;
    this.spend(shares + 3 * this.verifyCost() + options.clientFlightCost, 'verify chain and signature, derive keys', FLIGHT);
  }
  private sendFlight(): void {
    const { world, version } = this;
    world.note(this.kinds.certificate_verified, this.endpoint, this.flow.id, world.text(this.request.serverName));
    const done = { name: 'Finished', bytes: lengthOf(`finished ${version}`, () => finished(version, '')), encrypted: true };
    if (this.context.tls13) {
      this.below.write([this.changeCipherSpec(), this.handshakeRecord(done)]);
      this.step('DONE');
    } else {
      const keys = { name: 'ClientKeyExchange', bytes: lengthOf('cke', () => clientKeyExchange('')), encrypted: false };
      this.below.write([this.handshakeRecord(keys), this.changeCipherSpec(), this.handshakeRecord(done)]);
      this.step('KEYS_SENT');
    }
  }
  tellConnected(): void {
    const { world, request, certificate } = this;
    this.open = true;
    world.note(this.kinds.handshake_done, this.endpoint, this.flow.id, world.text(`TLS ${this.version}`));
    if (certificate && !certificate.names.some((n) => nameMatches(n, request.serverName))) {
      world.note(this.kinds.certificate_refused, this.endpoint, this.flow.id, world.text('CERT_WRONG_NAME'));
      const { handler } = this;
      this.close();
      return handler.failed('CERT_WRONG_NAME');
    }
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

/** RFC 6125 §6.4: a wildcard stands for one left-most label. */
export function nameMatches(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern.toLowerCase() === name.toLowerCase();
  const dot = name.indexOf('.');
  return dot > 0 && name.slice(dot + 1).toLowerCase() === pattern.slice(2).toLowerCase();
}

/** Speaks TLS as a client on `below`; the handler hears `connected` when the handshake is done. */
export function tlsClient(world: World, host: HostId, below: StreamSocket, options: TlsClientOptions, handler: StreamHandler): TlsClient {
  return new TlsClient(world, host, below, options, handler);
}
