/** One backend: from the first packet to Terminate, after the manual's message flow (§55.2) and pg_stat_activity's states. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import type { PgEvent } from './client-rules';
import { PG_SERVER_EFFECTS, pgServerRules, type PgServerContext } from './server-rules';

const spec = (section: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: `PostgreSQL 15 ${section}` }, description });
const GONE = { END: { target: 'CLOSED', actions: 'end' }, BREAK: { target: 'CLOSED', actions: 'lost' } } as const;
const REFUSE = { target: 'CLOSED', actions: 'refuse' } as const;

export const machine = setup({
  types: { context: {} as PgServerContext, events: {} as PgEvent },
  guards: xstateGuards(pgServerRules),
  actions: xstateActions(pgServerRules, PG_SERVER_EFFECTS),
}).createMachine({
  id: 'postgres-server',
  context: { ssl: false, scram: true },
  initial: 'START',
  states: {
    START: {
      ...spec('§55.2.10', 'Waits for the first packet: a wish for TLS, or who the client is.'),
      on: { SSL_REQUEST: [{ guard: 'speaksTls', target: 'SSL_STARTUP', actions: 'answerYes' }, { actions: 'answerNo' }], STARTUP_MESSAGE: { target: 'STARTUP', actions: 'openSession' }, ...GONE },
    },
    SSL_STARTUP: {
      ...spec('§55.2.10', 'TLS shakes hands on the same connection; then the client says who it is.'),
      on: { SECURED: {}, STARTUP_MESSAGE: { target: 'STARTUP', actions: 'openSession' }, ...GONE },
    },
    STARTUP: {
      ...spec('§55.2.1', 'Is there room, and which authentication does pg_hba.conf ask for?'),
      on: { ADMITTED: [{ guard: 'asksPassword', target: 'SASL_INITIAL', actions: 'sendMechanisms' }, { target: 'INITIALISING', actions: 'initialise' }], REFUSE, ...GONE },
    },
    SASL_INITIAL: {
      ...spec('§55.3', 'Has named its mechanisms; waits for the client’s nonce.'),
      on: { SASL_INITIAL_RESPONSE: { target: 'SASL_RESPONSE', actions: 'sendContinue' }, ...GONE },
    },
    SASL_RESPONSE: {
      ...spec('§55.3', 'Has sent salt and iterations; waits for the proof and checks it.'),
      on: { SASL_RESPONSE: { actions: 'checkProof' }, PROVED: { target: 'INITIALISING', actions: 'initialise' }, REFUSE, ...GONE },
    },
    INITIALISING: {
      ...spec('§55.2.1', 'The client is let in; the backend opens the database.'),
      on: { INITIALISED: { target: 'IDLE', actions: 'sendReady' }, REFUSE, ...GONE },
    },
    IDLE: {
      ...spec('§55.2.2', 'Waits for a statement, or for the next step of the extended protocol.'),
      on: {
        QUERY: { target: 'ACTIVE', actions: 'run' }, PARSE: { actions: 'queueStep' }, BIND: { actions: 'queueStep' }, DESCRIBE: { actions: 'queueStep' }, EXECUTE: { target: 'ACTIVE', actions: 'run' },
        SYNC: { actions: 'flush' }, TERMINATE: { target: 'CLOSED', actions: 'end' }, ...GONE,
      },
    },
    ACTIVE: {
      ...spec('§55.2.2', 'The statement runs; nothing is read meanwhile.'),
      on: { ANSWERED: { target: 'IDLE', actions: 'sendResult' }, PORTAL_DONE: { target: 'IDLE', actions: 'queueResult' }, PORTAL_FAILED: { target: 'FAILED', actions: 'queueResult' }, REFUSE },
    },
    FAILED: {
      ...spec('§55.2.3', 'A step of the extended protocol failed: all is skipped up to Sync.'),
      on: { PARSE: {}, BIND: {}, DESCRIBE: {}, EXECUTE: {}, SYNC: { target: 'IDLE', actions: 'flush' }, TERMINATE: { target: 'CLOSED', actions: 'end' }, ...GONE },
    },
    CLOSED: { type: 'final', ...spec('§55.2.9', 'The backend ends.') },
  },
});
export const exampleEvents: readonly PgEvent[] = [
  'SSL_REQUEST', 'SECURED', 'STARTUP_MESSAGE', 'ADMITTED', 'REFUSE', 'SASL_INITIAL_RESPONSE', 'SASL_RESPONSE', 'PROVED', 'INITIALISED', 'QUERY', 'PARSE', 'BIND', 'DESCRIBE', 'EXECUTE', 'SYNC',
  'ANSWERED', 'PORTAL_DONE', 'PORTAL_FAILED', 'TERMINATE', 'END', 'BREAK', 'UNHEARD_OF',
].map((type) => ({ type }));
