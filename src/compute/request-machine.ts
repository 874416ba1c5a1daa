/** A request inside an app server: waits for somebody to do it, computes, asks the database, waits for others, answers. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../machines/define';
import { WORK_EFFECTS, workRules, type WorkContext, type WorkEvent } from './request-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });
const SERVLET = 'Tomcat, threads and executor';

export const machine = setup({
  types: { context: {} as WorkContext, events: {} as WorkEvent },
  guards: xstateGuards(workRules),
  actions: xstateActions(workRules, WORK_EFFECTS),
}).createMachine({
  id: 'app-request',
  context: { answered: 0 },
  initial: 'QUEUED',
  states: {
    QUEUED: {
      ...spec(SERVLET, 'Waits for a worker.'),
      on: { WORKER: { target: 'RUNNING', actions: 'next' }, QUEUE_FULL: { target: 'REFUSED', actions: 'refuse' } },
    },
    RUNNING: {
      ...spec(SERVLET, 'The handler computes.'),
      on: {
        COMPUTED: { actions: 'next' }, NEED_CONNECTION: { target: 'POOL_WAIT', actions: 'takeConnection' }, NEED_OTHERS: { target: 'WAITING', actions: 'startWait' },
        FINISHED: { target: 'RESPONDED', actions: 'respond' },
      },
    },
    POOL_WAIT: {
      ...spec('HikariCP connectionTimeout', 'Waits for a connection of the pool.'),
      on: { CONNECTION: { target: 'QUERYING', actions: 'query' }, NO_CONNECTION: { target: 'FAILED', actions: 'fail' } },
    },
    QUERYING: {
      ...spec('PostgreSQL 15 §55.2', 'The statement is with the database.'),
      on: { ROWS: { target: 'RUNNING', actions: ['countAnswer', 'giveBack', 'next'] }, QUERY_FAILED: { target: 'FAILED', actions: ['giveBack', 'fail'] } },
    },
    WAITING: { ...spec(SERVLET, 'Waits for something outside: another service, a file.'), on: { WAITED: { target: 'RUNNING', actions: 'next' } } },
    RESPONDED: { type: 'final', ...spec('RFC 9110 §15.3', 'The answer is written.') },
    REFUSED: { type: 'final', ...spec('Tomcat AbstractEndpoint.processSocket', 'No worker and no room to wait for one: the connection is closed, or answered with a 503.') },
    FAILED: { type: 'final', ...spec('RFC 9110 §15.6.1', '500: the database did not answer.') },
  },
});
export const exampleEvents: readonly WorkEvent[] = [
  'WORKER', 'QUEUE_FULL', 'COMPUTED', 'NEED_CONNECTION', 'NEED_OTHERS', 'FINISHED', 'CONNECTION', 'NO_CONNECTION', 'ROWS', 'QUERY_FAILED', 'WAITED', 'UNHEARD_OF',
].map((type) => ({ type }));
