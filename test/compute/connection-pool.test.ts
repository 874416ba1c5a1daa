/** A pool of connections: how many at once, who waits, who gives up, and what becomes of broken ones. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import { ConnectionPool, type Pooled } from '../../src/compute/connection-pool';
import { indexTrace } from '../../src/trace/trace-index';
import { quiet, runTiny, type Tiny } from '../support/tiny';

interface Wire extends Pooled {
  usable: boolean;
  readonly n: number;
}
interface Setting {
  readonly size: number;
  readonly timeoutMs?: number;
  /** So many attempts fail first. */
  readonly failures?: number;
  /** Time to make a connection; negative: it fails after that long. */
  readonly makeMs?: number;
}
/** Users that come at `at` and keep what they get for `holdMs`; says who got which connection when. `breakIt`: user that breaks his. */
function run(setting: Setting, users: readonly { readonly at: number; readonly holdMs: number; readonly breakIt?: boolean }[]): { lines: string[]; made: number; left: number } {
  const lines: string[] = [];
  let made = 0, attempts = 0;
  const act = (t: Tiny): void => {
    const make = setting.makeMs ?? 0;
    const pool = new ConnectionPool<Wire>(t.world, t.host, { size: setting.size, timeout: (setting.timeoutMs ?? 0) * MS, retry: 250 * MS, retryMax: 10_000 * MS }, (_endpoint, ready, failed) => {
      t.after(Math.abs(make) * MS, () => (make < 0 || attempts++ < (setting.failures ?? 0) ? failed('ECONNREFUSED') : ready({ usable: true, n: ++made, close() {} })));
    });
    users.forEach((user, i) => {
      t.after(user.at * MS, () => {
        pool.take(`user ${i}`, t.endpoint, (lease) => {
          lines.push(`${t.world.now / MS}: user ${i} has ${lease.connection.n}`);
          t.after(user.holdMs * MS, () => {
            if (user.breakIt) lease.connection.usable = false;
            lease.giveBack();
          });
        }, (code) => void lines.push(`${t.world.now / MS}: user ${i} ${code}`));
      });
    });
  };
  const trace = runTiny({ hosts: { a: (t) => ({ start: () => act(t) }), b: quiet } });
  const left = indexTrace(trace).claims.filter((c) => c.outcome === 'held' || c.outcome === 'waiting').length;
  return { lines, made, left };
}

describe('a connection pool', () => {
  it('makes connections when they are needed, one after the other, reuses the last one given back, in the order asked', () => {
    expect(run({ size: 2, makeMs: 5 }, [{ at: 0, holdMs: 10 }, { at: 1, holdMs: 20 }, { at: 2, holdMs: 10 }, { at: 3, holdMs: 10 }])).toEqual({
      lines: ['5: user 0 has 1', '10: user 1 has 2', '15: user 2 has 1', '25: user 3 has 1'], made: 2, left: 0,
    });
  });
  it('whoever waits longer than the time-out fails, and leaves the line', () => {
    expect(run({ size: 1, timeoutMs: 10 }, [{ at: 0, holdMs: 30 }, { at: 5, holdMs: 1 }, { at: 25, holdMs: 1 }])).toEqual({
      lines: ['0: user 0 has 1', '15: user 1 POOL_TIMEOUT', '30: user 2 has 1'], made: 1, left: 0,
    });
  });
  it('a connection that comes after its user gave up is kept for the next', () => {
    expect(run({ size: 1, timeoutMs: 10, makeMs: 15 }, [{ at: 0, holdMs: 1 }, { at: 20, holdMs: 1 }])).toEqual({ lines: ['10: user 0 POOL_TIMEOUT', '20: user 1 has 1'], made: 1, left: 0 });
  });
  it('a broken one is not given out again', () => {
    expect(run({ size: 1, makeMs: 2 }, [{ at: 0, holdMs: 5, breakIt: true }, { at: 3, holdMs: 5 }])).toEqual({ lines: ['2: user 0 has 1', '9: user 1 has 2'], made: 2, left: 0 });
  });
  it('the first in line gets whichever is ready first: one given back while another is being opened', () => {
    expect(run({ size: 2, makeMs: 20 }, [{ at: 0, holdMs: 5 }, { at: 22, holdMs: 30 }, { at: 23, holdMs: 1 }])).toEqual({ lines: ['20: user 0 has 1', '25: user 1 has 1', '42: user 2 has 2'], made: 2, left: 0 });
  });
  it('a failed attempt is told to nobody: the adder pauses and tries again, whoever waits waits to the end', () => {
    const { lines, made, left } = run({ size: 1, makeMs: -4, timeoutMs: 600 }, [{ at: 0, holdMs: 1 }, { at: 1, holdMs: 1 }]);
    expect({ lines, made, left }).toEqual({ lines: ['600: user 0 POOL_TIMEOUT ECONNREFUSED', '601: user 1 POOL_TIMEOUT ECONNREFUSED'], made: 0, left: 0 });
  });
  it('pauses 250 ms, then half as long again, and gives the first that succeeds to the first in line', () => {
    // attempts at 0, 254 and 633
    expect(run({ size: 1, makeMs: 4, failures: 2 }, [{ at: 0, holdMs: 1 }])).toEqual({ lines: ['637: user 0 has 1'], made: 1, left: 0 });
  });
});
