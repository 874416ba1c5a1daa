/** Guards and assigns of the TCP machine, and the names of its effects. The context counts nothing yet: bulk state lies beside it. */
import type { Rules } from '../../machines/table';

export interface TcpContext {
  /** The application has given up both directions (close(2)): an orphan in Linux's words. */
  orphan: boolean;
}
/** What the segment and call handling tells the machine. */
export interface TcpEvent {
  readonly type: string;
}

export const TCP_EFFECTS = [
  'sendSyn', 'sendSynAck', 'sendAck', 'queueFin', 'sendRst', 'refuseData', 'tellConnected', 'tellEnded', 'tellRefused', 'tellReset', 'tellTimedOut',
  'startFinWait2', 'startTimeWait', 'release', 'answerSynAck',
] as const;

export const tcpRules: Rules<TcpContext, TcpEvent> = {
  guards: { isOrphan: (context) => context.orphan },
  assigns: { becomeOrphan: { orphan: () => true } },
};
