/** The stub resolver against glibc's send_dg (resolv/res_send.c): what it asks when answers are lost or rejected, and what it tells. */
import { describe, expect, it } from 'vitest';
import { Machine } from '../../../src/machines/table';
import type { Fault, PduSelector } from '../../../src/model/fault';
import { stubRules, type StubContext, type StubEvent } from '../../../src/protocols/dns/stub-rules';
import { stubTable } from '../../../src/protocols/dns/stub-table.gen';
import { datagramsOf, lookUpsOf, rr, runNames } from '../../support/names';
import { eventsOf } from '../../support/web';

const LOCAL = { 'lab.test': [rr('www.lab.test', 'A', '10.0.0.2')] };
const lose = (where: PduSelector, nth = 1, count = -1): Fault => ({ type: 'pdu', where: { protocol: 'udp', ...where }, nth, count, verdict: { do: 'drop' } });
const rejecting = (verdict: 'servfail' | 'refused'): Fault => ({ type: 'answer', host: 'names', verdict });
const look = (faults: readonly Fault[], both = true, local = LOCAL) => {
  const trace = runNames({ both, local, faults });
  return { asked: datagramsOf(trace, 'client').map((line) => line.replace(/ names| www\.lab\.test/g, '')), ended: lookUpsOf(trace)[0], trace };
};

describe('one of two answers is missing', () => {
  it('once: one question after the other, on the same socket', () => {
    const { asked, ended } = look([lose({ select: 'query A' }, 1, 1)]);
    expect(asked).toEqual(['0 #1 A', '0 #1 AAAA', '5000 #1 A', '5010 #1 AAAA']);
    expect(ended).toBe('5020 ok');
  });
  it('after a silent attempt: the last attempt still goes on in turn', () => {
    const { asked, ended } = look([lose({ from: 'client' }, 1, 3)]);
    expect(asked).toEqual(['0 #1 A', '0 #1 AAAA', '5000 #1 A', '5000 #1 AAAA', '10000 #1 A', '10010 #1 AAAA']);
    expect(ended).toBe('10020 ok');
  });
  it('always AAAA: in turn, then with a new socket for each, then the one answer does', () => {
    const { asked, ended } = look([lose({ select: 'query AAAA' })]);
    expect(asked).toEqual(['0 #1 A', '0 #1 AAAA', '5000 #1 A', '5010 #1 AAAA', '10000 #2 A', '10010 #3 AAAA']);
    expect(ended).toBe('15000 ok');
  });
  it('always AAAA, of a name without addresses: the one answer is an answer too', () => {
    expect(look([lose({ select: 'query AAAA' })], true, { 'lab.test': [rr('www.lab.test', 'NS', 'x.test')] as never }).ended).toBe('15000 EAI_NODATA');
  });
  it('always A: nothing comes when A is asked first, so each attempt ends in silence', () => {
    const { asked, ended } = look([lose({ select: 'query A' })]);
    expect(asked).toEqual(['0 #1 A', '0 #1 AAAA', '5000 #1 A', '10000 #1 A']);
    expect(ended).toBe('15000 EAI_AGAIN');
  });
  it('both answers count within the time that began with the first question', () => {
    const { asked, ended } = look([lose({ select: 'query AAAA' }, 1, 2)]);
    expect(asked.slice(4)).toEqual(['10000 #2 A', '10010 #3 AAAA']);
    expect(ended).toBe('10020 ok');
  });
});

describe('the server rejects the question', () => {
  it.each(['servfail', 'refused'] as const)('%s to both: the next attempt begins at once', (verdict) => {
    const { asked, ended } = look([rejecting(verdict)]);
    expect(asked).toEqual(['0 #1 A', '0 #1 AAAA', '10 #1 A', '10 #1 AAAA']);
    expect(ended).toBe('20 EAI_AGAIN');
  });
  it('to a single question: the next attempt has a new socket', () => {
    const { asked, ended } = look([rejecting('servfail')], false);
    expect(asked).toEqual(['0 #1 A', '10 #2 A']);
    expect(ended).toBe('20 EAI_AGAIN');
  });
  it('once, the other answer lost: counts as silence', () => {
    const { asked, ended } = look([rejecting('servfail'), lose({ select: 'query AAAA' })]);
    expect(asked).toEqual(['0 #1 A', '0 #1 AAAA', '5000 #1 A', '5000 #1 AAAA']);
    expect(ended).toBe('10000 EAI_AGAIN');
  });
});

it('silence throughout: two attempts of both', () => {
  const { asked, ended } = look([lose({ from: 'client' })]);
  expect(asked).toEqual(['0 #1 A', '0 #1 AAAA', '5000 #1 A', '5000 #1 AAAA']);
  expect(ended).toBe('10000 EAI_AGAIN');
});
it('the first of two answers after a silent attempt is no input that the machine ignores', () => {
  const { trace, ended } = look([lose({ from: 'client' }, 1, 2)]);
  expect(ended).toBe('5010 ok');
  expect(eventsOf(trace, 'state.input_ignored')).toEqual([]);
});

describe('machine', () => {
  const machine = new Machine<StubContext, StubEvent>(stubTable, stubRules);
  const transcript = (attempt: number, reopened: boolean): string => {
    const { leaves, events } = stubTable.chart;
    return leaves.map((leaf, state) => {
      const heard: string[] = [], ignored: string[] = [];
      events.forEach((type, event) => {
        const instance = { state }, did: string[] = [];
        const host = { effect: (e: number) => void did.push(stubTable.effects[e]!), armDelay() {}, cancelDelay() {}, moved() {}, ignored() {} };
        if (!machine.step(instance, { attempt, attempts: 2, reopened }, event, { type }, host)) ignored.push(type);
        else heard.push(`< ${type}${did.map((d) => ` > ${d}`).join('')}${instance.state === state ? '' : ` = ${leaves[instance.state]}`}`);
      });
      return [leaf, ...heard, `! ${ignored.join(' ')}`].join('\n  ');
    }).join('\n');
  };
  it('first attempt', () => {
    expect(transcript(1, false)).toMatchInlineSnapshot(`
      "IDLE
        < LOOK_UP > askBoth = ASKED BOTH
        ! ANSWERED ALL_ANSWERED SERVER_REFUSED SILENCE TIMEOUT
      ASKED BOTH
        < ANSWERED
        < ALL_ANSWERED > tellAnswer = DONE
        < SERVER_REFUSED > askBoth
        < SILENCE > askBoth
        < TIMEOUT > askInTurn = ASKED AGAIN
        ! LOOK_UP
      ASKED AGAIN
        < ANSWERED > askNext
        < ALL_ANSWERED > tellAnswer = DONE
        < SERVER_REFUSED > askInTurn
        < SILENCE > askInTurn
        < TIMEOUT > askInTurn
        ! LOOK_UP
      DONE
        ! LOOK_UP ANSWERED ALL_ANSWERED SERVER_REFUSED SILENCE TIMEOUT"
    `);
  });
  it('last attempt, a socket for each question', () => {
    expect(transcript(2, true)).toMatchInlineSnapshot(`
      "IDLE
        < LOOK_UP > askBoth = ASKED BOTH
        ! ANSWERED ALL_ANSWERED SERVER_REFUSED SILENCE TIMEOUT
      ASKED BOTH
        < ANSWERED
        < ALL_ANSWERED > tellAnswer = DONE
        < SERVER_REFUSED > tellFailure = DONE
        < SILENCE > tellFailure = DONE
        < TIMEOUT > askInTurn = ASKED AGAIN
        ! LOOK_UP
      ASKED AGAIN
        < ANSWERED > askNext
        < ALL_ANSWERED > tellAnswer = DONE
        < SERVER_REFUSED > tellFailure = DONE
        < SILENCE > tellFailure = DONE
        < TIMEOUT > tellAnswer = DONE
        ! LOOK_UP
      DONE
        ! LOOK_UP ANSWERED ALL_ANSWERED SERVER_REFUSED SILENCE TIMEOUT"
    `);
  });
});
