/** The TLS server: RFC 8446 appendix A.2 for 1.3, the messages of RFC 5246 §7.3 for 1.2. Full handshakes. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import type { TlsContext, TlsEvent } from './client-rules';
import { SERVER_EFFECTS, serverRules } from './server-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });
const FAIL = { target: 'CLOSED' } as const;

export const machine = setup({
  types: { context: {} as TlsContext, events: {} as TlsEvent },
  guards: xstateGuards(serverRules),
  actions: xstateActions(serverRules, SERVER_EFFECTS),
}).createMachine({
  id: 'tls-server',
  context: { tls13: true },
  initial: 'START',
  states: {
    START: { ...spec('RFC 8446 §A.2', 'Waits for ClientHello.'), on: { CLIENT_HELLO: { target: 'RECVD_CH', actions: 'negotiate' }, ALERT: FAIL, CLOSE: FAIL } },
    RECVD_CH: {
      ...spec('RFC 8446 §A.2', 'Chooses version and keys, signs.'),
      on: {
        NEGOTIATED: [
          { guard: 'isTls13', target: 'WAIT_FLIGHT2', actions: 'sendFlight' },
          { target: 'WAIT_CKE', actions: 'sendFlight' },
        ],
        NO_COMMON_VERSION: { target: 'CLOSED', actions: 'refuseVersion' }, ALERT: FAIL, CLOSE: FAIL,
      },
    },
    WAIT_FLIGHT2: { ...spec('RFC 8446 §A.2', 'Waits for the client’s Finished.'), on: { FINISHED: { target: 'FINISHING', actions: 'finish' }, CHANGE_CIPHER_SPEC: {}, ALERT: FAIL, CLOSE: FAIL } },
    WAIT_CKE: { ...spec('RFC 5246 §7.4.7', 'TLS 1.2: waits for the client’s key share.'), on: { CLIENT_KEY_EXCHANGE: 'WAIT_CCS', ALERT: FAIL, CLOSE: FAIL } },
    WAIT_CCS: { ...spec('RFC 5246 §7.1', 'TLS 1.2: waits for ChangeCipherSpec.'), on: { CHANGE_CIPHER_SPEC: 'WAIT_FINISHED', ALERT: FAIL, CLOSE: FAIL } },
    WAIT_FINISHED: { ...spec('RFC 5246 §7.4.9', 'TLS 1.2: waits for the client’s Finished.'), on: { FINISHED: { target: 'FINISHING', actions: 'finish' }, ALERT: FAIL, CLOSE: FAIL } },
    FINISHING: { ...spec('RFC 8446 §A.2', 'Derives keys, makes tickets.'), on: { DONE: { target: 'CONNECTED', actions: 'tellConnected' }, ALERT: FAIL, CLOSE: FAIL } },
    CONNECTED: { ...spec('RFC 8446 §A.2', 'Application data flows.'), on: { CLOSE_NOTIFY: {}, ALERT: FAIL, CLOSE: FAIL } },
    CLOSED: { type: 'final', ...spec('RFC 8446 §6.1', 'Over.') },
  },
});

export const exampleEvents: readonly TlsEvent[] = [
  'CLIENT_HELLO', 'NEGOTIATED', 'NO_COMMON_VERSION', 'FINISHED', 'CHANGE_CIPHER_SPEC', 'CLIENT_KEY_EXCHANGE', 'DONE', 'ALERT', 'CLOSE', 'CLOSE_NOTIFY', 'UNHEARD_OF',
].map((type) => ({ type }));
