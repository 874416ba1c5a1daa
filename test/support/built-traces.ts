/** Traces built by hand that several tests share. */
import { TCP_KINDS } from '../../src/protocols/tcp/kinds';
import type { Chart } from '../../src/model/chart';
import { TraceBuilder } from './trace-builder';

export const CHART: Chart = {
  id: 'tcp', initial: 'CLOSED', leaves: ['CLOSED', 'SYN-SENT', 'ESTABLISHED'], events: ['OPEN'], edges: [],
  states: ['CLOSED', 'SYN-SENT', 'ESTABLISHED'].map((key) => ({ key, parent: null, initial: null, leaf: true, final: false, spec: 'RFC 9293 §3.3.2', description: `In ${key}.` })),
};

/**
 * One request over a connection, 40 ms one way, 10 Mbit/s: SYN (32 µs on the wire), SYN-ACK, GET (100 B), the server
 * works 2 ms after 1 ms in its queue and thinks 5 ms, the answer's one segment (1,000 B) is lost half-way, a tail-loss probe
 * repeats it 250 ms after it was sent.
 */
export function lostAnswer() {
  const b = new TraceBuilder({ rate: 10e6, kinds: [TCP_KINDS] });
  const flow = b.flow('browser', 'edge');
  const client = b.endpoint('browser', 'transport', 'tcp', flow, CHART);
  const server = b.endpoint('edge', 'transport', 'tcp', flow, CHART);
  b.enter(client, -1, 0);
  const tlp = b.timer(server, 'tlp');
  const rto = b.timer(client, 'rto');
  b.think(client, 10, 'the user waits');
  const request = b.request('https://shop.example/a', client);
  b.phase(request, 'connect');
  b.enter(client, 0, 1);
  const syn = b.send(flow, 0, 'SYN', { flags: 2 }, client);
  b.arm(rto, 1010);
  b.arrive(syn);
  const synAck = b.send(flow, 1, 'SYN-ACK', { flags: 18 }, server);
  b.arrive(synAck);
  b.cancel(rto);
  b.enter(client, 1, 2);
  b.note('tcp.connection_opened', client, flow.id);
  b.phase(request, 'wait');
  request.flow = flow.id;
  b.message(flow, 0, 'GET', 100);
  const get = b.send(flow, 0, 'data', { payload: 100 }, client);
  b.arrive(get);
  b.work(server, 2, 'handle the request', 1);
  b.think(server, 5, 'make /a');
  b.message(flow, 1, '200', 200);
  b.message(flow, 1, 'body', 800);
  const answer = b.send(flow, 1, 'data', { payload: 1000 }, server);
  b.arm(tlp, b.now / 1e6 + 250);
  const lossEvent = b.lose(answer, 0.5);
  b.at(answer.sentAt / 1e6 + 250);
  b.fire(tlp);
  b.note('tcp.probe_sent', server, flow.id, 1, 0);
  const again = b.send(flow, 1, 'data', { payload: 1000, transmission: 2 }, server);
  b.arrive(again);
  b.finish(request);
  b.at(b.now / 1e6 + 10);
  b.note('state.entered', client, client, 2, 0);
  return { b, trace: b.done(), flow, client, server, request, syn, synAck, get, answer, again, tlp, rto, lossEvent };
}
