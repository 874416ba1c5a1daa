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
      < END tellBroken = CLOSED
      < BREAK tellBroken = CLOSED
      < ABANDON = CLOSED
      ! HEAD BODY_DONE LAST_BODY_DONE
    WAITING
      < END tellBroken = CLOSED
      < BREAK tellBroken = CLOSED
      < ABANDON = CLOSED
      < HEAD tellHead = RECEIVING
      ! REQUEST BODY_DONE LAST_BODY_DONE
    RECEIVING
      < END tellBroken = CLOSED
      < BREAK tellBroken = CLOSED
      < ABANDON = CLOSED
      < BODY_DONE tellDone served = IDLE
      < LAST_BODY_DONE tellDone served = CLOSED
      ! REQUEST HEAD
    CLOSED
      ! REQUEST END BREAK ABANDON HEAD BODY_DONE LAST_BODY_DONE"
  `));
  it('server', () => expect(transcripts(http1ServerTable, httpServerRules)).toMatchInlineSnapshot(`
    "IDLE
      < REQUEST handle = HANDLING
      < NOT_HTTP refuse closeIdle = CLOSED
      < KEEP_ALIVE_OVER closeIdle = CLOSED
      < END closeIdle = CLOSED
      < BREAK = CLOSED
      ! RESPONSE LAST_RESPONSE HEAD BODY BODY_DONE LAST_BODY_DONE CUT
    HANDLING
      < END tellGone closeIdle = CLOSED
      < BREAK tellGone = CLOSED
      < RESPONSE writeResponse served = IDLE
      < LAST_RESPONSE writeResponse closeIdle served = CLOSED
      < HEAD writeHead = RESPONDING
      ! REQUEST NOT_HTTP KEEP_ALIVE_OVER BODY BODY_DONE LAST_BODY_DONE CUT
    RESPONDING
      < END tellGone closeIdle = CLOSED
      < BREAK tellGone = CLOSED
      < BODY writeBody
      < BODY_DONE startIdle served = IDLE
      < LAST_BODY_DONE closeIdle served = CLOSED
      < CUT closeIdle = CLOSED
      ! REQUEST NOT_HTTP KEEP_ALIVE_OVER RESPONSE LAST_RESPONSE HEAD
    CLOSED
      ! REQUEST NOT_HTTP KEEP_ALIVE_OVER END BREAK RESPONSE LAST_RESPONSE HEAD BODY BODY_DONE LAST_BODY_DONE CUT"
  `));
});
