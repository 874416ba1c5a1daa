/** The TLS client: RFC 8446 appendix A.1 for 1.3; for 1.2 the messages of RFC 5246 §7.3 figure 1 in the same style, and where an earlier session is taken up (RFC 8446 §2.2, RFC 5246 figure 2). */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { CLIENT_EFFECTS, clientRules, type TlsContext, type TlsEvent } from './client-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });
const END = { ALERT: { target: 'CLOSED' }, CLOSE: { target: 'CLOSED' } } as const;

export const machine = setup({
  types: { context: {} as TlsContext, events: {} as TlsEvent },
  guards: xstateGuards(clientRules),
  actions: xstateActions(clientRules, CLIENT_EFFECTS),
}).createMachine({
  id: 'tls-client',
  context: { tls13: true, resumed: false },
  initial: 'START',
  states: {
    START: { ...spec('RFC 8446 §A.1', 'Nothing sent yet, or asked for a key share of another group.'), on: { CONNECT: { target: 'WAIT_SH', actions: 'sendHello' }, ...END } },
    WAIT_SH: {
      ...spec('RFC 8446 §4.1.3', 'Has sent ClientHello; waits for ServerHello.'),
      on: { HELLO_RETRY_REQUEST: { target: 'START', actions: 'retryHello' }, SERVER_HELLO: [{ guard: 'isTls13', target: 'WAIT_EE', actions: 'deriveKeys' }, { guard: 'isResumed', target: 'WAIT_CCS' }, { target: 'WAIT_CERT_12' }], ...END },
    },
    WAIT_EE: {
      ...spec('RFC 8446 §4.3.1', 'Waits for EncryptedExtensions; with a session taken up, Finished is next.'),
      on: { ENCRYPTED_EXTENSIONS: [{ guard: 'isResumed', target: 'WAIT_FINISHED', actions: 'earlyAnswer' }, { target: 'WAIT_CERT_CR', actions: 'earlyAnswer' }], ...END },
    },
    WAIT_CERT_CR: {
      ...spec('RFC 8446 §4.4.2', 'Waits for the certificate chain (or for the question for its own).'),
      on: { CERTIFICATE_REQUEST: { target: 'WAIT_CERT', actions: 'noteRequest' }, CERTIFICATE: { target: 'WAIT_CV', actions: 'verifyChain' }, ...END },
    },
    WAIT_CERT: { ...spec('RFC 8446 §4.3.2', 'Was asked for a certificate of its own; waits for the server’s.'), on: { CERTIFICATE: { target: 'WAIT_CV', actions: 'verifyChain' }, ...END } },
    WAIT_CV: {
      ...spec('RFC 8446 §4.4.3', 'Waits for the proof that the server holds the key.'),
      on: { CERTIFICATE_VERIFY: { target: 'WAIT_FINISHED', actions: 'verifySignature' }, REFUSE: { target: 'CLOSED', actions: 'refuse' }, ...END },
    },
    WAIT_FINISHED: {
      ...spec('RFC 8446 §4.4.4', 'Waits for the server’s Finished, then answers with its own.'),
      on: { FINISHED: { actions: 'computeFlight' }, FLIGHT_READY: { target: 'CONNECTED', actions: ['sendFinished', 'tellConnected'] }, ...END },
    },
    WAIT_CERT_12: {
      ...spec('RFC 5246 §7.4.2', 'TLS 1.2: waits for the certificate chain.'),
      on: { CERTIFICATE: { target: 'WAIT_SKE', actions: 'verifyChain' }, ...END },
    },
    WAIT_SKE: {
      ...spec('RFC 5246 §7.4.3', 'TLS 1.2: waits for the server’s signed key share.'),
      on: { CERTIFICATE_STATUS: {}, SERVER_KEY_EXCHANGE: { target: 'WAIT_SHD', actions: 'verifySignature' }, REFUSE: { target: 'CLOSED', actions: 'refuse' }, ...END },
    },
    WAIT_SHD: {
      ...spec('RFC 5246 §7.4.5', 'TLS 1.2: waits for the end of the server’s flight, then answers.'),
      on: { CERTIFICATE_REQUEST: { actions: 'noteRequest' }, SERVER_HELLO_DONE: { actions: 'computeFlight' }, FLIGHT_READY: { target: 'WAIT_CCS', actions: 'sendKeys' }, ...END },
    },
    WAIT_CCS: {
      ...spec('RFC 5246 §7.1', 'TLS 1.2: waits for ChangeCipherSpec; a ticket may come before it.'),
      on: { NEW_SESSION_TICKET: { actions: 'storeTicket' }, CHANGE_CIPHER_SPEC: 'WAIT_FINISHED_12', ...END },
    },
    WAIT_FINISHED_12: {
      ...spec('RFC 5246 §7.4.9', 'TLS 1.2: waits for the server’s Finished; of a session taken up its own comes after it.'),
      on: { FINISHED: [{ guard: 'isResumed', actions: 'computeFlight' }, { target: 'CONNECTED', actions: 'tellConnected' }], FLIGHT_READY: { target: 'CONNECTED', actions: ['sendFinished12', 'tellConnected'] }, ...END },
    },
    CONNECTED: {
      ...spec('RFC 8446 §A.1', 'Application data flows.'),
      on: { NEW_SESSION_TICKET: { actions: 'storeTicket' }, CLOSE_NOTIFY: {}, ...END },
    },
    CLOSED: { type: 'final', ...spec('RFC 8446 §6.1', 'Over.') },
  },
});

export const exampleEvents: readonly TlsEvent[] = [
  'CERTIFICATE_REQUEST', 'CERTIFICATE_STATUS', 'CONNECT', 'HELLO_RETRY_REQUEST', 'SERVER_HELLO', 'ENCRYPTED_EXTENSIONS', 'CERTIFICATE', 'CERTIFICATE_VERIFY', 'FINISHED', 'FLIGHT_READY', 'SERVER_KEY_EXCHANGE',
  'SERVER_HELLO_DONE', 'CHANGE_CIPHER_SPEC', 'NEW_SESSION_TICKET', 'ALERT', 'CLOSE', 'CLOSE_NOTIFY', 'REFUSE', 'UNHEARD_OF',
].map((type) => ({ type }));
