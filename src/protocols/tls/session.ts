/**
 * What both ends of a TLS connection share: a stream on top of a stream. Plaintext messages go into the TLS flow's
 * content; records that say what is in them go into the flow underneath. Law: records are handled one after another;
 * while the CPU works on one, the next ones wait. Specification: RFC 8446 §5, §6.
 */
import { assert } from '../../base/assert';
import type { ChildRange } from '../../model/carried';
import type { Chart } from '../../model/chart';
import type { EndpointId, HostId } from '../../model/ids';
import type { Flow, Message, MessageField, StreamContent, StreamHandler, StreamSocket } from '../../model/stream';
import type { CryptoSocket } from '../../model/quic/handshake';
import type { HandshakeName, TlsVersion } from '../../model/tls/handshake';
import { handshakeLength, lengthsOf, type Lengths, type Terms } from '../../model/tls/messages';
import type { BatchHandler, ResourceHandler, World } from '../../model/world';
import { ALERTS } from './alerts';
import { codeOfAlert } from './errors';
import { handshakeFields, recordFields } from './fields';
import { TLS_KINDS } from './kinds';
import { hostTlsOptions, type TlsOptions } from './params';
import { ALERT_BYTES, CCS_BYTES, contentStart, PROTECTION_BYTES, RECORD_HEADER_BYTES, recordBytes, type RecordBody } from './record';

const NO_HANDLER: StreamHandler = { connected() {}, received() {}, ended() {}, failed() {} };
const NO_CHILDREN: readonly ChildRange[] = [];

/** What a program says about its end of a TLS connection. */
export interface SessionSetting {
  /** Options that it sets where the plan says nothing. */
  readonly application?: Partial<TlsOptions>;
  /** Incoming bytes of the stream underneath that went before TLS (PostgreSQL's SSLRequest and its answer). */
  readonly after?: number;
  /** The stream underneath is one of CRYPTO frames: messages go without records, their keys are QUIC's (RFC 9001 §4). */
  readonly quic?: CryptoSocket;
}

export abstract class TlsSession implements StreamSocket, StreamHandler, ResourceHandler, BatchHandler {
  readonly flow: Flow;
  readonly endpoint: EndpointId;
  readonly options: TlsOptions;
  handler: StreamHandler;
  /** Version in use, or the newest offered until it is known. */
  version: TlsVersion;
  /** What was agreed on; null until the ServerHello. */
  terms: Terms | null = null;
  protected readonly kinds;
  /** Application data may be sent. */
  protected open = false;
  /** What is written now goes under the key of early data; the bytes that still may. -1: no such key. */
  protected earlyAllowance = -1;
  /** Records of early data are opened and given to the application; else they are skipped. */
  protected takesEarly = false;
  /** Bytes of the stream on top that went out already, in early data or later. */
  private written = 0;
  /** Nothing is heard or said any more. */
  protected dead = false;
  /** The peer said close_notify. */
  protected peerClosed = false;
  private closing = false;
  private endTold = false;
  /** Bytes of the stream underneath that are there, and whether its end is. */
  private available = 0;
  private belowEnded = false;
  private readonly incoming: StreamContent;
  private next = 0;
  private busy = false;
  private plainReceived = 0;
  private lengths: Lengths = {};
  protected readonly quic: CryptoSocket | null;

  constructor(readonly world: World, readonly host: HostId, readonly below: StreamSocket, readonly side: 0 | 1, role: string, chart: Chart, handler: StreamHandler, { application, after = 0, quic }: SessionSetting) {
    this.quic = quic ?? null;
    this.options = hostTlsOptions(world, host, application);
    this.version = this.options.version;
    this.kinds = world.kinds(TLS_KINDS);
    this.handler = handler;
    const f = below.flow;
    const shared = f.session as { tls?: Flow } | null;
    this.flow = shared?.tls ?? world.flow('tls', f.initiator, f.responder, f.initiatorPort, f.responderPort, f.id);
    f.session = { ...shared, tls: this.flow };
    this.endpoint = world.endpoint(host, 'security', 'tls', `${role} on ${f.name}`, this.flow.id, chart);
    this.incoming = f.content[side === 0 ? 1 : 0];
    while ((this.incoming.messages[this.next]?.end ?? Infinity) <= after) this.next++;
    below.handler = this;
  }
  /** The CPU works for it. */
  get atWork(): boolean {
    return this.busy;
  }
  /** The protocol agreed on by ALPN; empty when there is none. */
  get alpn(): string {
    return this.terms?.alpn ?? '';
  }

  // --- what the two ends do differently ----------------------------------------------------------------
  abstract connected(): void;
  protected abstract handshakeMessage(name: string, body: RecordBody): void;
  protected abstract step(event: string): void;
  /** The work asked for with `spend` is done. */
  protected abstract spent(tag: number): void;
  /** Something that is not a record came, at `this.next` of the incoming content. */
  protected abstract notTls(): void;
  /** OpenSSL answers a close_notify with its own; nginx does not. */
  protected abstract readonly answersClose: boolean;
  /** False for Chromium, which closes the stream underneath without a word (net/socket/ssl_client_socket_impl.cc Disconnect). */
  protected get saysClose(): boolean {
    return true;
  }

  // --- from below --------------------------------------------------------------------------------------
  received(upTo: number): void {
    this.available = upTo;
    this.pump();
  }
  ended(): void {
    this.belowEnded = true;
    this.pump();
  }
  failed(code: string): void {
    this.give(this.open || code !== 'ECONNRESET' ? code : 'TLS_RESET');
  }
  writable(): void {
    if (this.open) this.handler.writable?.();
  }
  /** Handles what is there, record by record. */
  private pump(): void {
    const { messages } = this.incoming;
    while (!this.busy && !this.dead && this.next < messages.length && messages[this.next]!.end <= this.available) {
      const message = messages[this.next++]!;
      if (message.protocol === 'tls') this.record(message, message.body as RecordBody);
      else {
        this.world.note(this.kinds.not_tls_received, this.endpoint, message.id);
        this.notTls();
        return;
      }
    }
    if (!this.belowEnded || this.busy || this.dead) return;
    if (this.open) this.tellEnded();
    else this.fail('TLS_CLOSED');
  }
  private record(record: Message, body: RecordBody): void {
    const { world, kinds } = this;
    switch (body.type) {
      case 'application_data':
        if (body.early && !this.takesEarly) return void world.note(kinds.early_data_skipped, this.endpoint, record.id);
        this.plainReceived += body.plain;
        world.note(kinds.data_decrypted, this.endpoint, this.flow.id, this.plainReceived);
        this.handler.received(this.plainReceived);
        return;
      case 'alert':
        world.note(kinds.alert_received, this.endpoint, this.flow.id, world.text(body.alert!));
        if (body.alert === 'close_notify') this.closeNotifyReceived();
        else {
          this.step('ALERT');
          this.fail(codeOfAlert(body.alert!));
        }
        return;
      case 'change_cipher_spec':
        // In 1.3 it only pleases middleboxes and is dropped without further ado (RFC 8446 §5).
        if (this.version === '1.2') this.step('CHANGE_CIPHER_SPEC');
        return;
      case 'handshake':
        for (const child of body.children) {
          world.note(kinds.message_received, this.endpoint, record.id, world.text(child.name));
          this.handshakeMessage(child.name, body);
        }
    }
  }
  private closeNotifyReceived(): void {
    this.peerClosed = true;
    if (!this.open) return this.fail('TLS_CLOSED');
    this.step('CLOSE_NOTIFY');
    this.world.afterBatch(this); // a FIN behind it comes with the same wake-up of the application
  }
  batchEnded(): void {
    if (!this.dead) this.tellEnded();
  }
  private tellEnded(): void {
    if (this.endTold) return;
    this.endTold = true;
    this.handler.ended();
  }

  // --- time --------------------------------------------------------------------------------------------
  /** Spends CPU; what is received meanwhile waits. Zero: at once. */
  protected spend(amount: number, what: string, tag: number): void {
    if (amount <= 0) return this.spent(tag);
    this.busy = true;
    this.world.use(this.world.cpu(this.host), amount, what, this.endpoint, this, tag);
  }
  resourceDone(tag: number): void {
    this.busy = false;
    if (this.dead) return;
    this.spent(tag);
    this.pump();
    if (!this.busy) this.quic?.idle();
  }

  // --- records -----------------------------------------------------------------------------------------
  /** `shared`: there is a secret by now; not when another key share is asked for. */
  protected agree(terms: Terms, shared = true): void {
    this.terms = terms;
    this.version = terms.version;
    this.lengths = lengthsOf(terms);
    if (shared) this.quic?.agreed();
  }
  /** Keys what this connection makes at random: the same for both ends, and no other connection's. */
  protected get label(): string {
    return `${this.world.plan.seed} ${this.flow.name}`;
  }
  /** A record around one handshake message of the terms. */
  protected handshakeRecord(name: Exclude<HandshakeName, 'ClientHello'>, encrypted: boolean, more: Pick<RecordBody, 'early' | 'issuedAt'> = {}, terms: Terms = this.terms!): Message {
    const bytes = handshakeLength(name, terms, terms === this.terms ? this.lengths : lengthsOf(terms));
    return this.announced(name, bytes, { type: 'handshake', encrypted, children: NO_CHILDREN, plain: 0, alert: null, hello: null, terms, ...more }, handshakeFields(name, bytes, terms));
  }
  /** A record around a handshake message of `bytes`, noted as sent. */
  protected announced(name: string, bytes: number, body: RecordBody, fields: readonly MessageField[]): Message {
    const start = this.quic ? 0 : contentStart(this.version, body.encrypted);
    const message = this.recordMessage(name, bytes, { ...body, children: [{ name, start, end: start + bytes }] }, fields);
    this.world.note(this.kinds.message_sent, this.endpoint, message.id, this.world.text(name));
    return message;
  }
  /** QUIC has none (RFC 9001 §8.4). */
  protected changeCipherSpec(): Message[] {
    return this.quic ? [] : [this.recordMessage('ChangeCipherSpec', CCS_BYTES, { type: 'change_cipher_spec', encrypted: false, children: NO_CHILDREN, plain: 0, alert: null, hello: null, terms: null }, [])];
  }
  protected sendAlert(alert: string, encrypted: boolean): void {
    const { world } = this;
    world.note(this.kinds.alert_sent, this.endpoint, this.flow.id, world.text(alert));
    const body: RecordBody = { type: 'alert', encrypted, children: NO_CHILDREN, plain: 0, alert, hello: null, terms: null };
    // RFC 9001 §4.8: an alert is the code of a CONNECTION_CLOSE
    if (this.quic) return this.quic.alert(alert, ALERTS[alert] ?? 0);
    const level = alert === 'close_notify' ? 'warning' : 'fatal';
    this.below.write([this.recordMessage(`alert ${alert}`, ALERT_BYTES, body, [{ name: 'Alert', value: `${level} ${ALERTS[alert]} ${alert}`, spec: 'RFC 8446 §6' }])]);
  }
  private recordMessage(name: string, content: number, body: RecordBody, fields: readonly MessageField[]): Message {
    if (this.quic) {
      const level = !body.encrypted ? 'Initial' : name === 'NewSessionTicket' ? '1-RTT' : 'Handshake';
      return this.world.message({ layer: 'security', protocol: 'tls', name, bytes: content, flow: this.below.flow.id, direction: this.side, fields, body: { ...body, level } });
    }
    const bytes = recordBytes(this.version, content, body.encrypted);
    return this.world.message({
      layer: 'security', protocol: 'tls', name, bytes, flow: this.below.flow.id, direction: this.side, fields: [...recordFields(body.type, bytes), ...fields], body,
    });
  }

  // --- from above --------------------------------------------------------------------------------------
  write(messages: readonly Message[]): void {
    assert(this.open, 'application data is written after the handshake');
    if (this.dead || this.closing) return;
    const content = this.flow.content[this.side];
    for (const message of messages) content.append(message);
    this.writeOn();
  }
  get blocked(): boolean {
    return this.below.blocked;
  }
  /** Sends what of the stream on top has not gone out: as early data while that is allowed, and as much as it is. */
  protected writeOn(): void {
    const content = this.flow.content[this.side], early = this.earlyAllowance >= 0;
    const from = this.written, until = early ? Math.min(content.length, from + this.earlyAllowance) : content.length;
    if (until <= from) return;
    if (early) {
      this.earlyAllowance -= until - from;
      this.world.note(this.kinds.early_data_sent, this.endpoint, this.flow.id, until - from);
    }
    this.written = until;
    this.below.write(this.dataRecords(from, until, early));
  }
  /** What went out early was not taken: it goes out again. */
  protected repeatEarly(): void {
    if (this.written > 0) this.world.note(this.kinds.early_data_repeated, this.endpoint, this.flow.id, this.written);
    this.written = 0;
  }
  /** Records around these bytes of the stream on top. */
  private dataRecords(from: number, until: number, early: boolean): Message[] {
    const content = this.flow.content[this.side];
    const records: Message[] = [];
    const { recordBytes: max } = this.options;
    const inner = contentStart(this.version, true);
    for (let at = from; at < until; at += max) {
      const plain = Math.min(max, until - at);
      const children: ChildRange[] = [];
      for (let i = content.indexAt(at); i < content.messages.length && content.messages[i]!.start < at + plain; i++) {
        const m = content.messages[i]!;
        children.push({ name: m.name, start: inner + Math.max(0, m.start - at), end: inner + Math.min(plain, m.end - at), layer: m.layer });
      }
      records.push(this.recordMessage(early ? 'early data' : 'application data', plain, { type: 'application_data', encrypted: true, children, plain, alert: null, hello: null, terms: null, ...(early ? { early } : {}) }, []));
    }
    return records;
  }
  /** Says close_notify and keeps the stream underneath (SSL_shutdown); also in answer to the peer's. */
  sayClose(): void {
    if (this.dead || !this.open || this.closing) return;
    this.closing = true;
    this.sendAlert('close_notify', true);
  }
  shutdown(): void {
    if (this.dead) return;
    this.closeNotify();
    this.below.shutdown();
  }
  close(): void {
    if (this.dead) return;
    this.closeNotify();
    this.over();
    this.below.close();
  }
  abort(): void {
    if (this.dead) return;
    this.over();
    this.below.abort();
  }
  private closeNotify(): void {
    if (!this.open || this.closing) return;
    this.closing = true;
    // while early data may be sent there is no key for an alert that both ends hold
    if (this.saysClose && this.earlyAllowance < 0 && (!this.peerClosed || this.answersClose)) this.sendAlert('close_notify', true);
  }
  private over(): void {
    this.step('CLOSE');
    this.dead = true;
    this.handler = NO_HANDLER;
  }
  /** Gives up with FIN and tells the application. */
  protected fail(code: string): void {
    this.below.close();
    this.give(code);
  }
  /** The stream underneath is gone or given up already: tells the application. */
  protected give(code: string): void {
    if (this.dead) return;
    const { handler } = this;
    this.over();
    handler.failed(code);
  }
}

/** Bytes that protection and header add to each record of application data. */
export const recordOverhead = (version: TlsVersion): number => RECORD_HEADER_BYTES + PROTECTION_BYTES[version];
