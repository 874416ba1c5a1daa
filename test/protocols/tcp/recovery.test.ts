/** The states of recovery, step by step on a scoreboard made by hand (Linux tcp_enter_loss, tcp_fastretrans_alert). */
import { describe, expect, it } from 'vitest';
import type { AckFacts } from '../../../src/protocols/tcp/acknowledgement';
import { tcpOptions } from '../../../src/protocols/tcp/params';
import { EVIDENCE, Recovery } from '../../../src/protocols/tcp/recovery';
import { RetransmissionTimer } from '../../../src/protocols/tcp/retransmission-timer';
import type { Segment } from '../../../src/protocols/tcp/segment';
import { SendBlock, type CaState, type SenderHost } from '../../../src/protocols/tcp/send-block';

const MS = 1e6, MSS = 1448;
const FACTS: AckFacts = { advanced: false, acked: 0, dataSacked: false, dsack: false, origAcked: false, dupack: false, seqRtt: -1, sackRtt: -1, caRtt: -1, reordFrom: Infinity };
const ACK: Segment = { flags: 16, seq: 1, ack: 1, window: 100, len: 0, tsval: -1, tsecr: -1, sack: null, mss: -1, wscale: -1, sackPermitted: false, fastOpen: null };

/** Ten segments out since 100 ms, RTT 30 ms, at 200 ms. */
function bench(state: CaState) {
  const told: string[] = [];
  const host: SenderHost = { now: 200 * MS, emit() {}, emitProbe() {}, arm() {}, cancel() {}, gaveUp() {}, orphan: false, tell: (what, a, b) => told.push(`${what} ${a} ${b}`) };
  const b = new SendBlock(tcpOptions());
  b.mss = MSS;
  b.sackOk = true;
  b.cwnd = 20;
  b.rtt.sample(30 * MS, 0, 1);
  b.rtt.minRtt = 30 * MS;
  for (let n = 0; n < 10; n++) {
    b.board.add({
      start: 1 + n * MSS, end: 1 + (n + 1) * MSS, fin: false, push: false, truesize: MSS, sentAt: 100 * MS, order: n, transmissions: 1, deliveredBefore: 1, sacked: false,
      lost: false, retransOut: false,
    });
  }
  b.sndNxt = 1 + 10 * MSS;
  b.state = state;
  b.highSeq = b.sndNxt;
  return { b, told, recovery: new Recovery(b, new RetransmissionTimer(b, host), host) };
}

describe('a time-out', () => {
  it.each([
    ['in disorder with three SACKed segments: the path reorders less than was thought', 'disorder', 3, 3],
    ['with fewer the degree stays', 'disorder', 2, 12],
    ['in recovery it stays', 'recovery', 3, 12],
  ] as const)('%s', (_name, state, sacked, degree) => {
    const { b, recovery } = bench(state);
    b.board.reordering = 12;
    for (let i = 0; i < sacked; i++) b.board.markSacked(b.board.queue.at(9 - i));
    recovery.enterLoss();
    expect(b.board.reordering).toBe(degree);
  });
  it('spares what is SACKed and what left within the last round trip, and leaves room for one', () => {
    const { b, recovery } = bench('open');
    b.board.markSacked(b.board.queue.at(2));
    b.rack.order = 2;
    b.rack.rtt = 30 * MS;
    b.board.queue.at(9).sentAt = 190 * MS;
    expect(recovery.enterLoss()).toBe(8);
    expect([b.state, b.cwnd, b.board.inFlight()]).toEqual(['loss', 2, 1]);
  });
});

describe('D-SACKs for all that was sent again', () => {
  it('take the reduction back after recovery has ended, too', () => {
    const { b, told, recovery } = bench('open');
    b.undoMarker = 1;
    b.undoRetrans = 0;
    b.prr.priorCwnd = 40;
    b.priorSsthresh = 60;
    b.ssthresh = 28;
    recovery.onAck(1, { ...FACTS, dsack: true }, ACK);
    expect(told).toEqual([`undone 40 ${EVIDENCE.dsack}`]);
    expect([b.cwnd, b.ssthresh, b.undoMarker]).toEqual([40, 60, 0]);
  });
  it('but not while one of them is not reported', () => {
    const { b, told, recovery } = bench('open');
    b.undoMarker = 1;
    b.undoRetrans = 1;
    recovery.onAck(1, { ...FACTS, dsack: true }, ACK);
    expect([told, b.undoMarker]).toEqual([[], 1]);
  });
});

describe('a retransmission that is lost after a time-out', () => {
  it('is a loss of its own: recovery begins, the window shrinks again', () => {
    const { b, told, recovery } = bench('open');
    recovery.enterLoss();
    b.frto = false;
    b.ssthresh = 14;
    const [first, second] = [b.board.queue.at(0), b.board.queue.at(1)];
    for (const [order, sent] of [first, second].entries()) {
      Object.assign(sent, { transmissions: 2, sentAt: 150 * MS, order: 20 + order });
      b.board.retransmitted(sent);
    }
    b.board.markSacked(second);
    b.rack.delivered(second, 200 * MS, 30 * MS);
    told.length = 0;
    recovery.onAck(1, { ...FACTS, dataSacked: true }, ACK);
    expect(b.state).toBe('recovery');
    expect(told[0]).toBe('loss_detected 1 1');
    expect(b.ssthresh).toBeLessThan(14);
    expect(recovery.rexmit).toBe('lost');
  });
});
