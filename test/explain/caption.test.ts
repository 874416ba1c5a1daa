/** The caption of a moment: the important truth, in one sentence. */
import { describe, expect, it } from 'vitest';
import { captionAt, noticeRows, packetLabel, whyRequest } from '../../src/explain';
import { indexTrace, stepsOf } from '../../src/trace';
import { TCP_KINDS } from '../../src/protocols/tcp/kinds';
import { BROWSER_KINDS } from '../../src/hosts/kinds';
import { requestError } from '../../src/hosts/errors';
import { lostAnswer } from '../support/built-traces';
import { TraceBuilder } from '../support/trace-builder';

const MS = 1e6;
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('a lost answer', () => {
  const { trace, syn, answer, again, get, lossEvent, request } = lostAnswer();
  const index = indexTrace(trace);
  const at = (t: number) => {
    const { text, tone } = captionAt(index, t);
    return `${tone}: ${plain(text)}`;
  };
  it('before anything happens', () => expect(at(4 * MS)).toBe('normal: Nothing has happened yet; it begins in 6 ms.'));
  it('a message on its way, and how long it has to go', () => expect(at(syn.sentAt + 18 * MS + 32_000)).toBe('normal: SYN is on its way to the edge: 22 ms to go.'));
  it('a queue', () => expect(at(get.fateAt + MS / 2)).toBe('wait: The edge is busy; what waits: it handles the request.'));
  it('work', () => expect(at(get.fateAt + 2 * MS)).toBe('normal: The edge handles the request: 2 ms of CPU.'));
  it('a think time', () => expect(at(get.fateAt + 5 * MS)).toBe('wait: The edge makes /a: 3 ms to go.'));
  it('before the loss the packet is simply on its way', () => expect(at(answer.sentAt + 5 * MS)).toMatch(/^normal: 200, page body is on its way/));
  it('who acts first, and by which timer', () => {
    const said = 'failure: 200 is lost. Nobody acts until the edge’s tail-loss probe timer fires, 250 ms after it was set.';
    expect(at(answer.fateAt)).toBe(said);
    expect(at(answer.fateAt + 200 * MS)).toBe(said);
    expect(captionAt(index, answer.fateAt)).toMatchObject({ pdu: answer.id, events: [lossEvent, expect.any(Number)] });
  });
  it('the repeat', () => expect(at(again.sentAt + 30 * MS)).toBe('normal: 200, page body again (×2) is on its way to the browser: 10.8 ms to go.'));
  it('the end', () => expect(at(request.endNs + MS)).toMatch(/^normal: The page is loaded: one request in/));
  it('an event that was stepped to speaks for itself', () => {
    const caption = captionAt(index, answer.fateAt, { event: lossEvent });
    expect(plain(caption.text)).toBe('200, page body from the edge is dropped.');
    for (const event of stepsOf(index, request.id)) expect(captionAt(index, 0, { event }).text).not.toBe('');
  });
  it('is a function of the moment alone', () => {
    const forwards = Array.from({ length: 200 }, (_, i) => captionAt(index, i * 2 * MS).text);
    const fresh = indexTrace(lostAnswer().trace);
    const backwards = Array.from({ length: 200 }, (_, i) => captionAt(fresh, (199 - i) * 2 * MS).text).reverse();
    expect(backwards).toEqual(forwards);
  });
  it('says who notices', () => {
    expect(noticeRows(index, answer).map((r) => `${r.first ? '*' : ''}${r.text}`)).toEqual([
      '*the edge’s tail-loss probe timer fires', 'the edge sends it again', 'it arrives at the browser after all',
    ]);
    expect(noticeRows(index, get)).toEqual([]);
  });
  it('labels strokes', () => expect([syn, get, again].map((p) => packetLabel(index, p))).toEqual(['SYN', 'GET', '200, page body again (×2)']));
  it('explains where the time went', () => {
    expect(whyRequest(index, request.id).map((r) => `${r.name} | ${plain(r.formula)} | ${r.ns / MS}`)).toMatchInlineSnapshot(`
      [
        "Putting bits on the wire | 1260 B ÷ 10 Mbit/s | 1.008",
        "TCP handshake | 2 × 40 ms | 80",
        "The way browser – edge | 2 × 40 ms | 80",
        "Queue at the edge | 1 ms | 1",
        "CPU of the edge | 2 ms | 2",
        "The edge prepares the answer | 5 ms | 5",
        "The edge’s tail-loss probe timer | set for 250 ms | 250",
      ]
    `);
  });
});

describe('a failure', () => {
  it('says what the user sees', () => {
    const b = new TraceBuilder({ kinds: [TCP_KINDS, BROWSER_KINDS] });
    const client = b.endpoint('browser', 'http', 'browser');
    const request = b.request('https://shop.example/', client);
    b.at(20);
    b.then('page.request_failed', client, request.id, b.text('EAI_NONAME'));
    b.finish(request, null, requestError('EAI_NONAME'));
    b.at(30);
    expect(captionAt(indexTrace(b.done()), 25 * MS)).toMatchObject({
      tone: 'failure', text: 'There is no address for shop.example. The user sees ERR_NAME_NOT_RESOLVED.', request: request.id,
    });
  });
});

describe('a loss that nobody repairs', () => {
  it('says so', () => {
    const b = new TraceBuilder({ kinds: [TCP_KINDS] });
    const flow = b.flow('browser', 'edge');
    const client = b.endpoint('browser', 'transport', 'tcp', flow);
    b.request('https://shop.example/', client);
    const fin = b.send(flow, 0, 'FIN', { flags: 17 }, client);
    b.lose(fin);
    b.at(100);
    expect(captionAt(indexTrace(b.done()), 0)).toMatchObject({ tone: 'failure', text: 'FIN is lost, and nobody needs it again.', pdu: fin.id });
  });
});
