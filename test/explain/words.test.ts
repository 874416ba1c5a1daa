/** Every kind, parameter, timer, phase and error has words; no sentence shows a hole. */
import { describe, expect, it } from 'vitest';
import type { KindSet } from '../../src/model/kinds';
import { PHASES } from '../../src/model/request';
import { requestError } from '../../src/hosts/errors';
import { TLS_FAILURES } from '../../src/protocols/tls/errors';
import { UDP_KINDS } from '../../src/protocols/udp/stack';
import { PARAMS } from '../../src/scenario/params';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import type { Trace } from '../../src/model/trace';
import { captionAt, describeEvent, describePdu, describeTimer, en, errorPage, faultWords, noticeRows, summaryAt, transcript, whyRequest } from '../../src/explain';
import { indexTrace } from '../../src/trace';

const files = import.meta.glob<Record<string, unknown>>(['../../src/*/*/kinds.ts', '../../src/*/kinds.ts'], { eager: true });
const isSet = (x: unknown): x is KindSet => typeof x === 'object' && x !== null && 'prefix' in x && 'kinds' in x;
const sets: KindSet[] = [UDP_KINDS, ...Object.values(files).flatMap((file) => Object.values(file).filter(isSet))];
const names = sets.flatMap((set) => Object.entries(set.kinds).map(([key, spec]) => spec.words ?? `${set.prefix}.${key}`));

async function traces(): Promise<Trace[]> {
  const all: Trace[] = [];
  for (const id of ['first-visit', 'repeat-visit', 'lost-packet', 'slow-dns', 'tls-1.2-or-1.3']) {
    const scenario = await loadScenario(id);
    const runs = scenario.ok ? runScenario(scenario.value) : scenario;
    if (runs.ok) all.push(...runs.value.map((r) => r.trace));
  }
  expect(all.length).toBeGreaterThan(5);
  return all;
}
/** What a sentence shows when a name was missing. */
const HOLES = /undefined|NaN|null|\[object|\bthe the\b| {2}|’s ’s|\(\)|\.\.$|\s[.,;:]( |$)/;

describe('words', () => {
  it('exist for every kind of event', () => {
    expect(names.length).toBeGreaterThan(70);
    expect(names.filter((name) => typeof en.events[name] !== 'function')).toEqual([]);
  });
  it('exist for no kind that is not there', () => expect(Object.keys(en.events).filter((name) => !names.includes(name))).toEqual([]));
  it('exist for every parameter, with help', () => {
    expect(PARAMS.filter((p) => !en.params[p.words]?.name || !en.params[p.words]?.help).map((p) => p.words)).toEqual([]);
  });
  it('exist for every phase', () => expect(PHASES.filter((p) => !en.phases[p])).toEqual([]));
  it('exist for every error that a client can report', () => {
    const codes = ['EAI_NONAME', 'EAI_NODATA', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'CONNECT_TIMEOUT', 'ECONNRESET', 'EMPTY_RESPONSE', 'PARTIAL', 'H2_RESET', 'H2_REFUSED', 'H2_CLOSED', 'QUIC_IDLE', 'QUIC_ERROR', 'QUIC_PROTOCOL_ERROR', 'H3_ERROR', 'H3_RESET', 'H3_REFUSED', 'H3_CLOSED', 'BAD_URL', ...Object.keys(TLS_FAILURES)];
    expect(codes.filter((code) => !en.errors[requestError(code).text])).toEqual([]);
  });
  it('leave no hole in any sentence of any scenario', async () => {
    const bad: string[] = [];
    const check = (text: string): void => {
      if (HOLES.test(text.replaceAll('\u00a0', ' ')) || text === '') bad.push(text);
    };
    for (const trace of await traces()) {
      const index = indexTrace(trace);
      expect(trace.timers.filter((t) => !(t.name in en.timers)).map((t) => t.name)).toEqual([]);
      for (let e = 0; e < trace.kind.length; e++) check(describeEvent(index, e));
      for (const pdu of trace.pdus) check(describePdu(index, pdu));
      for (const span of index.timers) check(describeTimer(index, span));
      for (const r of trace.requests) for (const row of whyRequest(index, r.id)) check(`${row.name}: ${row.sentence}`);
      for (const pdu of index.lost) for (const row of noticeRows(index, pdu)) check(row.text);
      for (let i = 0; i <= 400; i++) {
        const t = Math.round((index.workEndNs * i) / 400);
        check(captionAt(index, t).text);
        for (const line of summaryAt(index, t)) check(line);
      }
    }
    expect([...new Set(bad)].slice(0, 10)).toEqual([]);
  });
  it('make a transcript in order of time, without bookkeeping unless asked', async () => {
    const index = indexTrace((await traces())[0]!);
    const told = transcript(index), all = transcript(index, true);
    expect(all.length).toBe(index.trace.kind.length);
    expect(told.length).toBeLessThan(all.length);
    for (let i = 1; i < told.length; i++) expect(told[i]!.time).toBeGreaterThanOrEqual(told[i - 1]!.time);
  });
});

describe('an error page', () => {
  it('has a headline, the browser’s name of it and curl’s line', () => {
    const request = { url: 'https://shop.example/a', error: requestError('ECONNREFUSED') } as Parameters<typeof errorPage>[0];
    expect(errorPage(request)).toMatchObject({
      title: 'This site can’t be reached', sentence: 'shop.example refused to connect.', code: 'ERR_CONNECTION_REFUSED',
      curl: 'curl: (7) Failed to connect to shop.example: Could not connect to server',
    });
  });
});

describe('faults in words', () => {
  it.each([
    [{ type: 'pdu', where: { from: 'edge', select: 'ServerHello' }, nth: 1, count: 1, verdict: { do: 'drop' } }, 'drop: ServerHello from edge, the 1st'],
    [{ type: 'pdu', where: { link: 'client' }, nth: 2, count: -1, verdict: { do: 'delay', by: 100e6 } }, 'delay by 100\u00a0ms: a packet on client, from the 2nd on'],
    [{ type: 'host', host: 'edge', verdict: 'silent', from: 5e6, until: null }, 'edge is silent from 5.0\u00a0ms'],
    [{ type: 'link', link: 'client', verdict: 'down', from: 0, until: 1e9 }, 'link client is down from 0.0\u00a0ms to 1000.0\u00a0ms'],
    [{ type: 'answer', host: 'auth', verdict: 'nxdomain', name: 'shop.example' }, 'auth answers nxdomain for shop.example'],
  ] as const)('%#', (fault, text) => expect(faultWords(fault)).toBe(text));
});
