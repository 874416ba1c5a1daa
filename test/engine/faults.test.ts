/** Faults: every verdict, who is meant, which occurrence, hosts that stop or fall silent, links that go down. */
import { describe, expect, it } from 'vitest';
import { MS } from '../../src/base/time';
import type { Fault, PduFault, PduSelector, Verdict } from '../../src/model/fault';
import { Fate, IP_UDP, type Pdu } from '../../src/model/pdu';
import type { Trace } from '../../src/model/trace';
import { arrivalsOf, eventOf, linesOf, quiet, runTiny, type Tiny, type TinyOptions } from '../support/tiny';

const rule = (verdict: Verdict, where: PduSelector = {}, nth = 1, count = 1): PduFault => ({ type: 'pdu', where, nth, count, verdict });
const host = (verdict: 'stop' | 'silent', from: number, until: number | null, name = 'b'): Fault => ({ type: 'host', host: name, verdict, from: from * MS, until: until === null ? null : until * MS });
const down = (from: number, until: number | null): Fault => ({ type: 'link', link: 'line', verdict: 'down', from: from * MS, until: until === null ? null : until * MS });

/** Host a sends these packets, 1 ms apart. */
const sent = (packets: readonly Partial<Pdu>[], faults: readonly Fault[], o: Partial<TinyOptions> = {}): Trace =>
  runTiny({ hosts: { a: (t) => ({ start: () => packets.forEach((p, i) => void t.after(i * MS, () => void t.send('b', { key: i, ...p }))) }), b: quiet }, faults, ...o });
const plain = (n: number): Partial<Pdu>[] => Array.from({ length: n }, () => ({}));
/** Numbers of the packets that a rule met. */
const met = (packets: readonly Partial<Pdu>[], where: PduSelector): number[] => {
  const trace = sent(packets, [rule({ do: 'drop' }, where, 1, -1)]);
  return trace.pdus.filter((p) => p.fate === Fate.droppedByRule).map((p) => p.id);
};

describe('verdicts', () => {
  const link = { rate: [1e6, 0] } as const; // 10 ms on the wire, 10 ms of way
  it('drop as it enters: at once, and the wire is free for the next', () => {
    const trace = sent(plain(2), [rule({ do: 'drop' })], { link });
    expect(arrivalsOf(trace)).toEqual(['dropped', 21]);
    expect(trace.pdus[0]).toMatchObject({ fateAt: 0, fatePosition: 0, rule: 0 });
    expect(linesOf(trace, 'fault.rule_applied', 'link.pdu_dropped')).toEqual(['0 rule_applied a #0', '0 pdu_dropped #0 dropped']);
  });
  it('drop on the way: there and then, after it was on the wire', () => {
    for (const at of [0.25, 1]) {
      const trace = sent(plain(2), [rule({ do: 'drop', at })], { link });
      expect(trace.pdus[0]).toMatchObject({ fate: Fate.droppedByRule, fateAt: (10 + 10 * at) * MS, fatePosition: at });
      expect(arrivalsOf(trace)[1]).toBe(30);
    }
  });
  it('delay: later by so much; the next overtakes it', () => {
    const trace = sent(plain(2), [rule({ do: 'delay', by: 40 * MS })], { link });
    expect(arrivalsOf(trace)).toEqual([60, 30]);
    expect(trace.pdus[0]!.extraNs).toBe(40 * MS);
  });
  it('duplicate: the copy follows at once, takes its own time on the wire, and no rule meets it', () => {
    const trace = sent(plain(2), [rule({ do: 'duplicate' }), rule({ do: 'drop' }, {}, 2)], { link });
    expect(arrivalsOf(trace)).toEqual([20, 30, 'dropped']);
    expect(trace.pdus.map((p) => [p.copyOf, p.rule, p.sentEvent === trace.pdus[0]!.sentEvent])).toEqual([[-1, 0, true], [0, -1, true], [-1, 1, false]]);
  });
  it('duplicate into a full queue: the copy finds no room', () =>
    expect(arrivalsOf(sent(plain(3), [rule({ do: 'duplicate' }, {}, 2)], { link: { ...link, queuePackets: 1 } }))).toEqual([20, 30, 'queue full', 'queue full']));
  it('corrupt: travels, and is thrown away where it arrives, once', () => {
    const trace = sent(plain(1), [rule({ do: 'corrupt' })], { link });
    expect(arrivalsOf(trace)).toEqual(['corrupted']);
    expect(trace.pdus[0]).toMatchObject({ fateAt: 20 * MS, fatePosition: 1 });
    expect(linesOf(trace, 'link.pdu_dropped', 'link.pdu_delivered')).toEqual(['20 pdu_dropped #0 corrupted']);
  });
  it('the rule’s cause is the sending, not what led to it', () => {
    const trace = sent(plain(1), [rule({ do: 'drop' })]);
    const applied = eventOf(trace, 'fault.rule_applied');
    expect(trace.cause.at(applied)).toBe(trace.pdus[0]!.sentEvent);
    expect(trace.cause.at(trace.pdus[0]!.fateEvent)).toBe(trace.pdus[0]!.sentEvent);
  });
});

describe('which occurrence', () => {
  it.each<[number, number, number[]]>([[1, 1, [0]], [3, 1, [2]], [2, 3, [1, 2, 3]], [4, -1, [3, 4, 5]], [9, 1, []], [1, 0, []]])('nth %d, count %d', (nth, count, dropped) => {
    const trace = sent(plain(6), [rule({ do: 'drop' }, {}, nth, count)]);
    expect(trace.pdus.filter((p) => p.fate === Fate.droppedByRule).map((p) => p.id)).toEqual(dropped);
  });
  it('of two rules on one packet the first gives the verdict, and the second has counted it', () => {
    const trace = sent(plain(3), [rule({ do: 'delay', by: MS }), rule({ do: 'drop' }, {}, 2)]);
    expect(arrivalsOf(trace)).toEqual([11, 'dropped', 12]);
  });
  it('a packet that the link would lose anyway is counted too', () => {
    const trace = sent(plain(3), [down(0, 0.5), rule({ do: 'drop' }, {}, 2)]);
    expect(arrivalsOf(trace)).toEqual(['link down', 'dropped', 12]);
  });
});

describe('who is meant', () => {
  const packets: readonly Partial<Pdu>[] = [
    { name: 'SYN', flags: 2 }, { name: 'SYN-ACK', flags: 18 }, { name: 'data', flags: 24, payload: 100, streamStart: 0, dstPort: 443, srcPort: 5000 },
    { name: 'data', flags: 24, payload: 200, streamStart: 100, dstPort: 443, srcPort: 5000, transmission: 2 }, { name: 'query', protocol: IP_UDP, payload: 30, dstPort: 53 },
  ];
  it.each<[string, PduSelector, number[]]>([
    ['all', {}, [0, 1, 2, 3, 4]], ['name', { select: 'SYN' }, [0]], ['flags set', { tcpFlags: 'S' }, [0, 1]], ['flags set and unset', { tcpFlags: 'S', tcpFlagsUnset: 'A' }, [0]],
    ['protocol', { protocol: 'udp' }, [4]], ['port', { toPort: 443 }, [2, 3]], ['own port', { fromPort: 5000 }, [2, 3]], ['payload at least', { payloadAtLeast: 100 }, [2, 3]],
    ['payload at most', { payloadAtLeast: 1, payloadAtMost: 100 }, [2, 4]], ['range within', { range: [150, 160] }, [3]], ['range across', { range: [99, 101] }, [2, 3]],
    ['range ends before', { range: [0, 100] }, [2]], ['transmission', { transmission: 2 }, [3]], ['sender', { from: 'a' }, [0, 1, 2, 3, 4]], ['other sender', { from: 'b' }, []],
    ['flow', { flow: 'a>b:443#1' }, [2, 3]], ['flow that is not there', { flow: 'a>b:443#2' }, []], ['link', { link: 'line' }, [0, 1, 2, 3, 4]], ['no such link', { link: 'lime' }, []],
    ['no such host', { from: 'z' }, []], ['two conditions', { select: 'data', transmission: 1 }, [2]],
  ])('%s', (_name, where, numbers) => expect(met(packets, where)).toEqual(numbers));
});

/** Host b counts its lives, answers each packet, works on it, and has a timer. */
const lives = (): { born: number[]; stopped: number[]; hosts: TinyOptions['hosts'] } => {
  const born: number[] = [], stopped: number[] = [];
  const a = (t: Tiny) => ({ start: () => [0, 10, 20, 30, 40, 50, 60].forEach((ms, key) => void t.after(ms * MS, () => void t.send('b', { key }))) });
  const b = (t: Tiny) => {
    born.push(t.world.now / MS);
    return {
      start: () => void t.after(5 * MS, () => t.note(t.world.now / MS), 'life'),
      stopped: () => void stopped.push(t.world.now / MS),
      receive: () => {
        t.work(4 * MS, 'answer', () => void t.send('a', { direction: 1, name: 'reply' }));
        t.after(100 * MS, () => t.note(-1), 'long');
      },
    };
  };
  return { born, stopped, hosts: { a, b } };
};

describe('hosts', () => {
  it('stop: state, timers and work are lost, nothing is heard or said; on again it is a new one', () => {
    const { born, stopped, hosts } = lives();
    const trace = runTiny({ hosts, faults: [host('stop', 22, 45)] });
    expect([born, stopped]).toEqual([[0, 45], [22]]);
    // arrivals at 10, 20 | 30, 40 are lost | 50, 60, 70; the work begun at 20 would have ended at 24
    expect(linesOf(trace, 'link.pdu_dropped').map((l) => l.split(' ')[0])).toEqual(['30', '40']);
    expect(linesOf(trace, 'resource.done')).toEqual(['14 done b answer', '54 done b answer', '64 done b answer', '74 done b answer']);
    // its first timer fired before; the new one begins anew; the long ones of the first life never fire
    expect(linesOf(trace, 'tiny.noted')).toEqual(['5 noted b 5', '50 noted b 50', '150 noted b -1', '160 noted b -1', '170 noted b -1']);
    expect(linesOf(trace, 'fault.host_stopped', 'fault.host_started')).toEqual(['22 host_stopped 1', '45 host_started 1']);
    expect(trace.cause.at(eventOf(trace, 'timer.cancelled'))).toBe(eventOf(trace, 'fault.host_stopped'));
  });
  it('silent: nothing is heard or gets out, work and timers go on, and it is the same one afterwards', () => {
    const { born, stopped, hosts } = lives();
    const trace = runTiny({ hosts, faults: [host('silent', 22, 45)] });
    expect([born, stopped]).toEqual([[0], []]);
    expect(linesOf(trace, 'link.pdu_dropped').map((l) => l.replace(/#\d+ /, ''))).toEqual(['24 pdu_dropped host stopped', '30 pdu_dropped host stopped', '40 pdu_dropped host stopped']);
    expect(linesOf(trace, 'tiny.noted').map((l) => l.split(' ')[0])).toEqual(['5', '110', '120', '150', '160', '170']);
    expect(linesOf(trace, 'fault.host_silenced', 'fault.host_heard', 'fault.host_stopped', 'fault.host_started')).toEqual(['22 host_silenced 1', '45 host_heard 1']);
  });
  it('for good: no end is said', () => expect(linesOf(runTiny({ hosts: lives().hosts, faults: [host('stop', 22, null)] }), 'fault.host_started')).toEqual([]));
  it('two stops that overlap are one, from the first to the last', () => {
    const { born, stopped, hosts } = lives();
    const trace = runTiny({ hosts, faults: [host('stop', 22, 35), host('stop', 30, 45)] });
    expect([born, stopped]).toEqual([[0, 45], [22]]);
    expect(linesOf(trace, 'fault.host_stopped', 'fault.host_started')).toEqual(['22 host_stopped 1', '45 host_started 1']);
  });
  it('on again while still silent: it begins anew, unheard until the silence ends', () => {
    const { born, hosts } = lives();
    const trace = runTiny({ hosts, faults: [host('silent', 15, 55), host('stop', 22, 35)] });
    expect(born).toEqual([0, 35]);
    expect(linesOf(trace, 'link.pdu_dropped').map((l) => l.split(' ')[0])).toEqual(['20', '30', '40', '50']);
    expect(linesOf(trace, 'fault.host_heard')).toEqual(['55 host_heard 1']);
  });
  it('a stop at the very time of an arrival comes first', () => {
    const trace = runTiny({ hosts: lives().hosts, faults: [host('stop', 10, 11)] });
    expect(linesOf(trace, 'link.pdu_dropped')[0]).toBe('10 pdu_dropped #0 host stopped');
  });
});

describe('links', () => {
  it('down: what enters is lost there, what is on its way is lost where it would arrive', () => {
    const trace = sent(plain(14), [down(4, 12)]);
    // sent at 0 … 13: two would arrive while it is down, two on their way come through, the next eight do not enter
    expect(arrivalsOf(trace)).toEqual(['link down', 'link down', 12, 13, ...Array<string>(8).fill('link down'), 22, 23]);
    expect(trace.pdus.filter((p) => p.fate === Fate.linkDown).map((p) => p.fateAt / MS)).toEqual([10, 11, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(linesOf(trace, 'fault.link_down', 'fault.link_up')).toEqual(['4 link_down 0', '12 link_up 0']);
  });
  it('two that overlap are one', () => {
    const trace = sent(plain(12), [down(2, 6), down(4, 9)], { link: { latencyNs: [0, 0] } });
    expect(arrivalsOf(trace)).toEqual([0, 1, ...Array<string>(7).fill('link down'), 9, 10, 11]);
    expect(linesOf(trace, 'fault.link_down', 'fault.link_up')).toEqual(['2 link_down 0', '9 link_up 0']);
  });
});
