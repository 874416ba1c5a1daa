/**
 * The server end of a PostgreSQL connection: one backend, forked for it. It buffers what it says and writes it when the client
 * has to go on (ReadyForQuery, a question for a password), as backend/libpq/pqcomm.c does.
 */
import { bindEffects, Machine, type MachineHost } from '../../machines/table';
import type { HostId } from '../../model/ids';
import type { SqlError, Statement, StatementAnswer, StatementResult, TransactionStatus } from '../../model/statement';
import type { Message, StreamSocket } from '../../model/stream';
import { randomBytes } from '../../model/tls/bytes';
import type { World } from '../../model/world';
import type { PgEvent } from './client-rules';
import type { BackendMessage, FrontendMessage, PgMessage } from './codec';
import { errorFields, wrongPassword } from './errors';
import { reportedParameters } from './parameters';
import { mechanisms, MECHANISM_PLUS, Scram } from './scram';
import { PG_SERVER_EFFECTS, pgServerRules, type PgServerContext } from './server-rules';
import { postgresServerTable } from './server-table.gen';
import { PgEnd, type Secure } from './session';

/** What the server knows of a role. */
export interface Role {
  /** null: any password will do. */
  readonly password: string | null;
  readonly superuser: boolean;
}
export interface PgServerOwner {
  /** Number of the new backend's process. */
  readonly process: number;
  /** After the StartupMessage: null lets the client go on. */
  admit(session: PgServer): SqlError | null;
  /** null: there is no such role. */
  role(name: string): Role | null;
  /** After the authentication: null lets it in. */
  authorise(session: PgServer, role: Role): SqlError | null;
  /** Runs a statement; `respond` is called once, now or later. */
  query(statement: Statement, respond: (answer: StatementAnswer) => void): void;
  /** The backend is over. */
  ended(session: PgServer): void;
  readonly secure: Secure;
}
const machine = new Machine<PgServerContext, PgEvent>(postgresServerTable, pgServerRules);
const EFFECTS = bindEffects<PgServer, PgEvent>(postgresServerTable, Object.fromEntries(PG_SERVER_EFFECTS.map((name) => [name, (s: PgServer) => s[name]()])));
const NOTHING: PgEvent = { type: '' };
const CLOSED = machine.state('CLOSED');
const EVENT_OF: Readonly<Partial<Record<PgMessage['name'], string>>> = {
  SSLRequest: 'SSL_REQUEST', StartupMessage: 'STARTUP_MESSAGE', SASLInitialResponse: 'SASL_INITIAL_RESPONSE', SASLResponse: 'SASL_RESPONSE', Query: 'QUERY', Parse: 'PARSE', Bind: 'BIND',
  Describe: 'DESCRIBE', Execute: 'EXECUTE', Sync: 'SYNC', Terminate: 'TERMINATE',
};
const FORK = 1, STARTUP = 2, PROOF = 3, SESSION = 4, STATEMENT = 5, EXIT = 6;
type Of<N extends FrontendMessage['name']> = Extract<FrontendMessage, { name: N }>;

export class PgServer extends PgEnd implements MachineHost<PgEvent> {
  private readonly instance = { state: 0 };
  private readonly context: PgServerContext;
  private startup = new Map<string, string>();
  private mechanism = '';
  private proof = '';
  private refusal: SqlError | null = null;
  private statements = 0;
  private status: TransactionStatus = 'I';
  /** What is said and not yet written. */
  private readonly buffer: BackendMessage[] = [];
  /** The message in hand. */
  private current: PgMessage = { name: 'Sync' };
  private carrier: Message | null = null;
  private readonly named = new Map<string, string>();
  private bound: Of<'Bind'> | null = null;
  private described = false;
  private answer: StatementAnswer | null = null;

  constructor(world: World, host: HostId, socket: StreamSocket, private readonly owner: PgServerOwner) {
    super(world, host, socket, 'backend', postgresServerTable.chart);
    this.context = { ssl: this.options.ssl, scram: this.options.authentication === 'scram-sha-256' };
    machine.start(this.instance, this.context, this, NOTHING);
    this.spend(this.options.forkCost, 'fork a backend', FORK);
  }
  get user(): string {
    return this.startup.get('user') ?? '';
  }
  get closed(): boolean {
    return this.instance.state === CLOSED;
  }
  /** TLS is there; the stream itself was before the backend began. */
  connected(): void {
    if (this.secure) this.step('SECURED');
  }

  protected take(m: PgMessage, carrier: Message): void {
    if (this.closed) return;
    this.current = m;
    this.carrier = carrier;
    if (m.name === 'StartupMessage') this.startup = new Map(m.parameters);
    this.step(EVENT_OF[m.name] ?? m.name);
  }
  protected spent(tag: number): void {
    const { world, kinds } = this;
    if (tag === FORK) world.note(kinds.backend_started, this.endpoint, this.transport.id, this.owner.process);
    else if (tag === EXIT) this.socket.close();
    else if (this.closed) return;
    else if (tag === STARTUP) this.admit();
    else if (tag === PROOF) this.judgeProof();
    else if (tag === SESSION) this.letIn();
    else this.ask();
  }

  // --- the way in --------------------------------------------------------------------------------------
  answerNo(): void {
    this.send([{ name: 'SSLResponse', answer: 'N' }]);
  }
  answerYes(): void {
    this.send([{ name: 'SSLResponse', answer: 'S' }]);
    this.startTls(this.owner.secure);
  }
  openSession(): void {
    this.spend(this.options.startupCost, 'begin a session', STARTUP);
  }
  private admit(): void {
    this.refusal = this.owner.admit(this);
    this.step(this.refusal ? 'REFUSE' : 'ADMITTED');
  }
  sendMechanisms(): void {
    this.send([{ name: 'AuthenticationSASL', mechanisms: mechanisms(this.secure) }]);
  }
  private get scram(): Scram {
    return new Scram(`${this.world.plan.seed} ${this.transport.name}`, this.mechanism === MECHANISM_PLUS);
  }
  sendContinue(): void {
    this.mechanism = (this.current as Of<'SASLInitialResponse'>).mechanism;
    this.send([{ name: 'AuthenticationSASLContinue', data: this.scram.serverFirst(this.options.scramIterations) }]);
  }
  checkProof(): void {
    this.proof = (this.current as Of<'SASLResponse'>).data;
    this.spend(this.options.scramVerifyCost, 'check the proof', PROOF);
  }
  private judgeProof(): void {
    const role = this.owner.role(this.user);
    const good = role !== null && (role.password === null || this.scram.clientFinal(role.password) === this.proof);
    this.refusal = good ? null : wrongPassword(this.user);
    if (good) this.buffer.push({ name: 'AuthenticationSASLFinal', data: this.scram.serverFinal() });
    this.step(good ? 'PROVED' : 'REFUSE');
  }
  initialise(): void {
    this.buffer.push({ name: 'AuthenticationOk' });
    this.world.note(this.kinds.authenticated, this.endpoint, this.transport.id, this.world.text(this.user));
    this.spend(this.options.sessionCost, 'open the database', SESSION);
  }
  private letIn(): void {
    const role = this.owner.role(this.user);
    this.refusal = role ? this.owner.authorise(this, role) : { severity: 'FATAL', code: '28000', message: `role "${this.user}" does not exist` };
    if (this.refusal) return this.step('REFUSE');
    for (const [parameter, value] of reportedParameters(this.user, role!.superuser, this.startup.get('application_name') ?? '')) this.buffer.push({ name: 'ParameterStatus', parameter, value });
    const [a = 0, b = 0, c = 0, d = 0] = randomBytes(`${this.world.plan.seed} ${this.transport.name} cancel key`, 4);
    this.buffer.push({ name: 'BackendKeyData', process: this.owner.process, key: ((a * 256 + b) * 256 + c) * 256 + d });
    this.step('INITIALISED');
  }
  sendReady(): void {
    this.flush();
  }
  /** A FATAL error: it is the last word. */
  refuse(): void {
    const { world } = this;
    const error = this.refusal!;
    world.note(this.kinds.session_refused, this.endpoint, this.transport.id, world.text(error.code), world.text(error.message));
    this.send([...this.buffer.splice(0), { name: 'ErrorResponse', fields: errorFields(error) }]);
    this.end();
  }

  // --- statements --------------------------------------------------------------------------------------
  run(): void {
    this.hold();
    const first = this.statements++ === 0 ? this.options.firstStatementCost : 0;
    this.spend(first + this.options.statementCost, 'parse and answer', STATEMENT);
  }
  private ask(): void {
    const { world, current, bound } = this;
    const sql = current.name === 'Query' ? current.sql : (this.named.get(bound?.statement ?? '') ?? '');
    world.note(this.kinds.statement_begun, this.endpoint, this.carrier!.id, world.text(sql));
    const statement: Statement = { sql, parameters: current.name === 'Query' ? [] : (bound?.values ?? []), session: this.endpoint, message: this.carrier!.id };
    this.owner.query(statement, (answer) => this.answered(answer));
  }
  private answered(answer: StatementAnswer): void {
    this.answer = answer;
    const error = 'error' in answer ? answer.error : null;
    this.status = (error ? error.status : (answer as StatementResult).status) ?? 'I';
    if (error && error.severity !== 'ERROR') {
      this.refusal = error;
      this.step('REFUSE');
    } else if (this.current.name === 'Query') this.step('ANSWERED');
    else this.step(error ? 'PORTAL_FAILED' : 'PORTAL_DONE');
    this.release();
  }
  sendResult(): void {
    this.described = true; // the simple protocol always describes
    this.queueResult();
    this.flush();
  }
  /** Description (if it was asked for), rows and tag, or the error. */
  queueResult(): void {
    const { buffer, described } = this;
    const answer = this.answer!;
    this.described = false;
    if ('error' in answer) return void buffer.push({ name: 'ErrorResponse', fields: errorFields(answer.error) });
    if (answer.columns.length > 0) {
      if (described) buffer.push({ name: 'RowDescription', columns: answer.columns });
      for (const cells of answer.rows) buffer.push({ name: 'DataRow', cells });
    } else if (described && this.current.name !== 'Query') buffer.push({ name: 'NoData' });
    buffer.push(answer.tag === '' ? { name: 'EmptyQueryResponse' } : { name: 'CommandComplete', tag: answer.tag });
  }
  /** Parse and Bind are confirmed; the description comes with the answer, in its place before the rows. */
  queueStep(): void {
    const m = this.current;
    if (m.name === 'Parse') {
      this.named.set(m.statement, m.sql);
      this.buffer.push({ name: 'ParseComplete' });
    } else if (m.name === 'Bind') {
      this.bound = m;
      this.buffer.push({ name: 'BindComplete' });
    } else this.described = true;
  }
  /** Writes all that is buffered, and that the next statement may come. */
  flush(): void {
    this.send([...this.buffer.splice(0), { name: 'ReadyForQuery', status: this.status }]);
  }

  // --- the end -----------------------------------------------------------------------------------------
  end(): void {
    this.secureSocket?.sayClose();
    this.lost();
    this.spend(this.options.exitCost, 'end the backend', EXIT);
  }
  lost(): void {
    this.world.note(this.kinds.backend_ended, this.endpoint, this.transport.id, this.owner.process);
    this.owner.ended(this);
  }
  protected notPostgres(): void {
    this.step('BREAK');
    this.socket.close();
  }
  protected streamOver(how: 'ended' | 'failed'): void {
    this.step(how === 'ended' ? 'END' : 'BREAK');
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
