/** The PostgreSQL protocol in packets: whole exchanges read back, in the clear and inside TLS that begins in the middle of a connection. */
import { describe, expect, it } from 'vitest';
import { dissect, wireOf } from '../../src/export/wire';
import type { DissectionNode } from '../../src/model/dissection';
import { decodePg, type PgMessage } from '../../src/protocols/postgres-wire/codec';
import { catalogueRuns, traceOf } from './runs';

const plain = traceOf((await catalogueRuns('whole-chain'))[0]!);
const secure = traceOf((await catalogueRuns('whole-chain', { 'stack.postgres.ssl': 'on', 'stack.postgres.sslMode': 'require' }))[0]!);
const flat = (nodes: readonly DissectionNode[]): DissectionNode[] => nodes.flatMap((n) => [n, ...flat(n.children)]);

describe.each([{ name: 'in the clear', trace: plain }, { name: 'inside TLS', trace: secure }])('$name', ({ trace }) => {
  const messages = trace.messages.filter((m) => m.protocol === 'postgres');
  it('every message reads back as what was said', () => {
    expect(messages.length).toBeGreaterThan(15);
    let answered = false;
    for (const m of messages) {
      const body = m.body as PgMessage;
      const after = body.name === 'SSLRequest' || body.name === 'StartupMessage' ? 'start' : body.name === 'SSLResponse' ? 'ssl' : body.name === 'SASLResponse' ? 'sasl' : '';
      const read = decodePg(wireOf(trace).message(m), m.direction === 0 ? 'frontend' : 'backend', after);
      expect(read.ok && read.value.name).toBe(body.name);
      answered ||= body.name === 'DataRow';
    }
    expect(answered).toBe(true);
  });
  it('packets show statements and rows at their places', () => {
    const found = trace.pdus.flatMap((p) => {
      const d = dissect(trace, p.id);
      return flat(d.nodes).filter((n) => n.layer === 'storage').map((n) => ({ n, d }));
    });
    const query = found.find(({ n }) => n.name === 'Query string')!;
    expect(query.n.value).toMatch(/^SELECT .* FROM /i);
    const bytes = query.n.buffer < 0 ? query.d.bytes : query.d.plain[query.n.buffer]!;
    expect(Buffer.from(bytes.subarray(query.n.start, query.n.end)).toString()).toBe(`${query.n.value}\0`);
    expect(query.n.buffer >= 0).toBe(trace === secure);
    const names = new Set(found.map(({ n }) => n.name));
    for (const name of ['StartupMessage', 'SASLInitialResponse', 'client-final-message', 'ParameterStatus', 'RowDescription', 'Column', 'DataRow', 'Column 1', 'CommandComplete', 'Transaction status']) expect(names).toContain(name);
    expect(found.filter(({ n }) => n.name === 'content').map(({ n }) => n.value)).toEqual([]);
  });
});
it('TLS begins behind the one byte of the answer, with a second hello, and its keys are in the log', () => {
  const answer = secure.messages.find((m) => m.name === 'SSLResponse S')!;
  const hello = secure.flows[answer.flow]!.content[1].messages[1]!;
  expect([answer.start, answer.end, hello.start, hello.name]).toEqual([0, 1, 1, 'HelloRetryRequest']);
  const lines = (trace: typeof plain): number => wireOf(trace).keyLog().split('\n').length - 1;
  expect(lines(secure) - lines(plain)).toBe(5);
});
