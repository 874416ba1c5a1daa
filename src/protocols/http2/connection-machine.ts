/** One HTTP/2 connection (RFC 9113 §3.4, §5.4.1, §6.8), the same on both ends. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { CONNECTION_EFFECTS, connectionRules, type ConnectionContext, type ConnectionEvent } from './connection-rules';

const spec = (section: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: `RFC 9113 ${section}` }, description });
const LOST = { END: { target: 'CLOSED', actions: ['dropStreams', 'closeSocket'] }, BREAK: { target: 'CLOSED', actions: 'dropStreams' } } as const;
const WRONG = { ERROR: { target: 'CLOSED', actions: ['sendGoaway', 'dropStreams', 'closeSocket'] } } as const;
const LEAVE = { CLOSE: { target: 'CLOSED', actions: ['sendGoaway', 'dropStreams', 'closeSocket'] } } as const;

export const machine = setup({
  types: { context: {} as ConnectionContext, events: {} as ConnectionEvent },
  guards: xstateGuards(connectionRules),
  actions: xstateActions(connectionRules, CONNECTION_EFFECTS),
}).createMachine({
  id: 'http2-connection',
  context: {},
  initial: 'STARTING',
  states: {
    STARTING: { ...spec('§3.4', 'The way is open, and nothing is said yet.'), on: { START: { target: 'UNSETTLED', actions: 'sendSettings' }, ...LOST } },
    UNSETTLED: {
      ...spec('§6.5.3', 'This end has said its settings, and the other end has not acknowledged them. Streams may begin all the same.'),
      on: { SETTINGS_ACK: 'OPEN', GOAWAY: 'GOING_AWAY', ...WRONG, ...LEAVE, ...LOST },
    },
    OPEN: { ...spec('§5', 'Both ends keep to what the other has said.'), on: { GOAWAY: 'GOING_AWAY', ...WRONG, ...LEAVE, ...LOST } },
    GOING_AWAY: { ...spec('§6.8', 'The other end takes no new streams; those that it has taken are finished.'), on: { ...WRONG, ...LEAVE, ...LOST } },
    CLOSED: { type: 'final', ...spec('§5.4.1', 'The connection is gone.') },
  },
});
export const exampleEvents: readonly ConnectionEvent[] = ['START', 'SETTINGS_ACK', 'GOAWAY', 'ERROR', 'CLOSE', 'END', 'BREAK', 'UNHEARD_OF'].map((type) => ({ type }));
