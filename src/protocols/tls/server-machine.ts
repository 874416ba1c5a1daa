/** The TLS server: RFC 8446 appendix A.2 for 1.3; for 1.2 the messages of RFC 5246 §7.3 figure 1 in the same style, and where an earlier session is taken up (RFC 8446 §2.2, RFC 5246 figure 2). */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import type { TlsEvent } from './client-rules';
import { SERVER_EFFECTS, serverRules, type ServerContext } from './server-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });
const END = { ALERT: { target: 'CLOSED' }, CLOSE: { target: 'CLOSED' } } as const;

export const machine = setup({
  types: { context: {} as ServerContext, events: {} as TlsEvent },
  guards: xstateGuards(serverRules),
  actions: xstateActions(serverRules, SERVER_EFFECTS),
}).createMachine({
  id: 'tls-server',
  context: { tls13: true, resumed: false, early: false, asks: false },
  initial: 'START',
  states: {
    START: { ...spec('RFC 8446 §A.2', 'Waits for ClientHello.'), on: { CLIENT_HELLO: { target: 'RECVD_CH', actions: 'negotiate' }, ...END } },
    RECVD_CH: {
      ...spec('RFC 8446 §4.1.1', 'Chooses version, cipher suite, group and protocol.'),
      on: { RETRY: { target: 'START', actions: 'sendRetry' }, AGREED: { target: 'NEGOTIATED', actions: 'computeFlight' }, REFUSE: { target: 'CLOSED', actions: 'refuse' }, ...END },
    },
    NEGOTIATED: {
      ...spec('RFC 8446 §A.2', 'Makes its key share, signs, sends its flight.'),
      on: {
        FLIGHT_READY: [
          { guard: 'takesEarlyData', target: 'WAIT_EOED', actions: 'sendFlight' },
          { guard: 'isTls13', target: 'WAIT_FLIGHT2', actions: ['sendFlight', 'askNothing'] },
          { guard: 'isResumed', target: 'WAIT_CCS', actions: 'sendFlight' },
          { guard: 'asksClient', target: 'WAIT_CERT_12', actions: 'sendFlight' },
          { target: 'WAIT_CKE', actions: 'sendFlight' },
        ],
        ...END,
      },
    },
    WAIT_EOED: { ...spec('RFC 8446 §A.2', 'Reads early data until the client says that it ends.'), on: { END_OF_EARLY_DATA: { target: 'WAIT_FLIGHT2', actions: 'askNothing' }, CLOSE_NOTIFY: {}, ...END } },
    WAIT_FLIGHT2: { ...spec('RFC 8446 §A.2', 'Its flight is sent; did it ask for a certificate?'), on: { NO_CLIENT_AUTH: 'WAIT_FINISHED', CLIENT_AUTH: 'WAIT_CERT', ...END } },
    WAIT_CERT: { ...spec('RFC 8446 §4.4.2', 'Waits for the client’s certificate; an empty one says that it has none.'), on: { CERTIFICATE: { target: 'WAIT_CV', actions: 'verifyClientChain' }, EMPTY_CERTIFICATE: 'WAIT_FINISHED', ...END } },
    WAIT_CV: { ...spec('RFC 8446 §4.4.3', 'Waits for the proof that the client holds the key.'), on: { CERTIFICATE_VERIFY: { target: 'WAIT_FINISHED', actions: 'verifyClientSignature' }, ...END } },
    WAIT_FINISHED: {
      ...spec('RFC 8446 §4.4.4', 'Waits for the client’s Finished.'),
      on: { FINISHED: { actions: 'finish' }, FINISH_READY: { target: 'CONNECTED', actions: ['sendTickets', 'tellConnected'] }, ...END },
    },
    WAIT_CERT_12: { ...spec('RFC 5246 §7.4.6', 'TLS 1.2: waits for the client’s certificate.'), on: { CERTIFICATE: { target: 'WAIT_CKE', actions: 'verifyClientChain' }, EMPTY_CERTIFICATE: 'WAIT_CKE', ...END } },
    WAIT_CKE: { ...spec('RFC 5246 §7.4.7', 'TLS 1.2: waits for the client’s key share.'), on: { CLIENT_KEY_EXCHANGE: 'WAIT_CCS', ...END } },
    WAIT_CCS: { ...spec('RFC 5246 §7.1', 'TLS 1.2: waits for ChangeCipherSpec.'), on: { CERTIFICATE_VERIFY: { actions: 'verifyClientSignature' }, CHANGE_CIPHER_SPEC: 'WAIT_FINISHED_12', ...END } },
    WAIT_FINISHED_12: {
      ...spec('RFC 5246 §7.4.9', 'TLS 1.2: waits for the client’s Finished.'),
      on: { FINISHED: { actions: 'finish' }, FINISH_READY: [{ guard: 'isResumed', target: 'CONNECTED', actions: 'tellConnected' }, { target: 'CONNECTED', actions: ['sendFinished', 'tellConnected'] }], ...END },
    },
    CONNECTED: { ...spec('RFC 8446 §A.2', 'Application data flows.'), on: { CLOSE_NOTIFY: {}, ...END } },
    CLOSED: { type: 'final', ...spec('RFC 8446 §6.1', 'Over.') },
  },
});

export const exampleEvents: readonly TlsEvent[] = [
  'CLIENT_AUTH', 'CERTIFICATE', 'EMPTY_CERTIFICATE', 'CERTIFICATE_VERIFY', 'CLIENT_HELLO', 'END_OF_EARLY_DATA', 'RETRY', 'AGREED', 'REFUSE', 'FLIGHT_READY', 'NO_CLIENT_AUTH', 'FINISHED', 'FINISH_READY', 'CHANGE_CIPHER_SPEC', 'CLIENT_KEY_EXCHANGE', 'ALERT',
  'CLOSE', 'CLOSE_NOTIFY', 'UNHEARD_OF',
].map((type) => ({ type }));
