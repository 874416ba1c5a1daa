/** Transcripts per state of both machines: what it hears `<`, what that makes it do, where it goes `=`; the rest is ignored `!`. */
import { describe, expect, it } from 'vitest';
import { Machine, type MachineTable } from '../../../src/machines/table';
import { httpClientRules, type HttpContext, type HttpEvent } from '../../../src/protocols/http1/client-rules';
import { http1ClientTable } from '../../../src/protocols/http1/client-table.gen';
import { httpServerRules } from '../../../src/protocols/http1/server-rules';
import { http1ServerTable } from '../../../src/protocols/http1/server-table.gen';

function transcripts(table: MachineTable, rules: typeof httpClientRules): string {
  const machine = new Machine<HttpContext, HttpEvent>(table, rules);
  const { leaves, events } = table.chart;
  return leaves
    .map((leaf, state) => {
      const heard: string[] = [], ignored: string[] = [];
      events.forEach((name, event) => {
        const instance = { state };
        const context = { served: 0 };
        const did: string[] = [];
        const handled = machine.step(instance, context, event, { type: name }, {
          effect: (e) => void did.push(table.effects[e]!), armDelay() {}, cancelDelay() {}, moved() {}, ignored() {},
        });
        if (!handled) ignored.push(name);
        else heard.push(`  < ${[name, ...did].join(' ')}${context.served ? ' served' : ''}${instance.state === state ? '' : ` = ${leaves[instance.state]}`}`);
      });
      return [leaf, ...heard, `  ! ${ignored.join(' ')}`].join('\n');
    })
    .join('\n');
}

describe('every state, every event', () => {
  it('client', () => expect(transcripts(http1ClientTable, httpClientRules)).toMatchInlineSnapshot(`
    "IDLE
      < REQUEST writeRequest = WAITING
      < REQUEST_EXPECTING writeRequest startExpect = EXPECTING
      < END tellBroken = CLOSED
      < BREAK tellBroken = CLOSED
      < ABANDON = CLOSED
      ! CONTINUE EXPECT_OVER HEAD BODY_DONE LAST_BODY_DONE
    EXPECTING
      < END tellBroken = CLOSED
      < BREAK tellBroken = CLOSED
      < ABANDON = CLOSED
      < CONTINUE writeBody = WAITING
      < EXPECT_OVER writeBody = WAITING
      < HEAD tellHead = RECEIVING
      ! REQUEST REQUEST_EXPECTING BODY_DONE LAST_BODY_DONE
    WAITING
      < END tellBroken = CLOSED
      < BREAK tellBroken = CLOSED
      < ABANDON = CLOSED
      < HEAD tellHead = RECEIVING
      ! REQUEST REQUEST_EXPECTING CONTINUE EXPECT_OVER BODY_DONE LAST_BODY_DONE
    RECEIVING
      < END tellBroken = CLOSED
      < BREAK tellBroken = CLOSED
      < ABANDON = CLOSED
      < BODY_DONE tellDone served = IDLE
      < LAST_BODY_DONE tellDone served = CLOSED
      ! REQUEST REQUEST_EXPECTING CONTINUE EXPECT_OVER HEAD
    CLOSED
      ! REQUEST REQUEST_EXPECTING END BREAK ABANDON CONTINUE EXPECT_OVER HEAD BODY_DONE LAST_BODY_DONE"
  `));
  it('server', () => expect(transcripts(http1ServerTable, httpServerRules)).toMatchInlineSnapshot(`
    "IDLE
      < REQUEST handle = HANDLING
      < REQUEST_WITH_CONTENT readBody = READING
      < TOO_LARGE refuseLarge linger = LINGERING
      < NOT_HTTP refuse closeIdle = CLOSED
      < KEEP_ALIVE_OVER closeIdle = CLOSED
      < END closeIdle = CLOSED
      < BREAK = CLOSED
      ! CONTENT CONTENT_OVER LINGER_OVER RESPONSE LAST_RESPONSE HEAD BODY BODY_DONE LAST_BODY_DONE CUT
    READING
      < END closeIdle = CLOSED
      < BREAK = CLOSED
      < CONTENT handle = HANDLING
      < CONTENT_OVER closeIdle = CLOSED
      ! REQUEST REQUEST_WITH_CONTENT TOO_LARGE NOT_HTTP KEEP_ALIVE_OVER LINGER_OVER RESPONSE LAST_RESPONSE HEAD BODY BODY_DONE LAST_BODY_DONE CUT
    LINGERING
      < END closeIdle = CLOSED
      < BREAK = CLOSED
      < CONTENT linger
      < LINGER_OVER closeIdle = CLOSED
      ! REQUEST REQUEST_WITH_CONTENT TOO_LARGE NOT_HTTP KEEP_ALIVE_OVER CONTENT_OVER RESPONSE LAST_RESPONSE HEAD BODY BODY_DONE LAST_BODY_DONE CUT
    HANDLING
      < END tellGone closeIdle = CLOSED
      < BREAK tellGone = CLOSED
      < RESPONSE writeResponse served = IDLE
      < LAST_RESPONSE writeResponse closeIdle served = CLOSED
      < HEAD writeHead = RESPONDING
      ! REQUEST REQUEST_WITH_CONTENT TOO_LARGE NOT_HTTP KEEP_ALIVE_OVER CONTENT CONTENT_OVER LINGER_OVER BODY BODY_DONE LAST_BODY_DONE CUT
    RESPONDING
      < END tellGone closeIdle = CLOSED
      < BREAK tellGone = CLOSED
      < BODY writeBody
      < BODY_DONE startIdle served = IDLE
      < LAST_BODY_DONE closeIdle served = CLOSED
      < CUT closeIdle = CLOSED
      ! REQUEST REQUEST_WITH_CONTENT TOO_LARGE NOT_HTTP KEEP_ALIVE_OVER CONTENT CONTENT_OVER LINGER_OVER RESPONSE LAST_RESPONSE HEAD
    CLOSED
      ! REQUEST REQUEST_WITH_CONTENT TOO_LARGE NOT_HTTP KEEP_ALIVE_OVER END BREAK CONTENT CONTENT_OVER LINGER_OVER RESPONSE LAST_RESPONSE HEAD BODY BODY_DONE LAST_BODY_DONE CUT"
  `));
});
