/** What captions say of real runs is true of everything that is drawn; what is beside the path is told. */
import { describe, expect, it } from 'vitest';
import { besideRequest, captionAt, lossText, whyRequest, windowThatOpened } from '../../src/explain';
import { parseFaultText } from '../../src/scenario/fault-parse';
import { loadScenario } from '../../src/scenario/load';
import { runScenario } from '../../src/scenario/run';
import { indexTrace, type TraceIndex } from '../../src/trace';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
async function run(id: string, set: Record<string, string> = {}, fault?: string): Promise<TraceIndex> {
  const scenario = await loadScenario(id);
  const parsed = fault ? parseFaultText(fault) : null;
  if (parsed && !parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const runs = scenario.ok ? runScenario(scenario.value, { set, faults: parsed?.ok ? [parsed.value] : [] }) : scenario;
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return indexTrace(runs.value[0]!.trace);
}

describe('a lost SYN', () => {
  const DROP = 'drop(link=client,from=browser,select=SYN,transmission=1,at=0.5)';
  it('has one number, and the reason why it is not the textbook’s', async () => {
    const index = await run('first-visit', {}, DROP);
    const [syn] = index.lost;
    const text = plain(lossText(index, syn!));
    expect(text).toBe('SYN is lost. Nobody acts until the browser’s SYN timer fires, 1.03 s after it was set (1 s by RFC 6298; the kernel’s timer tick makes it 1.03 s).');
    for (const t of [syn!.fateAt, syn!.fateAt + 500e6]) expect(plain(captionAt(index, t).text)).toBe(text);
  });
  it('with exact timers needs no reason', async () => {
    const index = await run('first-visit', { 'stack.tcp.timerTick': '0 ms' }, DROP);
    expect(plain(lossText(index, index.lost[0]!))).toBe('SYN is lost. Nobody acts until the browser’s SYN timer fires, 1 s after it was set.');
  });
});

describe('a gap that the receiver tells of', () => {
  it('is acting: the browser asks, the server’s timer answers', async () => {
    const index = await run('lost-packet');
    expect(plain(captionAt(index, 262e6).text)).toBe('ServerHello (1 of 2) is lost. The browser asks for it at 251.5 ms; the web server acts at 316.0 ms: its reordering timer.');
  });
  it('a message on its way to its loss speaks before an acknowledgement', async () => {
    const index = await run('first-visit', {}, 'drop(link=client,from=browser,select=ClientHello,transmission=1,at=0.5)');
    expect(captionAt(index, index.lost[0]!.sentAt + 5e6).text).toMatch(/^ClientHello/);
  });
});

describe('beside the path', () => {
  it('the server’s think time is hidden behind the session tickets, until it is longer', async () => {
    const index = await run('first-visit');
    const [think] = besideRequest(index, 0);
    expect(think?.ns).toBe(40e6);
    expect(plain(think!.text)).toMatch(/^The web server makes \/orders\/42: 40 ms, hidden behind the way of session ticket/);
    expect(besideRequest(await run('first-visit', { 'network.hosts.edge.params.thinkTime': '200 ms' }), 0).some((b) => b.text.includes('/orders/42'))).toBe(false);
    // what is beside is no part of the sum
    const { endNs, startNs } = index.trace.requests[0]!;
    expect(whyRequest(index, 0).reduce((sum, r) => sum + r.ns, 0)).toBe(endNs - startNs);
  });
  it('names the window that opened', async () => {
    expect(windowThatOpened(await run('first-visit'), 0)).toBe('congestion');
    expect(windowThatOpened(await run('first-visit', { 'stack.tcp.initialWindow': '40' }), 0)).toBe('');
  });
});
