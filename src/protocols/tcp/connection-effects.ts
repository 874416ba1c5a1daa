/** What the machine's effects (`rules.ts`) do to a connection. */
import { bindEffects } from '../../machines/table';
import type { TcpConnection } from './connection';
import type { TcpEvent } from './rules';
import { tcpTable } from './table.gen';

export const EFFECTS = bindEffects<TcpConnection, TcpEvent>(tcpTable, {
  sendSyn: (c) => c.handshake.send(false),
  sendSynAck: (c) => c.handshake.send(true),
  sendAck: (c) => c.sendAck(),
  queueFin: (c) => c.queueFin(),
  sendRst: (c) => c.sendRst(),
  refuseData: (c) => c.refuseData(),
  tellConnected: (c) => c.tellConnected(),
  tellEnded: (c) => c.tellEnded(),
  tellRefused: (c) => c.tellFailed('ECONNREFUSED'),
  tellReset: (c) => c.tellFailed('ECONNRESET'),
  tellTimedOut: (c) => c.tellFailed('ETIMEDOUT'),
  startFinWait2: (c) => c.startFinWait2(),
  startTimeWait: (c) => c.startTimeWait(),
  release: (c) => c.release(),
  answerSynAck: (c) => c.answerSynAck(),
});
