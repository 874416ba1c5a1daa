/** One HTTP/1.1 connection on the client's side: one request at a time (RFC 9112 §9.3); further ones that were written ahead begin when it is answered. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { HTTP_CLIENT_EFFECTS, httpClientRules, type HttpContext, type HttpEvent } from './client-rules';

const spec = (section: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: `RFC 9112 ${section}` }, description });
const BROKEN = { target: 'CLOSED', actions: 'tellBroken' } as const;

export const machine = setup({
  types: { context: {} as HttpContext, events: {} as HttpEvent },
  guards: xstateGuards(httpClientRules),
  actions: xstateActions(httpClientRules, HTTP_CLIENT_EFFECTS),
}).createMachine({
  id: 'http1-client',
  context: { served: 0 },
  initial: 'IDLE',
  states: {
    IDLE: { ...spec('§9.3', 'The connection is open and free.'), on: { REQUEST: { target: 'WAITING', actions: 'writeRequest' }, REQUEST_EXPECTING: { target: 'EXPECTING', actions: ['writeRequest', 'startExpect'] }, END: BROKEN, BREAK: BROKEN, ABANDON: 'CLOSED' } },
    EXPECTING: {
      meta: { spec: 'RFC 9110 §10.1.1' }, description: 'The head is out; the content waits for 100, but not for ever.',
      on: {
        CONTINUE: { target: 'WAITING', actions: 'writeBody' }, EXPECT_OVER: { target: 'WAITING', actions: 'writeBody' }, HEAD: { target: 'RECEIVING', actions: 'tellHead' },
        END: BROKEN, BREAK: BROKEN, ABANDON: 'CLOSED',
      },
    },
    WAITING: {
      ...spec('§4', 'The request is out; waits for the response head.'),
      on: { HEAD: { target: 'RECEIVING', actions: 'tellHead' }, END: BROKEN, BREAK: BROKEN, ABANDON: 'CLOSED' },
    },
    RECEIVING: {
      ...spec('§6.3', 'The body arrives.'),
      on: {
        BODY_DONE: { target: 'IDLE', actions: ['countServed', 'tellDone'] }, LAST_BODY_DONE: { target: 'CLOSED', actions: ['countServed', 'tellDone'] },
        END: BROKEN, BREAK: BROKEN, ABANDON: 'CLOSED',
      },
    },
    CLOSED: { type: 'final', ...spec('§9.6', 'The connection is gone.') },
  },
});
export const exampleEvents: readonly HttpEvent[] = ['REQUEST', 'REQUEST_EXPECTING', 'CONTINUE', 'EXPECT_OVER', 'HEAD', 'BODY_DONE', 'LAST_BODY_DONE', 'END', 'BREAK', 'ABANDON', 'UNHEARD_OF'].map((type) => ({ type }));
