/** One question in a recursive resolver (RFC 1034 §5.3.3): from the nearest known servers down the referrals to the answer. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { ITERATOR_EFFECTS, iteratorRules, type IteratorContext, type IteratorEvent } from './iterator-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });
const tooMany = { guard: 'tooManySteps', target: 'DONE', actions: 'answerFailure' } as const;

export const machine = setup({
  types: { context: {} as IteratorContext, events: {} as IteratorEvent },
  guards: xstateGuards(iteratorRules),
  actions: xstateActions(iteratorRules, ITERATOR_EFFECTS),
}).createMachine({
  id: 'dns-resolver',
  context: { steps: 0 },
  initial: 'INIT',
  states: {
    INIT: {
      ...spec('RFC 1034 §5.3.3 step 1', 'Looks for the answer in the cache.'),
      on: {
        CACHED: { target: 'DONE', actions: 'answer' },
        NO_ROOT_SERVERS: { target: 'PRIMING', actions: 'prime' },
        SERVERS_KNOWN: { target: 'ASKING', actions: 'ask' },
      },
    },
    PRIMING: {
      ...spec('RFC 8109', 'Asks a root server for the list of root servers.'),
      on: { PRIMED: { target: 'ASKING', actions: 'ask' }, SILENCE: { target: 'DONE', actions: 'answerFailure' } },
    },
    ASKING: {
      ...spec('RFC 1034 §5.3.3 step 3', 'Asks the best servers it knows.'),
      on: {
        REFERRED: [tooMany, { actions: ['countStep', 'ask'] }],
        ALIASED: [tooMany, { actions: ['countStep', 'ask'] }],
        ANSWERED: { target: 'DONE', actions: 'answer' },
        SILENCE: { target: 'DONE', actions: 'answerFailure' },
      },
    },
    DONE: { type: 'final', ...spec('RFC 1034 §5.3.3 step 4', 'The answer went to the client.') },
  },
});

export const exampleEvents: readonly IteratorEvent[] = ['CACHED', 'NO_ROOT_SERVERS', 'SERVERS_KNOWN', 'PRIMED', 'REFERRED', 'ALIASED', 'ANSWERED', 'SILENCE', 'UNHEARD_OF'].map(
  (type) => ({ type }),
);
