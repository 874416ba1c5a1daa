/**
 * One request's way through an app server: its program of steps under an execution model. Law: what it holds (a worker, a
 * connection) it holds for as long as the model says, and gives back in every outcome.
 */
import type { Ns } from '../base/time';
import { bindEffects, Machine, type MachineHost } from '../machines/table';
import type { EndpointId, HostId } from '../model/ids';
import type { World } from '../model/world';
import type { ConnectionPool, Lease, Pooled } from './connection-pool';
import { Continuations, type Turn, type Workplace } from './execution';
import { COMPUTE_KINDS } from './kinds';
import { workRules, type WorkContext, type WorkEvent } from './request-rules';
import { appRequestTable } from './request-table.gen';

/** What a handler does, in order. */
export type Step = { readonly do: 'cpu'; readonly ns: Ns; readonly what: string } | { readonly do: 'wait'; readonly ns: Ns; readonly what: string } | { readonly do: 'query'; readonly sql: string };

/** A pooled connection that runs one statement at a time. */
export interface StatementConnection extends Pooled {
  query(sql: string, done: (result: StatementResult) => void): void;
}
export interface StatementResult {
  readonly rows: number;
  /** SQLSTATE or a word for a broken connection; null when rows came. */
  readonly error: string | null;
}
export type WorkOutcome = 'done' | 'refused' | 'failed';

const machine = new Machine<WorkContext, WorkEvent>(appRequestTable, workRules);
const EFFECTS = bindEffects<RequestWork, WorkEvent>(appRequestTable, {
  next: (w) => w.next(),
  takeConnection: (w) => w.takeConnection(),
  query: (w) => w.query(),
  giveBack: (w) => w.giveBack(),
  startWait: (w) => w.startWait(),
  respond: (w) => w.finish('done', ''),
  refuse: (w) => w.finish('refused', 'QUEUE_FULL'),
  fail: (w) => w.finish('failed', w.code),
});
const NOTHING: WorkEvent = { type: '' };

export interface WorkEnvironment {
  readonly world: World;
  readonly host: HostId;
  readonly execution: Workplace;
  /** Null: this server has no database. */
  readonly pool: ConnectionPool<StatementConnection> | null;
}

export class RequestWork implements MachineHost<WorkEvent> {
  readonly endpoint: EndpointId;
  code = '';
  private readonly instance = { state: 0 };
  private readonly context: WorkContext = { answered: 0 };
  private readonly kinds;
  private readonly continuations = new Continuations();
  private turn: Turn | null = null;
  private at = 0;
  private lease: Lease<StatementConnection> | null = null;

  /** `done` is called once, with the outcome and, for a failure, its code. */
  constructor(
    private readonly env: WorkEnvironment, private readonly title: string, private readonly steps: readonly Step[], private readonly done: (outcome: WorkOutcome, code: string) => void,
  ) {
    const { world, host } = env;
    this.kinds = world.kinds(COMPUTE_KINDS);
    this.endpoint = world.endpoint(host, 'compute', 'app-request', title, -1, appRequestTable.chart);
  }
  start(): void {
    machine.start(this.instance, this.context, this, NOTHING);
    this.env.execution.admit(this.title, this.endpoint, (turn) => {
      this.turn = turn;
      this.step('WORKER');
    }, () => this.step('QUEUE_FULL'));
  }
  next(): void {
    const step = this.steps[this.at++];
    if (!step) return this.step('FINISHED');
    if (step.do === 'cpu') this.env.execution.compute(this.turn!, step.ns, step.what, () => this.step('COMPUTED'));
    else this.step(step.do === 'query' ? 'NEED_CONNECTION' : 'NEED_OTHERS');
  }
  takeConnection(): void {
    const { pool } = this.env;
    if (!pool) return this.env.world.unmodelled(`${this.title} asks a database, and its server is not joined to one`);
    pool.take(this.title, this.endpoint, (lease) => {
      this.lease = lease;
      this.step('CONNECTION');
    }, (code) => {
      this.code = code;
      this.step('NO_CONNECTION');
    });
  }
  query(): void {
    const { world } = this.env;
    const step = this.steps[this.at - 1] as Extract<Step, { do: 'query' }>;
    const cause = world.cause;
    world.cause = world.note(this.kinds.statement_sent, this.endpoint, -1, world.text(step.sql));
    this.lease!.connection.query(step.sql, ({ rows, error }) => {
      if (error) {
        this.code = error;
        world.cause = world.note(this.kinds.statement_failed, this.endpoint, -1, world.text(step.sql), world.text(error));
        return this.step('QUERY_FAILED');
      }
      world.cause = world.note(this.kinds.rows_received, this.endpoint, -1, rows, world.text(step.sql));
      this.step('ROWS');
    });
    world.cause = cause;
  }
  giveBack(): void {
    this.lease?.giveBack();
    this.lease = null;
  }
  startWait(): void {
    const step = this.steps[this.at - 1] as Extract<Step, { do: 'wait' }>;
    this.env.world.think(step.ns, step.what, this.endpoint, this.continuations, this.continuations.add(() => this.step('WAITED')));
  }
  finish(outcome: WorkOutcome, code: string): void {
    this.done(outcome, code);
    if (this.turn) this.env.execution.end(this.turn);
  }

  private step(type: string): void {
    machine.step(this.instance, this.context, machine.event(type), NOTHING, this);
  }
  effect(effect: number, event: WorkEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(from: number, to: number): void {
    this.env.world.entered(this.endpoint, from, to);
  }
  ignored(state: number, event: number): void {
    this.env.world.ignored(this.endpoint, state, event);
  }
}
