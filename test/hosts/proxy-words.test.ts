/** Every sentence about a run through a reverse proxy is whole: events, timers, packets, why, captions. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/model/fault';
import { captionAt, describeEvent, describePdu, describeTimer, en, summaryAt, whyRequest } from '../../src/explain';
import { indexTrace } from '../../src/trace';
import { runProxy, type ProxyOptions } from '../support/proxy';

const HOLES = /undefined|NaN|null|\[object|\bthe the\b| {2}|’s ’s|\(\)|\.\.$|\s[.,;:]( |$)/;
/** A reason that the catalogue does not know shows as the trace's own word. */
const CODE = /[A-Z]{6,}/;
const silent: Fault = { type: 'host', host: 'a', verdict: 'silent', from: 95e6, until: null };
const runs: [string, ProxyOptions][] = [
  ['kept connections, reused and dropped', { visits: ['/app', ['/app', 500], ['/app', 500]], profile: 'browser', proxy: { proxyCost: 1e6, upstreamKeepalive: 1 } }],
  ['refused, next server, marked down', { visits: ['/app'], servers: ['a', 'b'], group: { balance: 'random-two' }, faults: [{ type: 'answer', host: 'a', verdict: 'refuse-connections' }, { type: 'answer', host: 'b', verdict: 'refuse-connections' }] }],
  ['read time-out', { visits: ['/app'], site: { '/app': { file: false, think: 300e9 } } }],
  ['cut short', { visits: ['/app'], site: { '/app': { file: false, bytes: 300_000 } }, faults: [silent] }],
  ['the client leaves, and the answer is kept', { visits: ['/app', ['/app', 4000]], profile: 'curl', maxTimeMs: 1000, site: { '/app': { file: false, think: 2e9, maxAge: 60 } }, proxy: { proxyCache: true } }],
  ['the client leaves before an upstream is asked', { visits: ['/app'], profile: 'curl', maxTimeMs: 1000, proxy: { proxyCost: 2e9 } }],
  ['a file that two workers want, from disk', { visits: ['/big', '/big'], profile: 'browser', routes: [], proxy: { site: { '/big': { bytes: 50_000, type: 'image/webp', think: 0, links: [], maxAge: -1, file: true } }, pageCache: 'cold', fileRead: 8e6, workerProcesses: 2 } }],
  ['the client leaves', { visits: ['/app'], profile: 'curl', maxTimeMs: 1000, site: { '/app': { file: false, think: 5e9 } } }],
];

describe.each(runs)('%s', (_name, o) => {
  it('has no hole', () => {
    const trace = runProxy(o);
    const index = indexTrace(trace);
    const bad: string[] = [];
    const check = (text: string): void => {
      if (HOLES.test(text.replaceAll('\u00a0', ' ')) || text === '') bad.push(text);
    };
    expect(trace.timers.filter((t) => /^(proxy|upstream)/.test(t.name) && !(t.name in en.timers)).map((t) => t.name)).toEqual([]);
    for (let e = 0; e < trace.kind.length; e++) {
      const text = describeEvent(index, e);
      check(text);
      if (trace.kinds[trace.kind.at(e)]!.name.startsWith('proxy.') && CODE.test(text)) bad.push(text);
    }
    for (const pdu of trace.pdus) check(describePdu(index, pdu));
    for (const span of index.timers) check(describeTimer(index, span));
    for (const r of trace.requests) for (const row of whyRequest(index, r.id)) check(`${row.name}: ${row.sentence}`);
    for (let i = 0; i <= 100; i++) {
      const t = Math.round((index.workEndNs * i) / 100);
      check(captionAt(index, t).text);
      for (const line of summaryAt(index, t)) check(line);
    }
    expect([...new Set(bad)].slice(0, 5)).toEqual([]);
  });
});
