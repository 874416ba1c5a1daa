/** The receiving part of a stream (RFC 9000 §3.2). */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { PART_EFFECTS, partRules, type PartContext, type PartEvent } from './stream-rules';

const spec = (description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: 'RFC 9000 §3.2' }, description });
const RESET = { RESET: 'RESET_RECVD' } as const;

export const machine = setup({
  types: { context: {} as PartContext, events: {} as PartEvent },
  guards: xstateGuards(partRules),
  actions: xstateActions(partRules, PART_EFFECTS),
}).createMachine({
  id: 'quic-receive',
  context: {},
  initial: 'RECV',
  states: {
    RECV: { ...spec('Data comes; how much it will be is not known.'), on: { FIN: 'SIZE_KNOWN', ...RESET } },
    SIZE_KNOWN: { ...spec('The end is known; pieces before it are missing.'), on: { ALL_RECEIVED: 'DATA_RECVD', ...RESET } },
    DATA_RECVD: { ...spec('All is there.'), on: { READ: { target: 'DATA_READ', actions: 'tellDone' } } },
    DATA_READ: { type: 'final', ...spec('The application has read all.') },
    RESET_RECVD: { ...spec('The other end has given up.'), on: { READ: { target: 'RESET_READ', actions: 'tellDone' } } },
    RESET_READ: { type: 'final', ...spec('The application knows that the other end has given up.') },
  },
});
export const exampleEvents: readonly PartEvent[] = ['FIN', 'ALL_RECEIVED', 'READ', 'RESET', 'UNHEARD_OF'].map((type) => ({ type }));
