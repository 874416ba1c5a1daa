/** Small machines that between them use everything the compiler supports; written as a protocol author would. */
import { and, cancel, not, or, raise, setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../src/machines/define';
import type { Rules } from '../../src/machines/table';

interface Counting {
  retries: number;
  previous: number;
  sum: number;
  on: boolean;
}
export interface DemoEvent {
  readonly type: string;
  readonly n?: number;
}
const start: Counting = { retries: 0, previous: 0, sum: 0, on: false };
export const demoRules: Rules<Counting, DemoEvent> = {
  guards: {
    triesLeft: (context, _event, params?: { max: number }) => context.retries < (params?.max ?? 3),
    isOn: (context) => context.on,
    isBig: (_context, event) => (event.n ?? 0) > 5,
  } as Rules<Counting, DemoEvent>['guards'],
  assigns: {
    countRetry: { retries: (context) => context.retries + 1, previous: (context) => context.retries },
    forget: { retries: () => 0 },
    swap: { retries: (context) => context.previous, previous: (context) => context.retries, on: (context) => !context.on },
    add: { sum: (context, event, params?: { times: number }) => (context.sum + (event.n ?? 1) * (params?.times ?? 1)) % 1000 } as Rules<Counting, DemoEvent>['assigns'][string],
  },
};
const EFFECTS = ['ask', 'tell', 'enter', 'leave', 'open', 'close', 'note'] as const;
const options = {
  types: { context: {} as Counting, events: {} as DemoEvent },
  guards: xstateGuards(demoRules),
  actions: xstateActions(demoRules, EFFECTS),
  delays: { rto: 1000, timeWait: 60_000, keepAlive: 7_200_000 },
};

/** One level: guards with params, a raised timer with cancel, `after`, a wildcard, a forbidden event, a final state. */
export const retry = setup(options).createMachine({
  id: 'retry', context: start, initial: 'IDLE', entry: 'open', exit: 'close',
  on: { ABORT: '.OVER', '*': { actions: { type: 'note', params: { what: 'unknown' } } } },
  states: {
    IDLE: { meta: { spec: 'DEMO §1' }, description: 'Nobody asked.', on: { ASK: { target: 'WAIT', actions: ['forget', 'ask', raise({ type: 'RTO' }, { delay: 'rto', id: 'rto' })] } } },
    WAIT: {
      entry: 'enter', exit: 'leave',
      on: {
        RTO: [
          { guard: { type: 'triesLeft', params: { max: 2 } }, actions: ['countRetry', 'ask', raise({ type: 'RTO' }, { delay: 'rto', id: 'rto' })] },
          { guard: and(['isOn', not('isBig')]), target: 'WAIT', reenter: true, actions: 'swap' },
          { target: 'LINGER', actions: { type: 'tell', params: { ok: false } } },
        ],
        ANSWER: { target: 'LINGER', actions: [cancel('rto'), { type: 'add', params: { times: 2 } }, { type: 'tell', params: { ok: true } }] },
        SWAP: { actions: 'swap' },
        ABORT: {},
      },
    },
    LINGER: { after: { timeWait: 'IDLE' }, on: { ASK: { target: 'LINGER', reenter: true }, END: 'OVER' } },
    OVER: { type: 'final', entry: 'enter', exit: 'leave' },
  },
});

/** Three levels: entries and exits, `after` inside and outside, `always`, reenter, `onDone`, targets across. */
export const nested = setup(options).createMachine({
  id: 'nested', context: start, initial: 'CLOSED', after: { keepAlive: { actions: 'note' } },
  states: {
    CLOSED: { exit: 'leave', on: { OPEN: 'HANDSHAKE', DEEP: '#keys', FAR: { target: 'HANDSHAKE.FLIGHT', actions: 'add' } } },
    HANDSHAKE: {
      id: 'hs', initial: 'HELLO', entry: ['enter', 'forget'], exit: ['leave', 'swap'], after: { rto: { guard: 'triesLeft', target: 'HANDSHAKE' } },
      on: { RESET: 'CLOSED', AGAIN: { target: 'HANDSHAKE', reenter: true }, FRESH: '#hs', STAY: { actions: 'add' }, INNER: '.FLIGHT' },
      onDone: [{ guard: 'isOn', target: 'OPEN', actions: 'tell' }, { target: 'CLOSED', actions: { type: 'tell', params: { ok: false } } }],
      states: {
        HELLO: { entry: 'ask', exit: 'add', on: { NEXT: 'FLIGHT', SELF: 'HELLO', SELF_ANEW: { target: 'HELLO', reenter: true }, SWAP: { actions: 'swap' } } },
        FLIGHT: {
          initial: 'CERT', entry: 'open', exit: 'close', after: { timeWait: { target: '.KEYS', actions: 'countRetry' } },
          on: { NEXT: { guard: or(['isBig', not('isOn')]), target: 'FINISHED' }, UP: '#hs', UP_ANEW: { target: '#hs', reenter: true } },
          states: {
            CERT: { always: { guard: { type: 'triesLeft', params: { max: 1 } }, target: 'KEYS', actions: 'countRetry' }, on: { NEXT: { guard: 'isBig', target: 'KEYS' } } },
            KEYS: { id: 'keys', entry: 'enter', exit: 'leave', on: { SWAP: { actions: 'swap' }, BACK: 'CERT' } },
          },
        },
        FINISHED: { type: 'final', entry: 'note' },
      },
    },
    OPEN: { entry: 'tell', on: { CLOSE: 'CLOSED', STAY: { actions: ['add', 'swap', 'add'] } } },
  },
});

/** Raised events and eventless transitions in every order. */
export const chain = setup(options).createMachine({
  id: 'chain', context: start, initial: 'A', on: { PING: { actions: ['note', raise({ type: 'PONG', n: 9 })] } },
  always: { guard: { type: 'atSum' as 'isBig' }, actions: 'forget' },
  states: {
    A: { on: { GO: { target: 'B', actions: [raise({ type: 'PING' }), raise({ type: 'STEP' }), 'add'] }, PONG: { guard: 'isBig', actions: ['add', 'tell'] } } },
    B: { entry: ['enter', raise({ type: 'STEP' })], always: { guard: 'isOn', target: 'C', actions: ['ask', 'swap', 'forget'] }, on: { STEP: [{ guard: 'triesLeft', actions: ['countRetry', 'tell'] }, { target: 'A', actions: 'swap' }] } },
    C: { always: [{ guard: not('triesLeft'), target: 'A', actions: 'forget' }, { guard: 'isBig', actions: 'tell' }], exit: 'leave', on: { STEP: { actions: 'countRetry' }, GO: { actions: 'swap' } } },
  },
}).provide({ guards: { atSum: ({ context }: { context: Counting }) => context.sum > 900 && context.retries > 0 } as never });

/** `states`: leaves where the machine can rest (in `nested` FINISHED is left at once). */
export const DEMOS = [
  { machine: retry, states: 4, events: ['ASK', 'ANSWER', 'SWAP', 'ABORT', 'END', 'STRANGE'] },
  { machine: nested, states: 5, events: ['OPEN', 'DEEP', 'FAR', 'RESET', 'AGAIN', 'FRESH', 'STAY', 'INNER', 'NEXT', 'SELF', 'SELF_ANEW', 'SWAP', 'UP', 'UP_ANEW', 'BACK', 'CLOSE', 'STRANGE'] },
  { machine: chain, states: 3, events: ['GO', 'PING', 'STEP', 'PONG', 'STRANGE'] },
].map(({ machine, states, events }) => ({
  machine, states,
  events: (random: () => number): DemoEvent => ({ type: events[Math.floor(random() * events.length)]!, n: Math.floor(random() * 10) }),
}));
