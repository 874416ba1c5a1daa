/** The compiled machine of a connection (`machine.ts`), with numbers for its events and states. */
import { Machine } from '../../machines/table';
import { tcpRules, type TcpContext, type TcpEvent } from './rules';
import { tcpTable } from './table.gen';

export const machine = new Machine<TcpContext, TcpEvent>(tcpTable, tcpRules);
const E = (name: string): number => machine.event(name);
export const EVENTS = {
  activeOpen: E('ACTIVE_OPEN'), passiveOpen: E('PASSIVE_OPEN'), syn: E('SYN'), synAck: E('SYN_ACK'), ackOfSyn: E('ACK_OF_SYN'), synWithData: E('SYN_WITH_DATA'), cookie: E('COOKIE'), overflow: E('OVERFLOW'), fin: E('FIN'),
  ackOfFin: E('ACK_OF_FIN'), rst: E('RST'), close: E('CLOSE'), shutdown: E('SHUTDOWN'), abort: E('ABORT'), giveUp: E('GIVE_UP'),
  dataForNobody: E('DATA_FOR_NOBODY'), finWait2Over: E('FIN_WAIT_2_OVER'), timeWaitOver: E('TIME_WAIT_OVER'),
};
const S = (key: string): number => machine.state(key);
export const STATES = {
  closed: S('CLOSED'), listen: S('LISTEN'), synSent: S('SYN-SENT'), synReceived: S('SYN-RECEIVED'), established: S('ESTABLISHED'),
  finWait1: S('FIN-WAIT-1'), finWait2: S('FIN-WAIT-2'), closing: S('CLOSING'), closeWait: S('CLOSE-WAIT'), lastAck: S('LAST-ACK'), timeWait: S('TIME-WAIT'),
};
