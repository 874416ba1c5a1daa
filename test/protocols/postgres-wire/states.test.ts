/** Transcripts per state of both machines: what it hears `<`, what that makes it do, where it goes `=`; the rest is ignored `!`. */
import { describe, expect, it } from 'vitest';
import { Machine, type MachineTable, type Rules } from '../../../src/machines/table';
import { pgClientRules, type PgEvent } from '../../../src/protocols/postgres-wire/client-rules';
import { postgresClientTable } from '../../../src/protocols/postgres-wire/client-table.gen';
import { pgServerRules } from '../../../src/protocols/postgres-wire/server-rules';
import { postgresServerTable } from '../../../src/protocols/postgres-wire/server-table.gen';

/** One line for each state. Ends of the connection that do the same everywhere are left to the second test. */
function transcripts<C>(table: MachineTable, rules: Rules<C, PgEvent>, context: () => C, leave: readonly string[]): string {
  const machine = new Machine<C, PgEvent>(table, rules);
  const { leaves, events } = table.chart;
  return leaves
    .map((leaf, state) => {
      const heard: string[] = [];
      events.forEach((name, event) => {
        if (leave.includes(name)) return;
        const instance = { state };
        const did: string[] = [];
        const handled = machine.step(instance, context(), event, { type: name }, { effect: (e) => void did.push(table.effects[e]!), armDelay() {}, cancelDelay() {}, moved() {}, ignored() {} });
        if (handled) heard.push(`< ${[name, ...did].join(' ')}${instance.state === state ? '' : ` = ${leaves[instance.state]}`}`);
      });
      return `${leaf}: ${heard.join('; ')}`;
    })
    .join('\n');
}
const ENDS = ['END', 'BREAK', 'ABANDON'];

describe('every state, every event', () => {
  it('client', () => {
    expect(transcripts(postgresClientTable, pgClientRules, () => ({ answered: 0 }), ENDS)).toMatchInlineSnapshot(`
      "STARTED: < OPEN_TLS sendSslRequest = SSL_STARTUP; < OPEN sendStartup = AWAITING_RESPONSE
      SSL_STARTUP: < SSL_YES startTls; < SSL_NO sendStartup = AWAITING_RESPONSE; < SECURED sendStartup = AWAITING_RESPONSE; < REFUSE tellRefused = CLOSED
      AWAITING_RESPONSE: < AUTHENTICATION_SASL makeNonce; < NONCE_READY sendInitialResponse = SASL_CONTINUE; < AUTHENTICATION_OK = AUTH_OK; < ERROR_RESPONSE tellRefused = CLOSED
      SASL_CONTINUE: < ERROR_RESPONSE tellRefused = CLOSED; < AUTHENTICATION_SASL_CONTINUE computeProof; < PROOF_READY sendResponse = SASL_FINAL
      SASL_FINAL: < ERROR_RESPONSE tellRefused = CLOSED; < AUTHENTICATION_SASL_FINAL = AWAITING_RESPONSE
      AUTH_OK: < ERROR_RESPONSE tellRefused = CLOSED; < PARAMETER_STATUS; < BACKEND_KEY_DATA; < READY_FOR_QUERY tellReady = IDLE
      IDLE: < ERROR_RESPONSE noteError; < PARAMETER_STATUS; < QUERY sendQuery = BUSY; < PREPARE sendParse = PREPARING; < TERMINATE sendTerminate = CLOSED
      PREPARING: < ERROR_RESPONSE noteError; < READY_FOR_QUERY sendQuery = BUSY; < PARSE_COMPLETE; < READY_AFTER_ERROR tellDone = IDLE
      BUSY: < ERROR_RESPONSE noteError; < PARAMETER_STATUS; < READY_FOR_QUERY tellDone = IDLE; < PARSE_COMPLETE; < READY_AFTER_ERROR tellDone = IDLE; < BIND_COMPLETE; < ROW_DESCRIPTION; < NO_DATA; < DATA_ROW; < COMMAND_COMPLETE; < EMPTY_QUERY_RESPONSE
      CLOSED: "
    `);
  });
  it('server', () => {
    expect(transcripts(postgresServerTable, pgServerRules, () => ({ ssl: true, scram: true }), ENDS)).toMatchInlineSnapshot(`
      "START: < SSL_REQUEST answerYes = SSL_STARTUP; < STARTUP_MESSAGE openSession = STARTUP
      SSL_STARTUP: < STARTUP_MESSAGE openSession = STARTUP; < SECURED
      STARTUP: < ADMITTED sendMechanisms = SASL_INITIAL; < REFUSE refuse = CLOSED
      SASL_INITIAL: < SASL_INITIAL_RESPONSE sendContinue = SASL_RESPONSE
      SASL_RESPONSE: < REFUSE refuse = CLOSED; < SASL_RESPONSE checkProof; < PROVED initialise = INITIALISING
      INITIALISING: < REFUSE refuse = CLOSED; < INITIALISED sendReady = IDLE
      IDLE: < QUERY run = ACTIVE; < PARSE queueStep; < BIND queueStep; < DESCRIBE queueStep; < EXECUTE run = ACTIVE; < SYNC flush; < TERMINATE end = CLOSED
      ACTIVE: < REFUSE refuse = CLOSED; < ANSWERED sendResult = IDLE; < PORTAL_DONE queueResult = IDLE; < PORTAL_FAILED queueResult = FAILED
      FAILED: < PARSE; < BIND; < DESCRIBE; < EXECUTE; < SYNC flush = IDLE; < TERMINATE end = CLOSED
      CLOSED: "
    `);
  });
  it('a server without TLS and without passwords says N and asks nothing', () => {
    const [a, b] = [true, false].map((on) => transcripts(postgresServerTable, pgServerRules, () => ({ ssl: on, scram: on }), ENDS).split('\n'));
    expect(b!.filter((line, i) => line !== a![i])).toMatchInlineSnapshot(`
      [
        "START: < SSL_REQUEST answerNo; < STARTUP_MESSAGE openSession = STARTUP",
        "STARTUP: < ADMITTED initialise = INITIALISING; < REFUSE refuse = CLOSED",
      ]
    `);
  });
  it('the end of the connection closes in every state, but a backend at work does not notice', () => {
    for (const [table, rules, context] of [[postgresClientTable, pgClientRules, { answered: 0 }], [postgresServerTable, pgServerRules, { ssl: true, scram: true }]] as const) {
      const machine = new Machine<object, PgEvent>(table, rules as Rules<object, PgEvent>);
      const deaf: string[] = [];
      table.chart.leaves.forEach((leaf, state) => {
        for (const name of ['END', 'BREAK']) {
          const instance = { state };
          const handled = machine.step(instance, { ...context }, machine.event(name), { type: name }, { effect() {}, armDelay() {}, cancelDelay() {}, moved() {}, ignored() {} });
          if (!handled) deaf.push(`${leaf} ${name}`);
          else expect(table.chart.leaves[instance.state]).toBe('CLOSED');
        }
      });
      expect(deaf).toEqual([...(table === postgresServerTable ? ['ACTIVE END', 'ACTIVE BREAK'] : []), 'CLOSED END', 'CLOSED BREAK']);
    }
  });
});
