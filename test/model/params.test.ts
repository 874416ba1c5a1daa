import { describe, expect, it } from 'vitest';
import { paramDefaults, paramValues, type ParamSpec } from '../../src/model/params';

const spec = (path: string, value: number | boolean): ParamSpec => ({ path, type: 'integer', default: value, source: '', words: '' });
const DEFAULTS = paramDefaults([spec('stack.tcp.mss', 1460), spec('network.hosts.*.params.cost', 0), spec('stack.tcp.nagle', true)]);

describe('values of a parameter table', () => {
  it('are the defaults by the last name of their path', () => expect(paramValues(DEFAULTS, [])).toEqual({ mss: 1460, cost: 0, nagle: true }));
  it('come from the first record that has one, false and 0 included', () =>
    expect(paramValues(DEFAULTS, [{ nagle: false }, undefined, { nagle: true, mss: 0 }, { mss: 9 }])).toEqual({ mss: 0, cost: 0, nagle: false }));
  it('pass over what a record leaves undefined', () => expect(paramValues(DEFAULTS, [{ mss: undefined }, { mss: 5 }]).mss).toBe(5));
  it('hold no name that the table does not have, and leave the table alone', () => {
    expect(paramValues(DEFAULTS, [{ mss: 1, other: 2, toString: 3 }])).toEqual({ mss: 1, cost: 0, nagle: true });
    expect(DEFAULTS.mss).toBe(1460);
  });
});
