/** One HTTP/1.1 connection on the server's side: requests one after another (RFC 9112 §9.3). */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import type { HttpContext, HttpEvent } from './client-rules';
import { HTTP_SERVER_EFFECTS, httpServerRules } from './server-rules';

const spec = (section: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: `RFC 9112 ${section}` }, description });

const GONE = { END: { target: 'CLOSED', actions: ['tellGone', 'closeIdle'] }, BREAK: { target: 'CLOSED', actions: 'tellGone' } } as const;

export const machine = setup({
  types: { context: {} as HttpContext, events: {} as HttpEvent },
  guards: xstateGuards(httpServerRules),
  actions: xstateActions(httpServerRules, HTTP_SERVER_EFFECTS),
}).createMachine({
  id: 'http1-server',
  context: { served: 0 },
  initial: 'IDLE',
  states: {
    IDLE: {
      ...spec('§9.3', 'Waits for a request.'),
      on: {
        REQUEST: { target: 'HANDLING', actions: 'handle' }, REQUEST_WITH_CONTENT: { target: 'READING', actions: 'readBody' }, TOO_LARGE: { target: 'LINGERING', actions: ['refuseLarge', 'linger'] }, NOT_HTTP: { target: 'CLOSED', actions: ['refuse', 'closeIdle'] },
        KEEP_ALIVE_OVER: { target: 'CLOSED', actions: 'closeIdle' }, END: { target: 'CLOSED', actions: 'closeIdle' }, BREAK: 'CLOSED',
      },
    },
    READING: {
      ...spec('§6', 'The head is here; the content arrives.'),
      on: { CONTENT: { target: 'HANDLING', actions: 'handle' }, CONTENT_OVER: { target: 'CLOSED', actions: 'closeIdle' }, END: { target: 'CLOSED', actions: 'closeIdle' }, BREAK: 'CLOSED' },
    },
    LINGERING: {
      ...spec('§9.6', 'Answered before the content came: drops what still comes, so that the answer is not lost to a reset (nginx lingering_close).'),
      on: { CONTENT: { actions: 'linger' }, LINGER_OVER: { target: 'CLOSED', actions: 'closeIdle' }, END: { target: 'CLOSED', actions: 'closeIdle' }, BREAK: 'CLOSED' },
    },
    HANDLING: {
      ...spec('§9.3', 'Works on the response; a client that leaves is not answered any more (nginx 499).'),
      on: {
        RESPONSE: { target: 'IDLE', actions: ['countServed', 'writeResponse'] }, LAST_RESPONSE: { target: 'CLOSED', actions: ['countServed', 'writeResponse', 'closeIdle'] },
        HEAD: { target: 'RESPONDING', actions: 'writeHead' }, ...GONE,
      },
    },
    RESPONDING: {
      ...spec('§6.3', 'The head is out, the body follows as it comes in from somewhere else.'),
      on: {
        BODY: { actions: 'writeBody' }, BODY_DONE: { target: 'IDLE', actions: ['countServed', 'startIdle'] }, LAST_BODY_DONE: { target: 'CLOSED', actions: ['countServed', 'closeIdle'] },
        CUT: { target: 'CLOSED', actions: 'closeIdle' }, ...GONE,
      },
    },
    CLOSED: { type: 'final', ...spec('§9.6', 'The connection is gone.') },
  },
});
export const exampleEvents: readonly HttpEvent[] = ['REQUEST', 'REQUEST_WITH_CONTENT', 'CONTENT', 'CONTENT_OVER', 'TOO_LARGE', 'LINGER_OVER', 'NOT_HTTP', 'RESPONSE', 'LAST_RESPONSE', 'HEAD', 'BODY', 'BODY_DONE', 'LAST_BODY_DONE', 'CUT', 'KEEP_ALIVE_OVER', 'END', 'BREAK', 'UNHEARD_OF'].map((type) => ({ type }));
