/** What is so at a moment, on a trace built by hand. */
import { describe, expect, it } from 'vitest';
import { hostOfEvent, inFlightAt, indexTrace, layerOf, messagesOf, partOf, requestsAt, resourceBusyAt, stateAt, timersAt } from '../../src/trace';
import { TraceBuilder } from '../support/trace-builder';
import { TCP_KINDS } from '../../src/protocols/tcp/kinds';
import { lostAnswer } from '../support/built-traces';

const MS = 1e6;

describe('states', () => {
  const { trace, client, server } = lostAnswer();
  const index = indexTrace(trace);
  it.each([[0, 'CLOSED'], [9.999999, 'CLOSED'], [10, 'SYN-SENT'], [90, 'SYN-SENT'], [91, 'ESTABLISHED']])('at %d ms the client is in %s', (ms, name) => {
    expect(stateAt(index, client, ms * MS)?.name).toBe(name);
  });
  it('an endpoint without moves has none', () => expect(stateAt(index, server, 50 * MS)).toBeNull());
  it('spans meet', () => {
    const spans = index.states[client]!;
    for (let i = 1; i < spans.length; i++) expect(spans[i]!.start).toBe(spans[i - 1]!.end);
  });
});

describe('packets in flight', () => {
  const { trace, syn, answer } = lostAnswer();
  const index = indexTrace(trace);
  it('enters, travels and is gone at its arrival', () => {
    const at = (ns: number) => inFlightAt(index, ns).find((f) => f.pdu === syn);
    expect(at(syn.sentAt - 1)).toBeUndefined();
    expect(at(syn.sentAt)).toMatchObject({ phase: 'entering', position: 0, head: 0 });
    expect(at(syn.sentAt + 32_000)).toMatchObject({ phase: 'travelling', position: 0 });
    expect(at(syn.sentAt + 32_000 + 10 * MS)!.position).toBe(0.25);
    expect(at(syn.sentAt + 32_000 + 10 * MS)!.head).toBeCloseTo(0.2508, 6);
    expect(at(syn.fateAt - 1)!.toGoNs).toBe(1);
    expect(at(syn.fateAt)).toBeUndefined();
  });
  it('a lost packet stands half-way when it is lost', () => {
    const last = inFlightAt(index, answer.fateAt - 1).find((f) => f.pdu === answer)!;
    expect(last.position).toBeCloseTo(0.5, 6);
    expect(inFlightAt(index, answer.fateAt).some((f) => f.pdu === answer)).toBe(false);
  });
  it('waits in the queue before its first bit', () => {
    const b = new TraceBuilder({ rate: 1e6, kinds: [TCP_KINDS] });
    const flow = b.flow('browser', 'edge');
    const first = b.send(flow, 0, 'data', { payload: 1210 }); // 10 ms on the wire
    const second = b.send(flow, 0, 'data', { payload: 1210, streamStart: 1210, queueMs: 10 });
    b.arrive(first);
    b.arrive(second);
    const at = inFlightAt(indexTrace(b.done()), 5 * MS);
    expect(at.map((f) => [f.pdu.id, f.phase])).toEqual([[first.id, 'entering'], [second.id, 'queued']]);
    expect(inFlightAt(indexTrace(b.done()), 15 * MS).map((f) => f.phase)).toEqual(['travelling', 'entering']);
  });
  it('agrees with a plain search at every millisecond', () => {
    for (let ms = 0; ms < 500; ms++) {
      const t = ms * MS;
      const plain = trace.pdus.filter((p) => p.sentAt <= t && (p.fateAt < 0 || t < p.fateAt)).map((p) => p.id);
      expect(inFlightAt(index, t).map((f) => f.pdu.id)).toEqual(plain);
    }
  });
});

describe('timers, requests, resources', () => {
  const { trace, request, rto, tlp, answer, get, server } = lostAnswer();
  const index = indexTrace(trace);
  it('a cancelled timer ends when it is cancelled', () => {
    const span = index.timers.find((s) => s.timer === rto)!;
    expect([span.start, span.outcome, span.armings[0]!.deadline]).toEqual([10 * MS, 'cancelled', 1010 * MS]);
  });
  it('a timer runs until it fires and says how long', () => {
    expect(timersAt(index, answer.sentAt + 50 * MS).map((x) => [x.span.name, x.toGoNs])).toEqual([['tlp', 200 * MS]]);
    expect(timersAt(index, answer.sentAt + 250 * MS)).toEqual([]);
    expect(index.timers.find((s) => s.timer === tlp)!.outcome).toBe('fired');
  });
  it('re-arming keeps the span and moves the deadline', () => {
    const b = new TraceBuilder({ kinds: [TCP_KINDS] });
    const timer = b.timer(b.endpoint('edge', 'transport', 'tcp'), 'rto');
    b.at(1).arm(timer, 201);
    b.at(50).arm(timer, 250);
    b.at(60).cancel(timer);
    const one = indexTrace(b.done());
    expect(one.timers.map((s) => [s.start, s.end, s.armings.length])).toEqual([[1 * MS, 60 * MS, 2]]);
    expect(timersAt(one, 49 * MS)[0]!.deadline).toBe(201 * MS);
    expect(timersAt(one, 50 * MS)[0]!.deadline).toBe(250 * MS);
  });
  it('knows the open request and its phase', () => {
    expect(requestsAt(index, 9 * MS)).toEqual([]);
    expect(requestsAt(index, 20 * MS)[0]!.phase!.phase).toBe('connect');
    expect(requestsAt(index, 200 * MS)[0]!.phase!.phase).toBe('wait');
    expect(requestsAt(index, request.endNs)).toEqual([]);
  });
  it('tells work that waits from work under way', () => {
    const edge = trace.endpoints[server]!.host;
    expect(resourceBusyAt(index, edge, get.fateAt + MS / 2)).toMatchObject({ busy: [], waiting: [{ what: 'handle the request' }] });
    expect(resourceBusyAt(index, edge, get.fateAt + 2 * MS)).toMatchObject({ busy: [{ what: 'handle the request' }], waiting: [] });
    expect(resourceBusyAt(index, edge, get.fateAt + 4 * MS).busy[0]!.what).toBe('make /a');
    expect(resourceBusyAt(index, edge, get.fateAt + 8 * MS)).toEqual({ busy: [], waiting: [] });
  });
});

describe('what a packet carries', () => {
  const { trace, syn, answer, get } = lostAnswer();
  const index = indexTrace(trace);
  it('names messages by the bytes it holds', () => {
    expect(messagesOf(index, syn)).toEqual([]);
    expect(messagesOf(index, get)).toEqual(['GET']);
    expect(messagesOf(index, answer)).toEqual(['200', 'body']);
    expect([layerOf(index, syn), layerOf(index, get)]).toEqual(['transport', 'http']);
  });
  it('numbers the segments of a flight', () => {
    const b = new TraceBuilder({ kinds: [TCP_KINDS] });
    const flow = b.flow('browser', 'edge');
    b.message(flow, 1, 'body', 3000);
    const sent = [0, 1000, 2000].map((streamStart) => b.send(flow, 1, 'data', { payload: 1000, streamStart }));
    for (const p of sent) b.arrive(p);
    const alone = b.send(flow, 0, 'ACK');
    b.arrive(alone);
    const one = indexTrace(b.done());
    expect(sent.map((p) => partOf(one, p))).toEqual([{ part: 1, of: 3 }, { part: 2, of: 3 }, { part: 3, of: 3 }]);
    expect(partOf(one, alone)).toBeNull();
  });
  it('does not number messages that only leave together', () => {
    const b = new TraceBuilder({ kinds: [TCP_KINDS] });
    const flow = b.flow('browser', 'edge');
    b.message(flow, 0, 'Finished', 74, 'security');
    b.message(flow, 0, 'GET', 100);
    const finished = b.send(flow, 0, 'data', { payload: 74, streamStart: 0 });
    const get = b.send(flow, 0, 'data', { payload: 100, streamStart: 74 });
    b.arrive(finished);
    b.arrive(get);
    const one = indexTrace(b.done());
    expect([partOf(one, finished), partOf(one, get)]).toEqual([null, null]);
  });
});

it('the host of an arrival is the receiver, of a loss the sender', () => {
  const { trace, syn, lossEvent, b } = lostAnswer();
  const index = indexTrace(trace);
  expect(hostOfEvent(index, syn.fateEvent)).toBe(b.host('edge'));
  expect(hostOfEvent(index, lossEvent)).toBe(b.host('edge'));
});
