/** The TLS client: RFC 8446 appendix A.1 for 1.3, the messages of RFC 5246 §7.3 figure 1 for 1.2. Full handshakes. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { CLIENT_EFFECTS, clientRules, type TlsContext, type TlsEvent } from './client-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });
const FAIL = { target: 'CLOSED' } as const;
const REFUSE = { target: 'CLOSED', actions: 'alert' } as const;

export const machine = setup({
  types: { context: {} as TlsContext, events: {} as TlsEvent },
  guards: xstateGuards(clientRules),
  actions: xstateActions(clientRules, CLIENT_EFFECTS),
}).createMachine({
  id: 'tls-client',
  context: { tls13: true },
  initial: 'START',
  states: {
    START: { ...spec('RFC 8446 §A.1', 'Nothing sent yet.'), on: { CONNECT: { target: 'WAIT_SH', actions: 'sendHello' }, CLOSE: FAIL } },
    WAIT_SH: {
      ...spec('RFC 8446 §4.1.3', 'Has sent ClientHello; waits for ServerHello.'),
      on: { SERVER_HELLO: [{ guard: 'isTls13', target: 'WAIT_EE' }, { target: 'WAIT_CERT' }], ALERT: FAIL, CLOSE: FAIL },
    },
    WAIT_EE: { ...spec('RFC 8446 §4.3.1', 'Waits for EncryptedExtensions.'), on: { ENCRYPTED_EXTENSIONS: 'WAIT_CERT_CR', ALERT: FAIL, CLOSE: FAIL } },
    WAIT_CERT_CR: {
      ...spec('RFC 8446 §4.4.2', 'Waits for the certificate chain.'),
      on: { CERTIFICATE: { target: 'WAIT_CV', actions: 'checkCertificate' }, ALERT: FAIL, CLOSE: FAIL },
    },
    WAIT_CV: { ...spec('RFC 8446 §4.4.3', 'Waits for the proof that the server holds the key.'), on: { CERTIFICATE_VERIFY: 'WAIT_FINISHED', REFUSE, ALERT: FAIL, CLOSE: FAIL } },
    WAIT_FINISHED: {
      ...spec('RFC 8446 §4.4.4', 'Waits for the server’s Finished.'),
      on: { FINISHED: { target: 'VERIFYING', actions: 'finishHandshake' }, REFUSE, ALERT: FAIL, CLOSE: FAIL },
    },
    VERIFYING: {
      ...spec('RFC 8446 §4.4', 'Checks signatures and derives keys, then answers.'),
      on: { DONE: { target: 'CONNECTED', actions: 'tellConnected' }, KEYS_SENT: 'WAIT_CCS', REFUSE, ALERT: FAIL, CLOSE: FAIL },
    },
    WAIT_CERT: {
      ...spec('RFC 5246 §7.4.2', 'TLS 1.2: waits for the certificate chain.'),
      on: { CERTIFICATE: { target: 'WAIT_SKE', actions: 'checkCertificate' }, ALERT: FAIL, CLOSE: FAIL },
    },
    WAIT_SKE: { ...spec('RFC 5246 §7.4.3', 'TLS 1.2: waits for the server’s key share.'), on: { SERVER_KEY_EXCHANGE: 'WAIT_SHD', REFUSE, ALERT: FAIL, CLOSE: FAIL } },
    WAIT_SHD: {
      ...spec('RFC 5246 §7.4.5', 'TLS 1.2: waits for the end of the server’s flight.'),
      on: { SERVER_HELLO_DONE: { target: 'VERIFYING', actions: 'finishHandshake' }, REFUSE, ALERT: FAIL, CLOSE: FAIL },
    },
    WAIT_CCS: { ...spec('RFC 5246 §7.1', 'TLS 1.2: waits for ChangeCipherSpec.'), on: { CHANGE_CIPHER_SPEC: 'WAIT_FINISHED_12', ALERT: FAIL, CLOSE: FAIL } },
    WAIT_FINISHED_12: {
      ...spec('RFC 5246 §7.4.9', 'TLS 1.2: waits for the server’s Finished.'),
      on: { FINISHED: { target: 'CONNECTED', actions: 'tellConnected' }, ALERT: FAIL, CLOSE: FAIL },
    },
    CONNECTED: {
      ...spec('RFC 8446 §A.1', 'Application data flows.'),
      on: { NEW_SESSION_TICKET: { actions: 'storeTicket' }, CLOSE_NOTIFY: {}, ALERT: FAIL, CLOSE: FAIL },
    },
    CLOSED: { type: 'final', ...spec('RFC 8446 §6.1', 'Over.') },
  },
});

export const exampleEvents: readonly TlsEvent[] = [
  'CONNECT', 'SERVER_HELLO', 'ENCRYPTED_EXTENSIONS', 'CERTIFICATE', 'CERTIFICATE_VERIFY', 'FINISHED', 'SERVER_KEY_EXCHANGE', 'SERVER_HELLO_DONE',
  'CHANGE_CIPHER_SPEC', 'NEW_SESSION_TICKET', 'ALERT', 'CLOSE', 'CLOSE_NOTIFY', 'REFUSE', 'DONE', 'KEYS_SENT', 'UNHEARD_OF',
].map((type) => ({ type }));
