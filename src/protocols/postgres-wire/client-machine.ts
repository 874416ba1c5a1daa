/** One connection on the client's side, in the words of libpq (ConnStatusType, PGAsyncStatusType) and of the manual's message flow (§55.2). */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { PG_CLIENT_EFFECTS, pgClientRules, type PgClientContext, type PgEvent } from './client-rules';

const spec = (section: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: `PostgreSQL 15 ${section}` }, description });
const BROKEN = { END: { target: 'CLOSED', actions: 'tellBroken' }, BREAK: { target: 'CLOSED', actions: 'tellBroken' }, ABANDON: 'CLOSED' } as const;
const REFUSED = { target: 'CLOSED', actions: 'tellRefused' } as const;

export const machine = setup({
  types: { context: {} as PgClientContext, events: {} as PgEvent },
  guards: xstateGuards(pgClientRules),
  actions: xstateActions(pgClientRules, PG_CLIENT_EFFECTS),
}).createMachine({
  id: 'postgres-client',
  context: { answered: 0 },
  initial: 'STARTED',
  states: {
    STARTED: {
      ...spec('§55.2.1', 'Waits for the connection; then asks for TLS, or says at once who it is.'),
      on: { OPEN_TLS: { target: 'SSL_STARTUP', actions: 'sendSslRequest' }, OPEN: { target: 'AWAITING_RESPONSE', actions: 'sendStartup' }, ...BROKEN },
    },
    SSL_STARTUP: {
      ...spec('§55.2.10', 'Has asked for TLS: waits for one byte, then for the handshake.'),
      on: { SSL_YES: { actions: 'startTls' }, SSL_NO: { target: 'AWAITING_RESPONSE', actions: 'sendStartup' }, SECURED: { target: 'AWAITING_RESPONSE', actions: 'sendStartup' }, REFUSE: REFUSED, ...BROKEN },
    },
    AWAITING_RESPONSE: {
      ...spec('§55.2.1', 'Has said who it is; waits for the server’s question, or to be let in.'),
      on: {
        AUTHENTICATION_SASL: { actions: 'makeNonce' }, NONCE_READY: { target: 'SASL_CONTINUE', actions: 'sendInitialResponse' }, AUTHENTICATION_OK: 'AUTH_OK', ERROR_RESPONSE: REFUSED, ...BROKEN,
      },
    },
    SASL_CONTINUE: {
      ...spec('§55.3', 'Has sent its nonce; waits for salt and iterations, then computes the proof.'),
      on: { AUTHENTICATION_SASL_CONTINUE: { actions: 'computeProof' }, PROOF_READY: { target: 'SASL_FINAL', actions: 'sendResponse' }, ERROR_RESPONSE: REFUSED, ...BROKEN },
    },
    SASL_FINAL: {
      ...spec('§55.3', 'Has sent its proof; waits for the server’s.'),
      on: { AUTHENTICATION_SASL_FINAL: 'AWAITING_RESPONSE', ERROR_RESPONSE: REFUSED, ...BROKEN },
    },
    AUTH_OK: {
      ...spec('§55.2.1', 'Is let in; waits until the backend is ready.'),
      on: { PARAMETER_STATUS: {}, BACKEND_KEY_DATA: {}, READY_FOR_QUERY: { target: 'IDLE', actions: 'tellReady' }, ERROR_RESPONSE: REFUSED, ...BROKEN },
    },
    IDLE: {
      ...spec('§55.2.2', 'A statement may be sent.'),
      on: {
        QUERY: { target: 'BUSY', actions: 'sendQuery' }, PREPARE: { target: 'PREPARING', actions: 'sendParse' }, TERMINATE: { target: 'CLOSED', actions: 'sendTerminate' },
        ERROR_RESPONSE: { actions: 'noteError' }, PARAMETER_STATUS: {}, ...BROKEN,
      },
    },
    PREPARING: {
      ...spec('§55.2.3', 'The statement is being prepared.'),
      on: {
        PARSE_COMPLETE: {}, ERROR_RESPONSE: { actions: 'noteError' }, READY_FOR_QUERY: { target: 'BUSY', actions: 'sendQuery' },
        READY_AFTER_ERROR: { target: 'IDLE', actions: ['countAnswered', 'tellDone'] }, ...BROKEN,
      },
    },
    BUSY: {
      ...spec('§55.2.2', 'The answer arrives: description, rows, tag; it ends with ReadyForQuery.'),
      on: {
        PARSE_COMPLETE: {}, BIND_COMPLETE: {}, ROW_DESCRIPTION: {}, NO_DATA: {}, DATA_ROW: {}, COMMAND_COMPLETE: {}, EMPTY_QUERY_RESPONSE: {}, PARAMETER_STATUS: {},
        ERROR_RESPONSE: { actions: 'noteError' }, READY_FOR_QUERY: { target: 'IDLE', actions: ['countAnswered', 'tellDone'] }, READY_AFTER_ERROR: { target: 'IDLE', actions: ['countAnswered', 'tellDone'] },
        ...BROKEN,
      },
    },
    CLOSED: { type: 'final', ...spec('§55.2.9', 'The connection is gone.') },
  },
});
export const exampleEvents: readonly PgEvent[] = [
  'OPEN_TLS', 'OPEN', 'SSL_YES', 'SSL_NO', 'SECURED', 'REFUSE', 'AUTHENTICATION_SASL', 'NONCE_READY', 'AUTHENTICATION_SASL_CONTINUE', 'PROOF_READY', 'AUTHENTICATION_SASL_FINAL', 'AUTHENTICATION_OK',
  'PARAMETER_STATUS', 'BACKEND_KEY_DATA', 'READY_FOR_QUERY', 'READY_AFTER_ERROR', 'QUERY', 'PREPARE', 'TERMINATE', 'PARSE_COMPLETE', 'BIND_COMPLETE', 'ROW_DESCRIPTION', 'NO_DATA', 'DATA_ROW',
  'COMMAND_COMPLETE', 'EMPTY_QUERY_RESPONSE', 'ERROR_RESPONSE', 'END', 'BREAK', 'ABANDON', 'UNHEARD_OF',
].map((type) => ({ type }));
