/** One QUIC connection: the handshake as RFC 9001 §4.1 counts it, its end as RFC 9000 §10 has it; the same on both ends. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { QUIC_EFFECTS, quicRules, type QuicContext, type QuicEvent } from './connection-rules';

const spec = (text: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: text }, description });
const END = {
  CLOSE: { target: 'CLOSING', actions: ['sayClose', 'dropStreams', 'armClosing'] },
  PEER_CLOSE: { target: 'DRAINING', actions: ['dropStreams', 'armClosing'] },
  SILENCE: { target: 'CLOSED', actions: ['dropStreams', 'forget'] },
} as const;

export const machine = setup({
  types: { context: {} as QuicContext, events: {} as QuicEvent },
  guards: xstateGuards(quicRules),
  actions: xstateActions(quicRules, QUIC_EFFECTS),
}).createMachine({
  id: 'quic-connection',
  context: { isClient: true },
  initial: 'INITIAL',
  states: {
    INITIAL: { ...spec('RFC 9000 §7', 'Both ends speak in Initial packets, whose keys everyone can compute.'), on: { HANDSHAKE_KEYS: 'HANDSHAKE', ...END } },
    HANDSHAKE: {
      ...spec('RFC 9001 §4.1', 'The shared secret is known; who the server is, and whether both say the same, is not.'),
      on: { COMPLETE: [{ guard: 'isClient', target: 'COMPLETE' }, { target: 'CONFIRMED', actions: ['sayDone', 'confirm'] }], ...END },
    },
    COMPLETE: { ...spec('RFC 9001 §4.1.1', 'This end has sent Finished and verified the other’s; whether the other has, it does not know.'), on: { CONFIRM: { target: 'CONFIRMED', actions: 'confirm' }, ...END } },
    CONFIRMED: { ...spec('RFC 9001 §4.1.2', 'Both ends have the handshake behind them: only 1-RTT keys are left.'), on: { ...END } },
    CLOSING: {
      ...spec('RFC 9000 §10.2.1', 'Has said CONNECTION_CLOSE, and says it again to whatever still comes.'),
      on: { DATAGRAM: { actions: 'repeatClose' }, PEER_CLOSE: 'DRAINING', WAITED: { target: 'CLOSED', actions: 'forget' }, SILENCE: { target: 'CLOSED', actions: 'forget' } },
    },
    DRAINING: { ...spec('RFC 9000 §10.2.2', 'The other end has said CONNECTION_CLOSE: sends nothing, and waits for what is still on its way.'), on: { DATAGRAM: {}, WAITED: { target: 'CLOSED', actions: 'forget' }, SILENCE: { target: 'CLOSED', actions: 'forget' } } },
    CLOSED: { type: 'final', ...spec('RFC 9000 §10', 'The connection is forgotten.') },
  },
});
export const exampleEvents: readonly QuicEvent[] = ['HANDSHAKE_KEYS', 'COMPLETE', 'CONFIRM', 'CLOSE', 'PEER_CLOSE', 'SILENCE', 'DATAGRAM', 'WAITED', 'UNHEARD_OF'].map((type) => ({ type }));
