/** Transcripts per state of both machines: what it hears `<`, what that makes it do, where it goes `=`; the rest is ignored `!`. */
import { describe, expect, it } from 'vitest';
import { Machine, type MachineTable } from '../../../src/machines/table';
import { clientRules, type TlsEvent } from '../../../src/protocols/tls/client-rules';
import { tlsClientTable } from '../../../src/protocols/tls/client-table.gen';
import { serverRules, type ServerContext } from '../../../src/protocols/tls/server-rules';
import { tlsServerTable } from '../../../src/protocols/tls/server-table.gen';

const PLAIN: ServerContext = { tls13: true, resumed: false, early: false, asks: false };
function transcripts(table: MachineTable, rules: typeof serverRules, settled: Partial<ServerContext> = {}): string {
  const machine = new Machine<ServerContext, TlsEvent>(table, rules);
  const { leaves, events } = table.chart;
  const lines: string[] = [];
  leaves.forEach((leaf, state) => {
    const heard: string[] = [], ignored: string[] = [];
    events.forEach((name, event) => {
      const instance = { state };
      const did: string[] = [];
      const handled = machine.step(instance, { ...PLAIN, ...settled }, event, { type: name }, {
        effect: (e) => void did.push(table.effects[e]!), armDelay() {}, cancelDelay() {}, moved() {}, ignored() {},
      });
      if (!handled) ignored.push(name);
      else if (name !== 'ALERT' && name !== 'CLOSE') heard.push(`< ${name}${did.map((d) => ` ${d}`).join('')}${instance.state === state ? '' : ` = ${leaves[instance.state]}`}`);
      else expect([leaf, leaves[instance.state], did]).toEqual([leaf, 'CLOSED', []]);
    });
    if (leaf === 'CLOSED') expect(ignored).toEqual([...events]);
    else lines.push(`${leaf}: ${heard.join('; ')}`);
    expect(ignored.length + heard.length).toBe(leaf === 'CLOSED' ? events.length : events.length - 2);
  });
  return lines.join('\n');
}

describe('every state but CLOSED goes to CLOSED on an alert or the end of the connection, and ignores what is not listed', () => {
  it('client: the states of RFC 8446 §A.1, and those of 1.2', () => {
    expect(transcripts(tlsClientTable, clientRules)).toMatchInlineSnapshot(`
      "START: < CONNECT sendHello = WAIT_SH
      WAIT_SH: < HELLO_RETRY_REQUEST retryHello = START; < SERVER_HELLO deriveKeys = WAIT_EE
      WAIT_EE: < ENCRYPTED_EXTENSIONS earlyAnswer = WAIT_CERT_CR
      WAIT_CERT_CR: < CERTIFICATE_REQUEST noteRequest = WAIT_CERT; < CERTIFICATE verifyChain = WAIT_CV
      WAIT_CERT: < CERTIFICATE verifyChain = WAIT_CV
      WAIT_CV: < CERTIFICATE_VERIFY verifySignature = WAIT_FINISHED; < REFUSE refuse = CLOSED
      WAIT_FINISHED: < FINISHED computeFlight; < FLIGHT_READY sendFinished tellConnected = CONNECTED
      WAIT_CERT_12: < CERTIFICATE verifyChain = WAIT_SKE
      WAIT_SKE: < REFUSE refuse = CLOSED; < CERTIFICATE_STATUS; < SERVER_KEY_EXCHANGE verifySignature = WAIT_SHD
      WAIT_SHD: < CERTIFICATE_REQUEST noteRequest; < FLIGHT_READY sendKeys = WAIT_CCS; < SERVER_HELLO_DONE computeFlight
      WAIT_CCS: < NEW_SESSION_TICKET storeTicket; < CHANGE_CIPHER_SPEC = WAIT_FINISHED_12
      WAIT_FINISHED_12: < FINISHED tellConnected = CONNECTED; < FLIGHT_READY sendFinished12 tellConnected = CONNECTED
      CONNECTED: < NEW_SESSION_TICKET storeTicket; < CLOSE_NOTIFY"
    `);
  });
  it('client: a ServerHello of 1.2 leads to its states', () => {
    const [a, b] = [true, false].map((tls13) => transcripts(tlsClientTable, clientRules, { tls13 }).split('\n'));
    expect(b!.filter((line, i) => line !== a![i])).toMatchInlineSnapshot(`
      [
        "WAIT_SH: < HELLO_RETRY_REQUEST retryHello = START; < SERVER_HELLO = WAIT_CERT_12",
      ]
    `);
  });
  it('server: the states of RFC 8446 §A.2, and those of 1.2', () => {
    expect(transcripts(tlsServerTable, serverRules)).toMatchInlineSnapshot(`
      "START: < CLIENT_HELLO negotiate = RECVD_CH
      RECVD_CH: < RETRY sendRetry = START; < AGREED computeFlight = NEGOTIATED; < REFUSE refuse = CLOSED
      NEGOTIATED: < FLIGHT_READY sendFlight askNothing = WAIT_FLIGHT2
      WAIT_EOED: < END_OF_EARLY_DATA askNothing = WAIT_FLIGHT2; < CLOSE_NOTIFY
      WAIT_FLIGHT2: < NO_CLIENT_AUTH = WAIT_FINISHED; < CLIENT_AUTH = WAIT_CERT
      WAIT_CERT: < CERTIFICATE verifyClientChain = WAIT_CV; < EMPTY_CERTIFICATE = WAIT_FINISHED
      WAIT_CV: < CERTIFICATE_VERIFY verifyClientSignature = WAIT_FINISHED
      WAIT_FINISHED: < FINISHED finish; < FINISH_READY sendTickets tellConnected = CONNECTED
      WAIT_CERT_12: < CERTIFICATE verifyClientChain = WAIT_CKE; < EMPTY_CERTIFICATE = WAIT_CKE
      WAIT_CKE: < CLIENT_KEY_EXCHANGE = WAIT_CCS
      WAIT_CCS: < CERTIFICATE_VERIFY verifyClientSignature; < CHANGE_CIPHER_SPEC = WAIT_FINISHED_12
      WAIT_FINISHED_12: < FINISHED finish; < FINISH_READY sendFinished tellConnected = CONNECTED
      CONNECTED: < CLOSE_NOTIFY"
    `);
  });
  it('server: 1.2 waits for the client’s key share', () => {
    const [a, b] = [true, false].map((tls13) => transcripts(tlsServerTable, serverRules, { tls13 }).split('\n'));
    expect(b!.filter((line, i) => line !== a![i])).toMatchInlineSnapshot(`
      [
        "NEGOTIATED: < FLIGHT_READY sendFlight = WAIT_CKE",
      ]
    `);
  });
  it.each<[string, Partial<ServerContext>]>([['1.3', { resumed: true }], ['1.2', { tls13: false, resumed: true }], ['1.3 with early data', { resumed: true, early: true }]])('a session of %s is taken up by other ways', (_, settled) => {
    const differs = (table: MachineTable, rules: typeof serverRules): string[] => {
      const plain = transcripts(table, rules, { tls13: settled.tls13 ?? true }).split('\n');
      return transcripts(table, rules, settled).split('\n').filter((line, i) => line !== plain[i]);
    };
    expect([...differs(tlsClientTable, clientRules).map((l) => `client ${l}`), ...differs(tlsServerTable, serverRules).map((l) => `server ${l}`)]).toMatchSnapshot();
  });
});
