/** The TCP machine, cell by cell: `<` heard, `>` asked for, `=` the state it is in then, `!` what a state ignores (RFC 9293 figure 5, §3.10). */
import { expect, it } from 'vitest';
import { Machine } from '../../../src/machines/table';
import { tcpRules, type TcpContext, type TcpEvent } from '../../../src/protocols/tcp/rules';
import { tcpTable } from '../../../src/protocols/tcp/table.gen';

const machine = new Machine<TcpContext, TcpEvent>(tcpTable, tcpRules);

/** Everything that state `key` does, for a socket that is open or given up by its application. */
function transcript(key: string): string {
  const from = machine.state(key);
  const lines: string[] = [];
  const ignored: string[] = [];
  for (const event of tcpTable.chart.events) {
    const said = [false, true].map((orphan) => {
      const instance = { state: from };
      const context: TcpContext = { orphan };
      const effects: string[] = [];
      const handled = machine.step(instance, context, machine.event(event), { type: event }, {
        effect: (i) => effects.push(tcpTable.effects[i]!), armDelay: () => {}, cancelDelay: () => {}, moved: () => {}, ignored: () => {},
      });
      return handled ? `< ${event}${effects.length > 0 ? ` > ${effects.join(', ')}` : ''} = ${tcpTable.chart.leaves[instance.state]}${context.orphan && !orphan ? ' (orphan)' : ''}` : '';
    });
    if (said[0]) lines.push(said[0]);
    else if (said[1]) lines.push(`${said[1]} (orphans only)`);
    else ignored.push(event);
  }
  return [...lines, `! ${ignored.join(' ')}`].join('\n');
}

it('has the eleven states of RFC 9293', () => expect([...tcpTable.chart.leaves].sort()).toMatchInlineSnapshot(`
  [
    "CLOSE-WAIT",
    "CLOSED",
    "CLOSING",
    "ESTABLISHED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "LAST-ACK",
    "LISTEN",
    "SYN-RECEIVED",
    "SYN-SENT",
    "TIME-WAIT",
  ]
`));
it('CLOSED', () => expect(transcript('CLOSED')).toMatchInlineSnapshot(`
  "< ACTIVE_OPEN > sendSyn = SYN-SENT
  < PASSIVE_OPEN = LISTEN
  ! SYN SYN_WITH_DATA COOKIE CLOSE SYN_ACK RST GIVE_UP ABORT ACK_OF_SYN OVERFLOW SHUTDOWN FIN ACK_OF_FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('LISTEN', () => expect(transcript('LISTEN')).toMatchInlineSnapshot(`
  "< SYN > sendSynAck = SYN-RECEIVED
  < SYN_WITH_DATA > sendSynAck, tellConnected = SYN-RECEIVED
  < COOKIE = SYN-RECEIVED
  < CLOSE > release = CLOSED
  ! ACTIVE_OPEN PASSIVE_OPEN SYN_ACK RST GIVE_UP ABORT ACK_OF_SYN OVERFLOW SHUTDOWN FIN ACK_OF_FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('SYN-SENT', () => expect(transcript('SYN-SENT')).toMatchInlineSnapshot(`
  "< SYN > sendSynAck = SYN-RECEIVED
  < CLOSE > release = CLOSED
  < SYN_ACK > answerSynAck, tellConnected = ESTABLISHED
  < RST > tellRefused, release = CLOSED
  < GIVE_UP > tellTimedOut, release = CLOSED
  < ABORT > release = CLOSED
  ! ACTIVE_OPEN PASSIVE_OPEN SYN_WITH_DATA COOKIE ACK_OF_SYN OVERFLOW SHUTDOWN FIN ACK_OF_FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('SYN-RECEIVED', () => expect(transcript('SYN-RECEIVED')).toMatchInlineSnapshot(`
  "< SYN > sendSynAck = SYN-RECEIVED
  < CLOSE > queueFin = FIN-WAIT-1 (orphan)
  < SYN_ACK > sendAck, tellConnected = ESTABLISHED
  < RST > tellRefused, release = CLOSED
  < GIVE_UP > tellTimedOut, release = CLOSED
  < ABORT > sendRst, release = CLOSED
  < ACK_OF_SYN > tellConnected = ESTABLISHED
  < OVERFLOW > release = CLOSED
  < SHUTDOWN > queueFin = FIN-WAIT-1
  ! ACTIVE_OPEN PASSIVE_OPEN SYN_WITH_DATA COOKIE FIN ACK_OF_FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('ESTABLISHED', () => expect(transcript('ESTABLISHED')).toMatchInlineSnapshot(`
  "< CLOSE > queueFin = FIN-WAIT-1 (orphan)
  < RST > tellReset, release = CLOSED
  < GIVE_UP > tellTimedOut, release = CLOSED
  < ABORT > sendRst, release = CLOSED
  < SHUTDOWN > queueFin = FIN-WAIT-1
  < FIN > tellEnded = CLOSE-WAIT
  ! ACTIVE_OPEN PASSIVE_OPEN SYN SYN_WITH_DATA COOKIE SYN_ACK ACK_OF_SYN OVERFLOW ACK_OF_FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('FIN-WAIT-1', () => expect(transcript('FIN-WAIT-1')).toMatchInlineSnapshot(`
  "< CLOSE = FIN-WAIT-1 (orphan)
  < RST > tellReset, release = CLOSED
  < GIVE_UP > tellTimedOut, release = CLOSED
  < ABORT > sendRst, release = CLOSED
  < FIN > tellEnded, sendAck = CLOSING
  < ACK_OF_FIN > startFinWait2 = FIN-WAIT-2
  < DATA_FOR_NOBODY > refuseData, release = CLOSED (orphans only)
  ! ACTIVE_OPEN PASSIVE_OPEN SYN SYN_WITH_DATA COOKIE SYN_ACK ACK_OF_SYN OVERFLOW SHUTDOWN FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('FIN-WAIT-2', () => expect(transcript('FIN-WAIT-2')).toMatchInlineSnapshot(`
  "< CLOSE > startFinWait2 = FIN-WAIT-2 (orphan)
  < RST > tellReset, release = CLOSED
  < GIVE_UP > tellTimedOut, release = CLOSED
  < ABORT > sendRst, release = CLOSED
  < FIN > tellEnded, sendAck, startTimeWait = TIME-WAIT
  < DATA_FOR_NOBODY > refuseData, release = CLOSED (orphans only)
  < FIN_WAIT_2_OVER > release = CLOSED
  ! ACTIVE_OPEN PASSIVE_OPEN SYN SYN_WITH_DATA COOKIE SYN_ACK ACK_OF_SYN OVERFLOW SHUTDOWN ACK_OF_FIN TIME_WAIT_OVER"
`));
it('CLOSING', () => expect(transcript('CLOSING')).toMatchInlineSnapshot(`
  "< CLOSE = CLOSING (orphan)
  < RST > release = CLOSED
  < GIVE_UP > release = CLOSED
  < ABORT > release = CLOSED
  < ACK_OF_FIN > startTimeWait = TIME-WAIT
  ! ACTIVE_OPEN PASSIVE_OPEN SYN SYN_WITH_DATA COOKIE SYN_ACK ACK_OF_SYN OVERFLOW SHUTDOWN FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('CLOSE-WAIT', () => expect(transcript('CLOSE-WAIT')).toMatchInlineSnapshot(`
  "< CLOSE > queueFin = LAST-ACK (orphan)
  < RST > tellReset, release = CLOSED
  < GIVE_UP > tellTimedOut, release = CLOSED
  < ABORT > sendRst, release = CLOSED
  < SHUTDOWN > queueFin = LAST-ACK
  < FIN > sendAck = CLOSE-WAIT
  ! ACTIVE_OPEN PASSIVE_OPEN SYN SYN_WITH_DATA COOKIE SYN_ACK ACK_OF_SYN OVERFLOW ACK_OF_FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('LAST-ACK', () => expect(transcript('LAST-ACK')).toMatchInlineSnapshot(`
  "< CLOSE = LAST-ACK (orphan)
  < RST > release = CLOSED
  < GIVE_UP > release = CLOSED
  < ABORT > release = CLOSED
  < ACK_OF_FIN > release = CLOSED
  ! ACTIVE_OPEN PASSIVE_OPEN SYN SYN_WITH_DATA COOKIE SYN_ACK ACK_OF_SYN OVERFLOW SHUTDOWN FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER TIME_WAIT_OVER"
`));
it('TIME-WAIT', () => expect(transcript('TIME-WAIT')).toMatchInlineSnapshot(`
  "< CLOSE = TIME-WAIT (orphan)
  < RST > release = CLOSED
  < ABORT > release = CLOSED
  < FIN > sendAck, startTimeWait = TIME-WAIT
  < TIME_WAIT_OVER > release = CLOSED
  ! ACTIVE_OPEN PASSIVE_OPEN SYN SYN_WITH_DATA COOKIE SYN_ACK GIVE_UP ACK_OF_SYN OVERFLOW SHUTDOWN ACK_OF_FIN DATA_FOR_NOBODY FIN_WAIT_2_OVER"
`));
