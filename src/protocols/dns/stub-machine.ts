/**
 * The stub resolver as glibc has it (resolv/res_send.c): both questions leave back to back on one socket. Silence or
 * refusal ends an attempt. When the time is up and one answer came, the same attempt goes on: first one question
 * after the other, then the same with a new socket for each; after that the one answer has to do.
 */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { STUB_EFFECTS, stubRules, type StubContext, type StubEvent } from './stub-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });

export const machine = setup({
  types: { context: {} as StubContext, events: {} as StubEvent },
  guards: xstateGuards(stubRules),
  actions: xstateActions(stubRules, STUB_EFFECTS),
}).createMachine({
  id: 'dns-stub',
  context: { attempt: 1, attempts: 2, reopened: false },
  initial: 'IDLE',
  states: {
    IDLE: { ...spec('getaddrinfo(3)', 'Nobody asked yet.'), on: { LOOK_UP: { target: 'ASKED BOTH', actions: 'askBoth' } } },
    'ASKED BOTH': {
      ...spec('glibc resolv/res_send.c send_dg', 'A and AAAA are out; waits for both answers.'),
      on: {
        ANSWERED: {},
        ALL_ANSWERED: { target: 'DONE', actions: 'tellAnswer' },
        SERVER_REFUSED: [{ guard: 'triesLeft', actions: ['countAttempt', 'askBoth'] }, { target: 'DONE', actions: 'tellFailure' }],
        SILENCE: [{ guard: 'triesLeft', actions: ['countAttempt', 'askBoth'] }, { target: 'DONE', actions: 'tellFailure' }],
        TIMEOUT: { target: 'ASKED AGAIN', actions: 'askInTurn' },
      },
    },
    'ASKED AGAIN': {
      ...spec('glibc resolv/res_send.c single_request', 'Asks again, one question at a time.'),
      on: {
        ANSWERED: { actions: 'askNext' },
        ALL_ANSWERED: { target: 'DONE', actions: 'tellAnswer' },
        SERVER_REFUSED: [{ guard: 'triesLeft', actions: ['countAttempt', 'askInTurn'] }, { target: 'DONE', actions: 'tellFailure' }],
        SILENCE: [{ guard: 'triesLeft', actions: ['countAttempt', 'askInTurn'] }, { target: 'DONE', actions: 'tellFailure' }],
        TIMEOUT: [{ guard: 'reopened', target: 'DONE', actions: 'tellAnswer' }, { actions: ['reopen', 'askInTurn'] }],
      },
    },
    DONE: { type: 'final', ...spec('getaddrinfo(3)', 'The answer, or the failure, is with the application.') },
  },
});

export const exampleEvents: readonly StubEvent[] = ['LOOK_UP', 'ALL_ANSWERED', 'ANSWERED', 'TIMEOUT', 'SILENCE', 'SERVER_REFUSED', 'UNHEARD_OF'].map((type) => ({ type }));
