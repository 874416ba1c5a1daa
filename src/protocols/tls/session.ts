/**
 * What both ends of a TLS connection share: a stream on top of a stream. Plaintext messages go into the TLS
 * flow's content; records with their children go into the flow underneath.
 */
import type { Chart } from '../../model/chart';
import type { EndpointId, HostId } from '../../model/ids';
import { StreamReader, type Flow, type Message, type StreamHandler, type StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import type { ChildRange } from '../../model/carried';
import { TLS_KINDS } from './kinds';
import { tlsOptions, type TlsOptions } from './params';
import { ALERT_BYTES, CCS_BYTES, PROTECTION_BYTES, RECORD_HEADER_BYTES, recordBytes } from './record';

/** What a record carries, for the peer. */
export interface RecordBody {
  readonly children: readonly ChildRange[];
  readonly type: 'handshake' | 'change_cipher_spec' | 'alert' | 'application_data';
  /** Plaintext bytes of application data. */
  readonly plain: number;
  readonly alert: string | null;
  /** What the ClientHello asks: version and name. */
  readonly hello: { readonly version: '1.2' | '1.3'; readonly serverName: string } | null;
  /** What the certificate says. */
  readonly certificate: CertificateFacts | null;
}
export interface CertificateFacts {
  readonly names: readonly string[];
  readonly key: 'ecdsa' | 'rsa';
  readonly expired: boolean;
  readonly issuerKnown: boolean;
}
export interface HandshakePart {
  readonly name: string;
  readonly bytes: number;
  readonly encrypted: boolean;
}
const NO_HANDLER: StreamHandler = { connected() {}, received() {}, ended() {}, failed() {} };

export abstract class TlsSession implements StreamSocket, StreamHandler {
  readonly flow: Flow;
  readonly endpoint: EndpointId;
  readonly options: TlsOptions;
  handler: StreamHandler;
  version: '1.2' | '1.3' = '1.3';
  protected readonly kinds;
  protected open = false;
  protected closing = false;
  private readonly reader: StreamReader;
  private plainReceived = 0;

  constructor(readonly world: World, readonly host: HostId, readonly below: StreamSocket, readonly side: 0 | 1, role: string, chart: Chart, handler: StreamHandler) {
    this.options = tlsOptions(world.hostOf(host).params.tls as Record<string, unknown> | undefined, world.plan.stack.tls);
    this.kinds = world.kinds(TLS_KINDS);
    this.handler = handler;
    const shared = below.flow.session as { tls: Flow } | null;
    const f = below.flow;
    this.flow = shared?.tls ?? world.flow('tls', f.initiator, f.responder, f.initiatorPort, f.responderPort, f.id);
    f.session = { tls: this.flow };
    this.endpoint = world.endpoint(host, 'security', 'tls', `${role} on ${f.name}`, this.flow.id, chart);
    this.reader = new StreamReader(f.content[side === 0 ? 1 : 0]);
    below.handler = this;
  }

  // --- from below --------------------------------------------------------------------------------------
  abstract connected(): void;
  received(upTo: number): void {
    this.reader.advance(upTo, (record) => {
      if (record.protocol !== 'tls') this.notTls();
      else this.record(record, record.body as RecordBody);
    });
  }
  ended(): void {
    if (!this.open) return this.fail('TLS_CLOSED');
    this.handler.ended();
  }
  failed(code: string): void {
    this.step('CLOSE');
    const { handler } = this;
    this.handler = NO_HANDLER;
    handler.failed(code);
  }
  protected abstract notTls(): void;
  protected abstract handshakeMessage(name: string, body: RecordBody, record: Message): void;
  protected abstract step(event: string): void;

  private record(record: Message, body: RecordBody): void {
    const { world } = this;
    if (body.type === 'application_data') {
      this.plainReceived += body.plain;
      world.note(this.kinds.data_decrypted, this.endpoint, this.flow.id, this.plainReceived);
      this.handler.received(this.plainReceived);
      return;
    }
    if (body.type === 'alert') {
      world.note(this.kinds.alert_received, this.endpoint, this.flow.id, world.text(body.alert!));
      if (body.alert === 'close_notify') return this.step('CLOSE_NOTIFY');
      this.step('ALERT');
      const { handler } = this;
      this.handler = NO_HANDLER;
      this.below.close();
      handler.failed(alertCode(body.alert!));
      return;
    }
    if (body.type === 'change_cipher_spec') return this.step('CHANGE_CIPHER_SPEC');
    for (const child of body.children) {
      world.note(this.kinds.message_received, this.endpoint, record.id, world.text(child.name));
      this.handshakeMessage(child.name, body, record);
    }
  }

  // --- records -----------------------------------------------------------------------------------------
  protected handshakeRecord(part: HandshakePart, extra: Partial<Pick<RecordBody, 'hello' | 'certificate'>> = {}): Message {
    const start = RECORD_HEADER_BYTES;
    const message = this.recordMessage(part.name, recordBytes(this.version, part.bytes, part.encrypted), {
      type: 'handshake', children: [{ name: part.name, start, end: start + part.bytes }], plain: 0, alert: null, hello: extra.hello ?? null, certificate: extra.certificate ?? null,
    });
    this.world.note(this.kinds.message_sent, this.endpoint, message.id, this.world.text(part.name));
    return message;
  }
  protected changeCipherSpec(): Message {
    return this.recordMessage('ChangeCipherSpec', CCS_BYTES, { type: 'change_cipher_spec', children: [], plain: 0, alert: null, hello: null, certificate: null });
  }
  protected sendAlert(alert: string, encrypted: boolean): void {
    const { world } = this;
    world.note(this.kinds.alert_sent, this.endpoint, this.flow.id, world.text(alert));
    const body: RecordBody = { type: 'alert', children: [], plain: 0, alert, hello: null, certificate: null };
    this.below.write([this.recordMessage(`alert ${alert}`, recordBytes(this.version, ALERT_BYTES, encrypted), body)]);
  }
  private recordMessage(name: string, bytes: number, body: RecordBody): Message {
    return this.world.message({
      layer: 'security', protocol: 'tls', name, bytes, flow: this.below.flow.id, direction: this.side,
      fields: [
        { name: 'Content type', value: body.type, spec: 'RFC 8446 §5.1' },
        { name: 'Version', value: this.version, spec: 'RFC 8446 §5.1' },
        { name: 'Length', value: bytes - RECORD_HEADER_BYTES, spec: 'RFC 8446 §5.1' },
      ],
      body,
    });
  }

  // --- from above --------------------------------------------------------------------------------------
  write(messages: readonly Message[]): void {
    const content = this.flow.content[this.side];
    const from = content.length;
    for (const message of messages) content.append(message);
    const records: Message[] = [];
    const { recordBytes: max } = this.options;
    const overhead = RECORD_HEADER_BYTES + PROTECTION_BYTES[this.version];
    const inner = overhead - PROTECTION_BYTES[this.version] + (this.version === '1.2' ? 8 : 0);
    for (let at = from; at < content.length; at += max) {
      const plain = Math.min(max, content.length - at);
      const children: ChildRange[] = [];
      for (let i = content.indexAt(at); i < content.messages.length && content.messages[i]!.start < at + plain; i++) {
        const m = content.messages[i]!;
        children.push({ name: m.name, start: inner + Math.max(0, m.start - at), end: inner + Math.min(plain, m.end - at), layer: m.layer });
      }
      records.push(this.recordMessage('application data', plain + overhead, { type: 'application_data', children, plain, alert: null, hello: null, certificate: null }));
    }
    this.below.write(records);
  }
  shutdown(): void {
    this.closeNotify();
    this.below.shutdown();
  }
  close(): void {
    this.handler = NO_HANDLER;
    this.closeNotify();
    this.below.close();
  }
  abort(): void {
    this.handler = NO_HANDLER;
    this.below.abort();
  }
  private closeNotify(): void {
    if (!this.open || this.closing) return;
    this.closing = true;
    this.sendAlert('close_notify', true);
  }
  /** Gives up: tells the application. */
  protected fail(code: string): void {
    const { handler } = this;
    this.handler = NO_HANDLER;
    this.below.close();
    handler.failed(code);
  }
}

/** Our word for an alert that the peer sent. */
const alertCode = (alert: string): string => (alert === 'protocol_version' ? 'TLS_VERSION' : `TLS_ALERT_${alert.toUpperCase()}`);
