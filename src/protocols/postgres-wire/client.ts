/**
 * The client end of a PostgreSQL connection, as libpq: asks for TLS if it wants it, proves its password, then one statement at a
 * time, by the simple or the extended protocol. Simplification: `prefer` goes on plainly after N; it never connects anew.
 */
import { assert } from '../../base/assert';
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { HostId } from '../../model/ids';
import type { Cell, ResultColumn, SqlError, TransactionStatus } from '../../model/statement';
import type { Message, StreamSocket } from '../../model/stream';
import type { World } from '../../model/world';
import { pgClientRules, type PgClientContext, type PgEvent } from './client-rules';
import { postgresClientTable } from './client-table.gen';
import type { FrontendMessage, PgMessage } from './codec';
import { CONNECTION_FAILURE, errorOf, SSL_NOT_SUPPORTED } from './errors';
import { MECHANISM_PLUS, Scram } from './scram';
import { PgEnd, type Secure } from './session';

export interface PgLogin {
  readonly user: string;
  readonly database: string;
  readonly password: string;
  readonly applicationName: string;
}
/** What came of a statement. */
export interface PgOutcome {
  readonly columns: readonly ResultColumn[];
  readonly rows: number;
  /** Bytes of all messages of the answer. */
  readonly bytes: number;
  readonly tag: string;
  readonly status: TransactionStatus;
  readonly error: SqlError | null;
}
export interface PgClientOwner {
  /** Statements may be sent. */
  ready(connection: PgClient): void;
  /** The connection is over, or was never let in; a statement under way has been answered with the same error. */
  broken(connection: PgClient, error: SqlError): void;
  /** Puts TLS on the stream; absent: the client cannot. */
  readonly secure?: Secure;
}
const machine = new Machine<PgClientContext, PgEvent>(postgresClientTable, pgClientRules);
const EFFECTS = bindEffects<PgClient, PgEvent>(postgresClientTable, {
  sendSslRequest: (c) => c.sendSslRequest(),
  startTls: (c) => c.beginTls(),
  sendStartup: (c) => c.sendStartup(),
  makeNonce: (c) => c.makeNonce(),
  sendInitialResponse: (c) => c.sendInitialResponse(),
  computeProof: (c) => c.computeProof(),
  sendResponse: (c) => c.sendResponse(),
  tellReady: (c) => c.tellReady(),
  sendParse: (c) => c.sendParse(),
  sendQuery: (c) => c.sendQuery(),
  noteError: (c) => c.noteError(),
  tellDone: (c) => c.tellDone(),
  tellRefused: (c) => c.tellRefused(),
  sendTerminate: (c) => c.sendTerminate(),
  tellBroken: (c) => c.tellBroken(),
});
const NOTHING: PgEvent = { type: '' };
const IDLE = machine.state('IDLE'), CLOSED = machine.state('CLOSED');
const EVENT_OF: Readonly<Partial<Record<PgMessage['name'], string>>> = {
  AuthenticationOk: 'AUTHENTICATION_OK', AuthenticationSASL: 'AUTHENTICATION_SASL', AuthenticationSASLContinue: 'AUTHENTICATION_SASL_CONTINUE', AuthenticationSASLFinal: 'AUTHENTICATION_SASL_FINAL',
  ParameterStatus: 'PARAMETER_STATUS', BackendKeyData: 'BACKEND_KEY_DATA', ReadyForQuery: 'READY_FOR_QUERY', ParseComplete: 'PARSE_COMPLETE', BindComplete: 'BIND_COMPLETE',
  RowDescription: 'ROW_DESCRIPTION', NoData: 'NO_DATA', DataRow: 'DATA_ROW', CommandComplete: 'COMMAND_COMPLETE', EmptyQueryResponse: 'EMPTY_QUERY_RESPONSE', ErrorResponse: 'ERROR_RESPONSE',
};
const CRYPTO = 1, NONCE = 2, PROOF = 3;

interface Asked {
  readonly sql: string;
  readonly parameters: readonly Cell[];
  readonly done: (outcome: PgOutcome) => void;
  carrier: Message | null;
}

export class PgClient extends PgEnd implements MachineHost<PgEvent> {
  private readonly instance = { state: 0 };
  readonly context: PgClientContext = { answered: 0 };
  private readonly prepared = new Map<string, string>();
  private asked: Asked | null = null;
  private outcome = noOutcome();
  private error: SqlError | null = null;
  private mechanism = '';
  /** The crypto library has been used. */
  private cryptoStarted = false;
  private isOpen = false;
  private breakCode = '';

  constructor(world: World, host: HostId, socket: StreamSocket, private readonly login: PgLogin, private readonly owner: PgClientOwner) {
    super(world, host, socket, 'statements', postgresClientTable.chart);
    machine.start(this.instance, this.context, this, NOTHING);
  }
  /** A statement may be sent now. */
  get idle(): boolean {
    return this.instance.state === IDLE;
  }
  get closed(): boolean {
    return this.instance.state === CLOSED;
  }
  /** Sends a statement; `done` is called once. Only when `idle`. */
  query(sql: string, parameters: readonly Cell[], done: (outcome: PgOutcome) => void): void {
    assert(this.idle, 'one statement at a time on a connection');
    this.asked = { sql, parameters, done, carrier: null };
    this.outcome = noOutcome();
    this.error = null;
    const { world } = this;
    this.step(this.options.queryMode === 'prepared' && !this.prepared.has(sql) ? 'PREPARE' : 'QUERY');
    if (this.asked?.carrier) world.note(this.kinds.statement_sent, this.endpoint, this.asked.carrier.id, world.text(sql));
  }
  /** Says Terminate and closes. */
  close(): void {
    this.step('TERMINATE');
  }
  /** The owner gives up: nobody is told. */
  abandon(): void {
    this.step('ABANDON');
    this.socket.close();
  }

  /** The stream is connected (call it when it was already), or TLS is. */
  connected(): void {
    if (this.isOpen) return this.step('SECURED');
    this.isOpen = true;
    const wantsTls = this.options.sslMode !== 'disable' && this.owner.secure;
    this.step(wantsTls ? 'OPEN_TLS' : 'OPEN');
  }
  sendSslRequest(): void {
    this.send([{ name: 'SSLRequest' }]);
  }
  beginTls(): void {
    this.useCrypto(CRYPTO);
  }
  /** The first use of the library costs more. */
  private useCrypto(tag: number): void {
    const cost = this.cryptoStarted ? 0 : this.options.cryptoStartCost;
    this.cryptoStarted = true;
    this.spend(cost, 'start the crypto library', tag);
  }
  sendStartup(): void {
    const { user, database, applicationName } = this.login;
    const named: (readonly [string, string])[] = applicationName ? [['application_name', applicationName]] : [];
    this.send([{ name: 'StartupMessage', parameters: [['user', user], ['database', database], ...named] }]);
  }
  makeNonce(): void {
    this.useCrypto(NONCE);
  }
  private get scram(): Scram {
    return new Scram(`${this.world.plan.seed} ${this.transport.name}`, this.mechanism === MECHANISM_PLUS);
  }
  sendInitialResponse(): void {
    this.send([{ name: 'SASLInitialResponse', mechanism: this.mechanism, data: this.scram.clientFirst() }]);
  }
  private iterations = 0;
  computeProof(): void {
    this.spend(this.iterations * this.options.scramIterationCost, 'compute the proof of the password', PROOF);
  }
  sendResponse(): void {
    this.send([{ name: 'SASLResponse', data: this.scram.clientFinal(this.login.password) }]);
  }
  protected spent(tag: number): void {
    if (this.closed) return;
    if (tag === CRYPTO) this.startTls(this.owner.secure!);
    else this.step(tag === NONCE ? 'NONCE_READY' : 'PROOF_READY');
  }
  tellReady(): void {
    this.world.note(this.kinds.session_ready, this.endpoint, this.transport.id);
    this.owner.ready(this);
  }

  sendParse(): void {
    const asked = this.asked!;
    const statement = `s${this.prepared.size + 1}`;
    this.prepared.set(asked.sql, statement);
    asked.carrier = this.send([{ name: 'Parse', statement, sql: asked.sql }, { name: 'Sync' }])[0]!;
  }
  sendQuery(): void {
    const asked = this.asked!;
    const { queryMode } = this.options;
    // the simple protocol carries no parameters: with some, the unnamed statement is used, as by PQexecParams
    const simple = queryMode === 'simple' && asked.parameters.length === 0;
    const statement = this.prepared.get(asked.sql) ?? '';
    const parse: FrontendMessage[] = statement === '' ? [{ name: 'Parse', statement, sql: asked.sql }] : [];
    const messages: FrontendMessage[] = simple
      ? [{ name: 'Query', sql: asked.sql }]
      : [...parse, { name: 'Bind', portal: '', statement, values: asked.parameters }, { name: 'Describe', portal: '' }, { name: 'Execute', portal: '', maxRows: 0 }, { name: 'Sync' }];
    const carriers = this.send(messages);
    asked.carrier ??= carriers[0]!;
  }
  protected take(m: PgMessage, carrier: Message): void {
    if (this.closed) return;
    const { outcome } = this;
    outcome.bytes += carrier.bytes;
    switch (m.name) {
      case 'SSLResponse':
        if (m.answer === 'N' && this.options.sslMode === 'require') {
          this.error = SSL_NOT_SUPPORTED;
          return this.step('REFUSE');
        }
        return this.step(m.answer === 'S' ? 'SSL_YES' : 'SSL_NO');
      case 'AuthenticationSASL':
        this.mechanism = m.mechanisms[0]!;
        break;
      case 'AuthenticationSASLContinue':
        this.iterations = Number(/,i=(\d+)$/.exec(m.data)?.[1] ?? 0);
        break;
      case 'RowDescription':
        outcome.columns = m.columns;
        break;
      case 'DataRow':
        outcome.rows++;
        break;
      case 'CommandComplete':
        outcome.tag = m.tag;
        break;
      case 'ReadyForQuery':
        outcome.status = m.status;
        if (this.error) return this.step('READY_AFTER_ERROR');
        break;
      case 'ErrorResponse': {
        const { world } = this;
        this.error = errorOf(m.fields);
        world.note(this.kinds.error_received, this.endpoint, carrier.id, world.text(this.error.code), world.text(this.error.message));
      }
    }
    this.step(EVENT_OF[m.name] ?? m.name);
  }
  /** The error is kept for the end of the statement, or for the owner when the connection ends with it. */
  noteError(): void {
    this.outcome.error = this.error;
  }
  tellDone(): void {
    const { world, outcome } = this;
    const asked = this.asked!;
    this.asked = null;
    if (this.error) this.prepared.delete(asked.sql);
    this.error = null;
    world.note(this.kinds.statement_done, this.endpoint, asked.carrier!.id, world.text(outcome.error ? outcome.error.code : outcome.tag), outcome.rows);
    asked.done(outcome);
  }
  tellRefused(): void {
    const { world } = this;
    const error = this.error!;
    world.note(this.kinds.connection_lost, this.endpoint, this.transport.id, world.text(error.code));
    this.socket.close();
    this.owner.broken(this, error);
  }
  sendTerminate(): void {
    this.send([{ name: 'Terminate' }]);
    this.socket.close();
  }

  protected notPostgres(): void {
    this.breakCode = 'EPROTO';
    this.step('BREAK');
    this.socket.abort();
  }
  protected streamOver(how: 'ended' | 'failed', code: string): void {
    this.breakCode = how === 'ended' ? 'closed' : code;
    this.step(how === 'ended' ? 'END' : 'BREAK');
    if (how === 'ended') this.socket.close();
  }
  tellBroken(): void {
    const { world, asked } = this;
    const error: SqlError = this.error ?? { ...CONNECTION_FAILURE, ...(this.breakCode === 'closed' ? {} : { detail: this.breakCode }) };
    world.note(this.kinds.connection_lost, this.endpoint, this.transport.id, world.text(this.breakCode));
    this.asked = null;
    asked?.done({ ...this.outcome, error });
    this.owner.broken(this, error);
  }

  private step(event: string): void {
    if (!this.closed) machine.step(this.instance, this.context, machine.event(event), NOTHING, this);
  }
  effect(effect: number, event: PgEvent, params: unknown): void {
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
/** What is known before anything came. */
const noOutcome = (): { -readonly [K in keyof PgOutcome]: PgOutcome[K] } => ({ columns: [], rows: 0, bytes: 0, tag: '', status: 'I', error: null });
