/** The recursive resolver: short lives, aliases, negative answers, delegations, and what it says when the model ends. */
import { describe, expect, it } from 'vitest';
import { answerFrom } from '../../../src/hosts/name-server';
import { datagramsOf, lookUpsOf, rr, runNames, type NamesOptions } from '../../support/names';

const WALK = ['5 root #1 NS .', '25 root #2 A test', '45 tld #3 A lab.test', '65 auth #4 A www.lab.test'];
/** What the resolver asks of other servers, and how the client's look-ups end. */
const resolve = (o: NamesOptions) => {
  const trace = runNames(o);
  const said = datagramsOf(trace, 'names');
  return { asked: said.filter((l) => !l.includes(' client ')).map(renumber()), told: said.filter((l) => l.includes(' client ')).map((l) => l.replace(/^.*: /, '')), ended: lookUpsOf(trace), trace };
};
/** Numbers the resolver's ports towards servers alone: port 53 answers the client. */
function renumber(): (line: string) => string {
  const seen: string[] = [];
  return (line) => line.replace(/#\d+/, (port) => {
    if (!seen.includes(port)) seen.push(port);
    return `#${seen.indexOf(port) + 1}`;
  });
}

describe('a TTL of 0 is for the transaction in progress (RFC 1035 §3.2.1)', () => {
  it('alias and address', () => {
    const { asked, told, ended } = resolve({ zone: [rr('www.lab.test', 'CNAME', 'real.lab.test', 0), rr('real.lab.test', 'A', '10.0.0.2', 0)] });
    expect(asked).toEqual(WALK);
    expect(told).toEqual(['NOERROR, www.lab.test CNAME real.lab.test, real.lab.test A 10.0.0.2']);
    expect(ended).toEqual(['90 ok']);
  });
  it('delegation', () => {
    const { asked, ended } = resolve({ delegation: [rr('lab.test', 'NS', 'ns.lab.test', 0), rr('ns.lab.test', 'A', '10.1.0.3', 0)] });
    expect(asked).toEqual(WALK);
    expect(ended).toEqual(['90 ok']);
  });
  it('and for no other', () => {
    const { asked, ended } = resolve({ zone: [rr('www.lab.test', 'A', '10.0.0.2', 0)], ask: ['www.lab.test', ['www.lab.test', 1000]] });
    expect(asked).toEqual([...WALK, '1005 auth #5 A www.lab.test']);
    expect(ended).toEqual(['90 ok', '30 ok']);
  });
});

describe('aliases that do not end', () => {
  const zone = [rr('www.lab.test', 'CNAME', 'b.lab.test'), rr('b.lab.test', 'CNAME', 'www.lab.test')];
  it('are a failure after one walk', () => {
    const { asked, told } = resolve({ zone });
    expect(asked).toEqual(WALK);
    expect(told).toEqual(['SERVFAIL', 'SERVFAIL']); // glibc asks twice
  });
  it('are each said once by the zone’s server', () => {
    expect(answerFrom({ 'lab.test': zone }, 'www.lab.test', 'A').answers).toEqual(zone);
  });
  it('chains of eleven do end', () => {
    const chain = Array.from({ length: 11 }, (_, i) => rr(i === 0 ? 'www.lab.test' : `a${i}.lab.test`, 'CNAME', `a${i + 1}.lab.test`));
    expect(resolve({ zone: [...chain, rr('a11.lab.test', 'A', '10.0.0.2')] }).ended).toEqual(['90 ok']);
  });
});

describe('"there is none" is kept for the shorter of MINIMUM and the SOA’s own TTL (RFC 2308 §5)', () => {
  it.each([[60, 3600, 59, 10], [60, 3600, 61, 30], [3600, 60, 59, 10], [3600, 60, 61, 30]])('TTL %d, MINIMUM %d, asked again after %d s: %d ms', (ttl, minimum, after, ms) => {
    const { ended } = resolve({ zone: [rr('lab.test', 'SOA', String(minimum), ttl)], ask: ['none.lab.test', ['none.lab.test', after * 1000 + 90]] });
    expect(ended).toEqual(['90 EAI_NONAME', `${ms} EAI_NONAME`]);
  });
});

describe('delegations', () => {
  it('whose address has expired are asked for again, one zone up', () => {
    const { asked, ended } = resolve({
      delegation: [rr('lab.test', 'NS', 'ns.lab.test'), rr('ns.lab.test', 'A', '10.1.0.3', 10)], zone: [rr('www.lab.test', 'A', '10.0.0.2', 10)], ask: ['www.lab.test', ['www.lab.test', 20_000]],
    });
    expect(asked).toEqual([...WALK, '20005 tld #5 A lab.test', '20025 auth #6 A www.lab.test']);
    expect(ended).toEqual(['90 ok', '50 ok']);
  });
  it('without any address are beyond the model, and the run says so', () => {
    const { trace } = resolve({ delegation: [rr('lab.test', 'NS', 'ns.elsewhere.example')] });
    expect(trace.outcome).toBe('unmodelled');
    expect(trace.stopReason).toContain('ns.elsewhere.example');
  });
});

it.each([[30, 'error'], [31, 'unmodelled']])('%d addresses in an answer without EDNS (512 bytes, RFC 1035 §4.2.1): %s', (count, outcome) => {
  // 16 bytes for each address after 12 of header and 18 of question; nobody listens at the first
  const local = { 'lab.test': Array.from({ length: count }, (_, i) => rr('www.lab.test', 'A', `10.0.0.${i === 0 ? 2 : i + 20}`)) };
  const trace = runNames({ local, ...(count === 30 ? { faults: [{ type: 'answer', host: 'server', verdict: 'refuse-connections' }] } : {}) });
  expect(trace.outcome).toBe(outcome);
});
