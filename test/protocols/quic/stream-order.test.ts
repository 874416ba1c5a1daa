/** Streams with an order: which goes next is what the layer above has said, whatever the connection does by itself, and whatever is lost. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../../src/base/time';
import type { MultiplexedStream } from '../../../src/model/multiplexer';
import { quicPair, type QuicPairOptions } from '../../support/quic-pair';

const ORDERS = [{ rank: 3, shares: true }, { rank: 3, shares: true }, { rank: 1, shares: false }, { rank: 1, shares: false }];
const slow: QuicPairOptions = { rateMbit: 4, rttMs: 30, responses: [60_000, 60_000, 60_000, 60_000], server: { initialWindow: 12_000, minimumWindow: 2400 } };
/** Streams in the order in which the client has all of them. */
const ends = (o: QuicPairOptions): number[] => quicPair(o).heard.flatMap((line) => /client has the end of (\d+)/.exec(line)?.[1] ?? []).map(Number);
/** When the client has all of a stream, ms. */
const endOf = (o: QuicPairOptions, id: number): number => Number(quicPair(o).heard.find((line) => line.endsWith(`client has the end of ${id}`))!.split(' ')[0]);
const ordered = (stream: MultiplexedStream): void => void stream.setOrder(ORDERS[stream.id / 4]!);

describe('a connection whose streams have an order', () => {
  it.each(['round-robin', 'first-in'] as const)('serves by rank, and within a rank whole ones one by one; by itself it would go %s', (schedule) => {
    const server = { ...slow.server, schedule };
    expect(ends({ ...slow, server, opened: ordered }).slice(0, 2)).toEqual([8, 12]);
    const both = [0, 4].map((id) => endOf({ ...slow, server, opened: ordered }, id));
    expect(Math.abs(both[0]! - both[1]!), 'the last two take turns').toBeLessThan(40);
    const inTurn = [8, 12].map((id) => endOf({ ...slow, server, opened: ordered }, id));
    expect(inTurn[1]! - inTurn[0]!, 'the first two do not').toBeGreaterThan(80);
  });
  it('without one it keeps to its own', () => {
    expect(ends({ ...slow, server: { ...slow.server, schedule: 'first-in' } })).toEqual([0, 4, 8, 12]);
  });
  it('changes it for what has not gone out', () => {
    const raise = (stream: MultiplexedStream, world: Parameters<NonNullable<QuicPairOptions['opened']>>[1]): void => {
      stream.setOrder({ rank: 3, shares: false });
      if (stream.id !== 12) return;
      const timer = world.timer(0, 'raise', { timerFired: () => expect(stream.setOrder({ rank: 1, shares: false })).toBe(true) });
      world.arm(timer, world.now + 60 * MS);
    };
    expect(ends({ ...slow, opened: (stream) => void stream.setOrder({ rank: 3, shares: false }) })).toEqual([0, 4, 8, 12]);
    expect(ends({ ...slow, opened: raise })[0]).toBe(12);
  });
  it('tells that nothing of a stream waits any more', () => {
    let told: boolean | null = null;
    quicPair({
      ...slow, opened: (stream, world) => {
        if (stream.id !== 0) return;
        world.arm(world.timer(0, 'late', { timerFired: () => void (told = stream.setOrder({ rank: 0, shares: false })) }), world.now + 5000 * MS);
      },
    });
    expect(told).toBe(false);
  });
  it('loses nothing with losses, and the urgent still come first', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const order = ends({ ...slow, opened: ordered, loss: 0.05, seed });
      expect([...order].sort((a, b) => a - b)).toEqual([0, 4, 8, 12]);
      expect(Math.max(order.indexOf(8), order.indexOf(12))).toBeLessThan(Math.max(order.indexOf(0), order.indexOf(4)));
    }
  });
});
