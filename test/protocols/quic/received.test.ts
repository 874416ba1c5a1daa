/** Packet numbers that were received: what is acknowledged, what is told again, what is not told apart any more. */
import { describe, expect, it } from 'vitest';
import { ReceivedPackets } from '../../../src/protocols/quic/received';

const got = (received: ReceivedPackets, ...numbers: number[]): boolean[] => numbers.map((n) => received.receive(n, true, 0));

describe('received packets', () => {
  it('are taken once each (RFC 9000 §12.3)', () => {
    const received = new ReceivedPackets(2, 25e6);
    expect(got(received, 0, 1, 1, 3, 2, 3)).toEqual([true, true, false, true, true, false]);
  });
  it('stay taken when the peer knows of them and they are told no more', () => {
    const received = new ReceivedPackets(2, 25e6);
    got(received, 0, 1, 2, 3, 4, 5);
    received.told(4);
    expect(received.frame(0, 3)).toMatchObject({ ranges: [[4, 5]] });
    expect(got(received, 2, 4, 6)).toEqual([false, false, true]);
    expect(received.frame(0, 3)).toMatchObject({ ranges: [[4, 6]] });
    received.told(1); // an older one, late
    expect(got(received, 3)).toEqual([false]);
  });
  it('of many holes the newest 32 are told, from the greatest down (§13.2.3)', () => {
    const received = new ReceivedPackets(2, 25e6);
    for (let n = 0; n < 100; n += 2) received.receive(n, true, 0);
    const frame = received.frame(0, 3) as { ranges: readonly (readonly [number, number])[] };
    expect(frame.ranges).toHaveLength(32);
    expect([frame.ranges[0], frame.ranges[31]]).toEqual([[98, 98], [36, 36]]);
  });
});
