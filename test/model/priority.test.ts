/** Priorities as they are said (RFC 9218 §4), as frames (§7), and whose turn it is (§10). */
import { describe, expect, it } from 'vitest';
import { orderOf, parsePriority, priorityValue } from '../../src/model/http/priority';
import { frameBytes, payloadBytes } from '../../src/model/http2/frame';
import { h3FrameBytes, h3HeaderBytes, h3PayloadBytes } from '../../src/model/http3/frame';
import { inTurn, type Turn } from '../../src/model/stream-order';

describe('the value', () => {
  it.each([
    ['', 3, false], ['u=0', 0, false], ['u=1, i', 1, true], ['i', 3, true], ['i=?0', 3, false], ['i=?1,u=7', 7, true], ['u=2;x=1, i;y', 2, true], ['u=1, u=5', 5, false],
    ['u=8', 3, false], ['u=-1', 3, false], ['u=1.5', 3, false], ['u="1"', 3, false], ['i=1', 3, false], ['unknown="a, u=0", u=4', 4, false], ['u=0, =', 3, false], ['U=0', 3, false],
  ])('%s', (value, urgency, incremental) => {
    expect(parsePriority(value)).toEqual({ urgency, incremental });
  });
  it('that is written is read as it was meant', () => {
    for (let urgency = 0; urgency <= 7; urgency++) for (const incremental of [false, true]) expect(parsePriority(priorityValue({ urgency, incremental }))).toEqual({ urgency, incremental });
  });
});
describe('the frames', () => {
  it('of HTTP/2: type 0x10 on stream 0, and the older PRIORITY', () => {
    const update = { type: 'PRIORITY_UPDATE', prioritized: 9, value: 'u=1, i' } as const;
    expect([...frameBytes(update)]).toEqual([0, 0, 10, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 9, ...'u=1, i'].map((b) => (typeof b === 'string' ? b.charCodeAt(0) : b)));
    const older = { type: 'PRIORITY', stream: 9, priority: { exclusive: true, dependsOn: 3, weight: 220 } } as const;
    expect([...frameBytes(older)]).toEqual([0, 0, 5, 2, 0, 0, 0, 0, 9, 0x80, 0, 0, 3, 219]);
    for (const frame of [update, older]) expect(frameBytes(frame)).toHaveLength(9 + payloadBytes(frame));
  });
  it('of HTTP/3: type 0xf0700', () => {
    const frame = { type: 'PRIORITY_UPDATE', prioritized: 4, value: 'u=1' } as const;
    expect([...h3FrameBytes(frame)]).toEqual([0x80, 0x0f, 0x07, 0x00, 4, 4, 0x75, 0x3d, 0x31]);
    expect(h3FrameBytes(frame)).toHaveLength(h3HeaderBytes(frame) + h3PayloadBytes(frame));
  });
});
describe('whose turn it is', () => {
  const serve = (streams: readonly { id: number; value: string; pieces: number }[]): string => {
    const waiting = streams.map((s): Turn & { pieces: number; servedAt: number } => ({ id: s.id, order: orderOf(parsePriority(s.value)), servedAt: 0, pieces: s.pieces }));
    const out: number[] = [];
    for (let turn = 1; waiting.some((s) => s.pieces > 0); turn++) {
      const next = waiting.filter((s) => s.pieces > 0).sort(inTurn)[0]!;
      next.pieces--;
      next.servedAt = turn;
      out.push(next.id);
    }
    return out.join(' ');
  };
  it('the most urgent first; whole ones one after another; those of use in parts by turns', () => {
    expect(serve([{ id: 0, value: 'i', pieces: 2 }, { id: 4, value: 'i', pieces: 3 }, { id: 8, value: 'u=1', pieces: 2 }, { id: 12, value: 'u=1', pieces: 2 }, { id: 16, value: 'u=0', pieces: 1 }])).toBe('16 8 8 12 12 0 4 0 4 4');
  });
  it('what is of use only when whole goes before what may come in parts, where both are as urgent', () => {
    expect(serve([{ id: 0, value: 'i', pieces: 2 }, { id: 4, value: '', pieces: 2 }])).toBe('4 4 0 0');
  });
});
