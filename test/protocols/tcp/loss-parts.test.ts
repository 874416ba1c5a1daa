/** The parts of a sender, as tables: PRR (RFC 6937), RACK (RFC 8985), the scoreboard, giving up, units of segments, the send buffer. */
import { describe, expect, it } from 'vitest';
import { isDsack, newsBlocks } from '../../../src/protocols/tcp/acknowledgement';
import { modelTimeout } from '../../../src/protocols/tcp/give-up';
import { pacingRate, tsoSegments } from '../../../src/protocols/tcp/pacing';
import { sendCount } from '../../../src/protocols/tcp/prr';
import { Rack, reorderWindow } from '../../../src/protocols/tcp/rack';
import { initialWindow } from '../../../src/protocols/tcp/receiver';
import { Scoreboard } from '../../../src/protocols/tcp/scoreboard';
import { bufferFor, sizeGoal, UNIT_OVERHEAD } from '../../../src/protocols/tcp/send-buffer';
import type { Sent } from '../../../src/protocols/tcp/sent';

const MS = 1e6, SECOND = 1e9, MSS = 1448;
const sent = (n: number, more: Partial<Sent> = {}): Sent => ({
  start: 1 + n * MSS, end: 1 + (n + 1) * MSS, fin: false, push: false, truesize: MSS, sentAt: 0, order: n, transmissions: 1, deliveredBefore: 1, sacked: false, lost: false,
  retransOut: false, ...more,
});

describe('proportional rate reduction', () => {
  const ack = { priorCwnd: 20, ssthresh: 14, inFlight: 18, prrDelivered: 1, prrOut: 0, newlyDelivered: 1, newlyLost: 0, advanced: false };
  it.each([
    ['the first ACK always sends', {}, 1],
    ['above the threshold 14 leave for every 20 delivered', { prrDelivered: 10, prrOut: 6 }, 1],
    ['not more than that', { prrDelivered: 10, prrOut: 7 }, 0],
    ['below it as many as were delivered', { inFlight: 10, prrDelivered: 4, prrOut: 4, newlyDelivered: 2 }, 2],
    ['one more when the window moved without a new loss', { inFlight: 10, prrDelivered: 4, prrOut: 4, newlyDelivered: 2, advanced: true }, 3],
    ['but not with one', { inFlight: 10, prrDelivered: 4, prrOut: 4, newlyDelivered: 2, advanced: true, newlyLost: 1 }, 2],
    ['never beyond the threshold', { inFlight: 13, prrDelivered: 9, prrOut: 4, newlyDelivered: 5 }, 1],
  ] as const)('%s', (_name, change, count) => expect(sendCount({ ...ack, ...change })).toBe(count));
});

describe('RACK', () => {
  const path = { reordSeen: false, inRecovery: false, enoughSacked: false, quarters: 1, minRtt: 40 * MS, srtt: 50 * MS };
  it.each([
    ['a quarter of the least round trip', {}, 10],
    ['none once three segments are SACKed', { enoughSacked: true }, 0],
    ['none in recovery', { inRecovery: true }, 0],
    ['always when the path reorders', { enoughSacked: true, inRecovery: true, reordSeen: true }, 10],
    ['wider by D-SACKs', { reordSeen: true, quarters: 3 }, 30],
    ['at most the smoothed round trip', { reordSeen: true, quarters: 9 }, 50],
  ] as const)('reordering window: %s', (_name, change, ms) => expect(reorderWindow({ ...path, ...change })).toBe(ms * MS));

  it('takes for lost what was sent before something delivered, in the order of sending, not of numbers', () => {
    const board = new Scoreboard(), rack = new Rack();
    // of one instant: segment 3 left, then segment 0 again
    for (const s of [sent(0, { order: 5, transmissions: 2 }), sent(1), sent(2), sent(3, { order: 4 })]) board.add(s);
    rack.delivered(board.queue.at(3), 30 * MS, 30 * MS);
    expect(rack.overdue(board.queue, 0, 30 * MS).lost.map((s) => s.order)).toEqual([1, 2]);
    expect(rack.overdue(board.queue, 8 * MS, 30 * MS)).toEqual({ lost: [], wait: 8 * MS });
  });
  it('does not believe a retransmission that was answered too soon', () => {
    const rack = new Rack();
    rack.delivered(sent(0, { transmissions: 2, order: 7, sentAt: 20 * MS }), 30 * MS, 30 * MS);
    expect([rack.advanced, rack.order]).toEqual([false, -1]);
  });
  it('widens its window by D-SACKs once in a round trip, and for sixteen recoveries', () => {
    const rack = new Rack();
    const dsack = (priorDelivered: number, delivered: number): number => {
      rack.dsackSeen = true;
      rack.adaptWindow(priorDelivered, delivered);
      return rack.quarters;
    };
    expect([dsack(5, 20), dsack(10, 25), dsack(20, 40)]).toEqual([2, 2, 3]);
    for (let i = 0; i < 15; i++) rack.recovered(false);
    rack.adaptWindow(50, 60);
    expect(rack.quarters).toBe(3);
    rack.recovered(false);
    rack.adaptWindow(50, 60);
    expect(rack.quarters).toBe(1);
  });
});

describe('the scoreboard', () => {
  it('keeps its sums through SACK, loss, retransmission and acknowledgement', () => {
    const board = new Scoreboard();
    for (let n = 0; n < 4; n++) board.add(sent(n));
    board.markLost(board.queue.at(0));
    board.markSacked(board.queue.at(2));
    expect([board.packetsOut, board.lostOut, board.sackedOut, board.inFlight(), board.truesize]).toEqual([4, 1, 1, 2, 4 * MSS]);
    board.retransmitted(board.queue.at(0));
    expect(board.inFlight()).toBe(3);
    board.markLost(board.queue.at(0)); // the retransmission too
    expect([board.inFlight(), board.lost]).toEqual([2, 2]);
    for (let n = 0; n < 3; n++) board.removeHead(true);
    expect([board.packetsOut, board.lostOut, board.sackedOut, board.retransOut, board.delivered, board.truesize]).toEqual([1, 0, 0, 0, 4, MSS]);
  });
  it('tells a duplicate report from news of a gap', () => {
    expect([isDsack(100, [50, 90]), isDsack(100, [200, 300]), isDsack(100, [220, 240, 200, 300]), isDsack(100, null)]).toEqual([true, false, true, false]);
    expect([newsBlocks(100, [50, 90]), newsBlocks(100, [50, 90, 200, 300]), newsBlocks(100, [200, 300, 400, 500]), newsBlocks(100, null)]).toEqual([0, 1, 2, 0]);
  });
});

describe('giving up', () => {
  it.each([[15, 924.6], [8, 102.2], [0, 0.2], [9, 204.6], [10, 324.6]])('%d retransmissions take %d s (tcp_model_timeout)', (boundary, seconds) => {
    expect(modelTimeout(boundary, 200 * MS, 120 * SECOND) / SECOND).toBeCloseTo(seconds, 6);
  });
});

describe('units and memory', () => {
  it('a window of 10 at 30 ms leaves in units of two, twice as fast in slow start', () => {
    const p = { cwnd: 10, ssthresh: 0x7fffffff, packetsOut: 0, mss: MSS, srtt: 30 * MS };
    expect(pacingRate(p) / pacingRate({ ...p, ssthresh: 10 })).toBeCloseTo(2 / 1.2, 9);
    expect(tsoSegments(pacingRate(p), 30 * MS, MSS)).toBe(2);
    expect(tsoSegments(pacingRate({ ...p, cwnd: 200 }), 30 * MS, MSS)).toBe(13);
    expect(tsoSegments(Infinity, Infinity, MSS)).toBe(45);
  });
  it('a buffer for ten segments is 46080 bytes, as ss(8) shows it', () => expect(bufferFor(10, MSS)).toBe(46_080));
  it('a unit takes whole segments of half the greatest window', () => {
    expect(sizeGoal(MSS, 64_512)).toBe(22 * MSS);
    expect(sizeGoal(MSS, 1e6)).toBe(45 * MSS);
    expect(sizeGoal(MSS, 100)).toBe(MSS);
    expect(UNIT_OVERHEAD).toBe(832);
  });
  it('the first window is whole segments of the space, less what options take', () => {
    expect([initialWindow(131_072, 0.5, 1460), initialWindow(131_072, 0.5, 1448), initialWindow(2304, 0.5, 1460)]).toEqual([64_240, 65_160, 1152]);
  });
});
