/** A server of HTTP/3 and what comes on the control stream about requests: before them, after them, about none. */
import { describe, expect, it } from 'vitest';
import type { HttpServerOwner, ServerResponse } from '../../../src/model/http/exchange';
import type { H3Frame } from '../../../src/model/http3/frame';
import { QpackEncoder, STATIC_ONLY } from '../../../src/model/http3/qpack-encoder';
import type { MultiplexedStream, Multiplexer, MultiplexerHandler } from '../../../src/model/multiplexer';
import type { StreamOrder } from '../../../src/model/stream-order';
import { StreamContent, type Message, type StreamHandler } from '../../../src/model/stream';
import type { World } from '../../../src/model/world';
import { Http3Server } from '../../../src/protocols/http3/server';

/** A connection of which the test is the peer. */
function server(priorities: HttpServerOwner['priorities']) {
  const orders: string[] = [], noted: unknown[] = [];
  let closed = -1;
  const message = (body: unknown): Message => ({ body, bytes: 10, name: '', start: 0, end: 0 }) as unknown as Message;
  const world = { kinds: () => new Proxy({}, { get: (_, name) => name }), endpoint: () => 0, text: (s: string) => s, now: 0, message: (m: object) => ({ ...m }), note: (...args: unknown[]) => void noted.push(args) } as unknown as World;
  const content = new Map<number, StreamContent>();
  const stream = (id: number): MultiplexedStream & { handler: StreamHandler } => {
    const own = new StreamContent();
    content.set(id, own);
    return {
      id, side: 1, oneWay: (id & 2) !== 0, own: false, flow: { id, content: [own, new StreamContent()] }, handler: null, write() {}, shutdown() {}, stopReading() {}, reset() {},
      setOrder: ({ rank, shares }: StreamOrder) => orders.push(`${id}: ${rank}${shares ? ' shares' : ''}`) > 0,
    } as unknown as MultiplexedStream & { handler: StreamHandler };
  };
  const transport = { flow: { id: 0, name: '' }, side: 1, open: () => null, close: (error: number) => void (closed = error) } as unknown as Multiplexer;
  const answer: ServerResponse = { head: { status: 200, type: 'text/plain', length: 5, file: false, maxAge: -1, keepAlive: true }, links: [] };
  new Http3Server(world, 0, transport, { keepAliveTimeout: 0, headerTimeout: 0, ...(priorities ? { priorities } : {}), handle: (_request, respond) => respond(answer) });
  const handler = transport.handler as MultiplexerHandler;
  const control = stream(2);
  handler.incoming(control);
  const hear = (s: MultiplexedStream & { handler: StreamHandler }, body: unknown): void => {
    content.get(s.id)!.append(message(body));
    s.handler.received(content.get(s.id)!.length);
  };
  hear(control, { streamType: 'control', frame: { type: 'SETTINGS', settings: [] } });
  return {
    orders, noted, closed: () => closed,
    update: (prioritized: number, value: string) => hear(control, { frame: { type: 'PRIORITY_UPDATE', prioritized, value } satisfies H3Frame }),
    request(id: number, priority?: string) {
      const s = stream(id);
      handler.incoming(s);
      hear(s, { frame: { type: 'HEADERS', section: new QpackEncoder(STATIC_ONLY).encode(id, [[':method', 'GET']]).section }, head: { method: 'GET', path: '/', priority } });
      s.handler.ended();
    },
  };
}

describe('PRIORITY_UPDATE', () => {
  it('about a request that is there changes its order', () => {
    const s = server('rfc9218');
    s.request(0, 'u=5');
    s.update(0, 'u=1, i');
    expect(s.orders).toEqual(['0: 5', '0: 1 shares']);
    expect(s.noted).toContainEqual(['priority_changed', 0, 0, 0, 'u=1, i']);
  });
  it('that overtakes its request is kept, and what came last counts', () => {
    const s = server('rfc9218');
    s.update(4, 'u=2');
    s.update(4, 'u=1, i');
    s.request(0);
    s.request(4, 'u=6');
    expect(s.orders).toEqual(['0: 3', '4: 1 shares']);
    expect(s.noted.flat()).not.toContain('priority_changed');
  });
  it('about what no client may ask for ends the connection (H3_ID_ERROR)', () => {
    const s = server('rfc9218');
    s.update(2, 'u=1');
    expect(s.closed()).toBe(0x108);
  });
  it('means nothing to a server that goes by nothing, as nginx', () => {
    for (const scheme of ['rfc7540', 'ignored', undefined] as const) {
      const s = server(scheme);
      s.update(0, 'u=1');
      s.request(0, 'u=0');
      s.update(0, 'u=2');
      expect(s.orders).toEqual([]);
    }
  });
});
