/**
 * The TCP connection of RFC 9293 §3.3.2, figure 5: eleven states. Segment arrival (§3.10.7) classifies what came;
 * the machine decides what follows. Simplification: LISTEN belongs to the listening socket; the connection that a
 * SYN makes passes through it at once, as in Linux.
 */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { TCP_EFFECTS, tcpRules, type TcpContext, type TcpEvent } from './rules';

const spec = (section: string, description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: `RFC 9293 ${section}` }, description });

export const machine = setup({
  types: { context: {} as TcpContext, events: {} as TcpEvent },
  guards: xstateGuards(tcpRules),
  actions: xstateActions(tcpRules, TCP_EFFECTS),
}).createMachine({
  id: 'tcp',
  context: { orphan: false },
  initial: 'CLOSED',
  states: {
    CLOSED: { ...spec('§3.3.2', 'No connection.'), on: { ACTIVE_OPEN: { target: 'SYN-SENT', actions: 'sendSyn' }, PASSIVE_OPEN: 'LISTEN' } },
    LISTEN: { ...spec('§3.10.7.2', 'Waits for a SYN.'), on: { SYN: { target: 'SYN-RECEIVED', actions: 'sendSynAck' }, SYN_WITH_DATA: { target: 'SYN-RECEIVED', actions: ['sendSynAck', 'tellConnected'] }, COOKIE: 'SYN-RECEIVED', CLOSE: { target: 'CLOSED', actions: 'release' } } },
    'SYN-SENT': {
      ...spec('§3.10.7.3', 'Has sent a SYN and waits for one with its acknowledgement.'),
      on: {
        SYN_ACK: { target: 'ESTABLISHED', actions: ['answerSynAck', 'tellConnected'] },
        SYN: { target: 'SYN-RECEIVED', actions: 'sendSynAck' },
        RST: { target: 'CLOSED', actions: ['tellRefused', 'release'] },
        GIVE_UP: { target: 'CLOSED', actions: ['tellTimedOut', 'release'] },
        CLOSE: { target: 'CLOSED', actions: 'release' },
        ABORT: { target: 'CLOSED', actions: 'release' },
      },
    },
    'SYN-RECEIVED': {
      ...spec('§3.10.7.4', 'Has answered a SYN and waits for the acknowledgement.'),
      on: {
        ACK_OF_SYN: { target: 'ESTABLISHED', actions: 'tellConnected' },
        SYN_ACK: { target: 'ESTABLISHED', actions: ['sendAck', 'tellConnected'] },
        SYN: { actions: 'sendSynAck' },
        OVERFLOW: { target: 'CLOSED', actions: 'release' },
        SHUTDOWN: { target: 'FIN-WAIT-1', actions: 'queueFin' },
        RST: { target: 'CLOSED', actions: ['tellRefused', 'release'] },
        GIVE_UP: { target: 'CLOSED', actions: ['tellTimedOut', 'release'] },
        CLOSE: { target: 'FIN-WAIT-1', actions: ['becomeOrphan', 'queueFin'] },
        ABORT: { target: 'CLOSED', actions: ['sendRst', 'release'] },
      },
    },
    ESTABLISHED: {
      ...spec('§3.10.7.4', 'Data flows both ways.'),
      on: {
        SHUTDOWN: { target: 'FIN-WAIT-1', actions: 'queueFin' },
        CLOSE: { target: 'FIN-WAIT-1', actions: ['becomeOrphan', 'queueFin'] },
        FIN: { target: 'CLOSE-WAIT', actions: 'tellEnded' },
        RST: { target: 'CLOSED', actions: ['tellReset', 'release'] },
        GIVE_UP: { target: 'CLOSED', actions: ['tellTimedOut', 'release'] },
        ABORT: { target: 'CLOSED', actions: ['sendRst', 'release'] },
      },
    },
    'FIN-WAIT-1': {
      ...spec('§3.6', 'Has sent FIN; neither its acknowledgement nor the peer’s FIN is here.'),
      on: {
        ACK_OF_FIN: { target: 'FIN-WAIT-2', actions: 'startFinWait2' },
        FIN: { target: 'CLOSING', actions: ['tellEnded', 'sendAck'] },
        CLOSE: { actions: 'becomeOrphan' },
        DATA_FOR_NOBODY: { guard: 'isOrphan', target: 'CLOSED', actions: ['refuseData', 'release'] },
        RST: { target: 'CLOSED', actions: ['tellReset', 'release'] },
        GIVE_UP: { target: 'CLOSED', actions: ['tellTimedOut', 'release'] },
        ABORT: { target: 'CLOSED', actions: ['sendRst', 'release'] },
      },
    },
    'FIN-WAIT-2': {
      ...spec('§3.6', 'Its FIN is acknowledged; the peer may still send.'),
      on: {
        FIN: { target: 'TIME-WAIT', actions: ['tellEnded', 'sendAck', 'startTimeWait'] },
        CLOSE: { actions: ['becomeOrphan', 'startFinWait2'] },
        DATA_FOR_NOBODY: { guard: 'isOrphan', target: 'CLOSED', actions: ['refuseData', 'release'] },
        FIN_WAIT_2_OVER: { target: 'CLOSED', actions: 'release' },
        RST: { target: 'CLOSED', actions: ['tellReset', 'release'] },
        GIVE_UP: { target: 'CLOSED', actions: ['tellTimedOut', 'release'] },
        ABORT: { target: 'CLOSED', actions: ['sendRst', 'release'] },
      },
    },
    CLOSING: {
      ...spec('§3.6', 'Both have sent FIN; its own is not acknowledged yet.'),
      on: {
        ACK_OF_FIN: { target: 'TIME-WAIT', actions: 'startTimeWait' },
        CLOSE: { actions: 'becomeOrphan' },
        RST: { target: 'CLOSED', actions: 'release' },
        GIVE_UP: { target: 'CLOSED', actions: 'release' },
        ABORT: { target: 'CLOSED', actions: 'release' },
      },
    },
    'CLOSE-WAIT': {
      ...spec('§3.6', 'The peer has finished; the application has not.'),
      on: {
        SHUTDOWN: { target: 'LAST-ACK', actions: 'queueFin' },
        CLOSE: { target: 'LAST-ACK', actions: ['becomeOrphan', 'queueFin'] },
        FIN: { actions: 'sendAck' },
        RST: { target: 'CLOSED', actions: ['tellReset', 'release'] },
        GIVE_UP: { target: 'CLOSED', actions: ['tellTimedOut', 'release'] },
        ABORT: { target: 'CLOSED', actions: ['sendRst', 'release'] },
      },
    },
    'LAST-ACK': {
      ...spec('§3.6', 'Waits for the acknowledgement of its FIN, the last thing to happen.'),
      on: {
        ACK_OF_FIN: { target: 'CLOSED', actions: 'release' },
        CLOSE: { actions: 'becomeOrphan' },
        RST: { target: 'CLOSED', actions: 'release' },
        GIVE_UP: { target: 'CLOSED', actions: 'release' },
        ABORT: { target: 'CLOSED', actions: 'release' },
      },
    },
    'TIME-WAIT': {
      ...spec('§3.6.1', 'Stays so that stray segments of this connection die out.'),
      on: {
        FIN: { actions: ['sendAck', 'startTimeWait'] },
        TIME_WAIT_OVER: { target: 'CLOSED', actions: 'release' },
        RST: { target: 'CLOSED', actions: 'release' },
        ABORT: { target: 'CLOSED', actions: 'release' },
        CLOSE: { actions: 'becomeOrphan' },
      },
    },
  },
});

export const exampleEvents: readonly TcpEvent[] = [
  'ACTIVE_OPEN', 'PASSIVE_OPEN', 'SYN', 'SYN_ACK', 'ACK_OF_SYN', 'SYN_WITH_DATA', 'COOKIE', 'OVERFLOW', 'FIN', 'ACK_OF_FIN', 'RST', 'CLOSE', 'SHUTDOWN', 'ABORT', 'GIVE_UP',
  'DATA_FOR_NOBODY', 'FIN_WAIT_2_OVER', 'TIME_WAIT_OVER', 'UNHEARD_OF',
].map((type) => ({ type }));
