/** The sending part of a stream (RFC 9000 §3.1). */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { PART_EFFECTS, partRules, type PartContext, type PartEvent } from './stream-rules';

const spec = (description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: 'RFC 9000 §3.1' }, description });
const RESET = { RESET: 'RESET_SENT' } as const;

export const machine = setup({
  types: { context: {} as PartContext, events: {} as PartEvent },
  guards: xstateGuards(partRules),
  actions: xstateActions(partRules, PART_EFFECTS),
}).createMachine({
  id: 'quic-send',
  context: {},
  initial: 'READY',
  states: {
    READY: { ...spec('The stream is open; nothing is sent on it yet.'), on: { DATA: 'SEND', ...RESET } },
    SEND: { ...spec('Data goes out, and goes out again where it was lost.'), on: { FIN: 'DATA_SENT', ...RESET } },
    DATA_SENT: { ...spec('All has gone out once, with the end; what is lost goes out again.'), on: { ALL_ACKED: { target: 'DATA_RECVD', actions: 'tellDone' }, ...RESET } },
    DATA_RECVD: { type: 'final', ...spec('The other end has all.') },
    RESET_SENT: { ...spec('The rest is given up; the other end may not know yet.'), on: { RESET_ACKED: { target: 'RESET_RECVD', actions: 'tellDone' } } },
    RESET_RECVD: { type: 'final', ...spec('The other end knows that the rest is given up.') },
  },
});
export const exampleEvents: readonly PartEvent[] = ['DATA', 'FIN', 'ALL_ACKED', 'RESET', 'RESET_ACKED', 'UNHEARD_OF'].map((type) => ({ type }));
