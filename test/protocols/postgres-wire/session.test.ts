/** Sessions on a link of 40 ms RTT: who says what, how many round trips it takes, what errors look like. */
import { describe, expect, it } from 'vitest';
import type { MakeRunner } from '../../../src/hosts/database';
import { describeEvent } from '../../../src/explain';
import type { SqlError, Statement } from '../../../src/model/statement';
import { decodePg, encodePg, type PgMessage } from '../../../src/protocols/postgres-wire/codec';
import { indexTrace } from '../../../src/trace';
import { pgPackets, pgRun, pgTranscript, type PgRunOptions } from '../../support/psql-host';

const SQL = 'SELECT v FROM t WHERE id = 4242;';
const TLS: PgRunOptions = { server: { postgres: { ssl: true } }, stack: { sslMode: 'require' } };
const TRUST = { authentication: 'trust', sslMode: 'disable' };
/** When the session was ready, in round trips of 40 ms from the start. */
const trips = (o: PgRunOptions): number => Number(/^\d+/.exec(pgRun(o).heard.find((h) => h.endsWith('ready'))!)![0]) / 40;
const failing = (error: SqlError): MakeRunner => () => ({ run: (_s, respond) => respond({ error }) });

describe('round trips to readiness, TCP included', () => {
  it.each([
    ['trust, TLS not asked for', { stack: TRUST }, 2],
    ['trust, TLS refused', { stack: { authentication: 'trust' } }, 3],
    ['SCRAM, TLS not asked for', { stack: { sslMode: 'disable' } }, 4],
    ['SCRAM, TLS refused', {}, 5],
    ['SCRAM over TLS 1.3 with a retry for P-256', TLS, 7],
    ['SCRAM over TLS 1.3 at a server that takes X25519', { ...TLS, server: { postgres: { ssl: true }, tls: { curves: 'auto' } } }, 6],
    ['SCRAM over TLS 1.2', { ...TLS, server: { postgres: { ssl: true }, tls: { version: '1.2' } } }, 7],
  ] as [string, PgRunOptions, number][])('%s: %#', (_, o, n) => expect(trips(o)).toBe(n));
});

describe('a session', () => {
  it('trust and the simple protocol', () => {
    const run = pgRun({ stack: TRUST, client: { statements: [SQL] } });
    expect(run.heard).toEqual(['80 ready', '120 SELECT 1 I rows 1 bytes 61']);
    expect(pgTranscript(run, 'client')).toMatchInlineSnapshot(`"= STARTED = AWAITING_RESPONSE > StartupMessage < AuthenticationOk = AUTH_OK < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < BackendKeyData < ReadyForQuery = IDLE = BUSY > Query < RowDescription < rows 1 < CommandComplete < ReadyForQuery = IDLE = CLOSED > Terminate"`);
    expect(pgTranscript(run, 'db')).toMatchInlineSnapshot(`"= START < StartupMessage = STARTUP = INITIALISING = IDLE > AuthenticationOk > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > BackendKeyData > ReadyForQuery < Query = ACTIVE = IDLE > RowDescription > rows 1 > CommandComplete > ReadyForQuery < Terminate = CLOSED"`);
    expect(pgPackets(run)).toMatchInlineSnapshot(`
      [
        "c2s 54 StartupMessage",
        "s2c 410 AuthenticationOk, ParameterStatus, BackendKeyData, ReadyForQuery",
        "c2s 38 Query",
        "s2c 61 RowDescription, DataRow, CommandComplete, ReadyForQuery",
        "c2s 5 Terminate",
      ]
    `);
  });
  it('SCRAM over TLS: the plain prologue, then everything in records', () => {
    const run = pgRun({ ...TLS, client: { statements: [SQL] } });
    expect(pgTranscript(run, 'client')).toMatchInlineSnapshot(`"= STARTED = SSL_STARTUP > SSLRequest < SSLResponse = AWAITING_RESPONSE > StartupMessage < AuthenticationSASL = SASL_CONTINUE > SASLInitialResponse < AuthenticationSASLContinue = SASL_FINAL > SASLResponse < AuthenticationSASLFinal = AWAITING_RESPONSE < AuthenticationOk = AUTH_OK < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < ParameterStatus < BackendKeyData < ReadyForQuery = IDLE = BUSY > Query < RowDescription < rows 1 < CommandComplete < ReadyForQuery = IDLE = CLOSED > Terminate"`);
    expect(pgTranscript(run, 'db')).toMatchInlineSnapshot(`"= START < SSLRequest = SSL_STARTUP > SSLResponse < StartupMessage = STARTUP = SASL_INITIAL > AuthenticationSASL < SASLInitialResponse = SASL_RESPONSE > AuthenticationSASLContinue < SASLResponse = INITIALISING = IDLE > AuthenticationSASLFinal > AuthenticationOk > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > ParameterStatus > BackendKeyData > ReadyForQuery < Query = ACTIVE = IDLE > RowDescription > rows 1 > CommandComplete > ReadyForQuery < Terminate = CLOSED"`);
    expect(pgPackets(run)).toMatchInlineSnapshot(`
      [
        "c2s 8 SSLRequest",
        "s2c 1 SSLResponse S",
        "c2s 293 ClientHello",
        "s2c 99 HelloRetryRequest, ChangeCipherSpec",
        "c2s 332 ChangeCipherSpec, ClientHello",
        "s2c 1448 ServerHello, EncryptedExtensions, Certificate, CertificateVerify, Finished",
        "s2c 65 Finished",
        "c2s 74 Finished",
        "c2s 76 StartupMessage",
        "s2c 65 AuthenticationSASL",
        "c2s 103 SASLInitialResponse",
        "s2c 115 AuthenticationSASLContinue",
        "c2s 203 SASLResponse",
        "s2c 487 AuthenticationSASLFinal, AuthenticationOk, ParameterStatus, BackendKeyData, ReadyForQuery",
        "c2s 60 Query",
        "s2c 83 RowDescription, DataRow, CommandComplete, ReadyForQuery",
        "c2s 27 Terminate",
        "c2s 24 alert close_notify",
        "s2c 24 alert close_notify",
      ]
    `);
  });
  it('nothing is ignored by either end in an ordinary session', () => {
    for (const o of [{ stack: TRUST }, {}, TLS]) {
      for (const queryMode of ['simple', 'extended', 'prepared']) {
        const run = pgRun({ ...o, stack: { ...o.stack, queryMode } as Record<string, string>, client: { statements: [SQL, SQL, ''] } });
        expect(pgTranscript(run, 'client') + pgTranscript(run, 'db')).not.toContain('!');
        expect(run.trace.outcome).toBe('ok');
      }
    }
  });
  it('what is on the wire can be made and read again, message by message', () => {
    const { trace } = pgRun({ ...TLS, client: { statements: [SQL, { sql: 'SELECT $1', parameters: ['x', null, 5] }] } });
    const messages = trace.messages.filter((m) => m.protocol === 'postgres');
    expect(messages.length).toBeGreaterThan(30);
    for (const m of messages) {
      const body = m.body as PgMessage;
      const bytes = encodePg(body);
      expect(m.bytes, m.name).toBe(bytes.length);
      const after = body.name === 'SSLRequest' || body.name === 'StartupMessage' ? 'start' : body.name === 'SASLResponse' ? 'sasl' : body.name === 'SSLResponse' ? 'ssl' : '';
      const back = decodePg(bytes, m.direction === 0 ? 'frontend' : 'backend', after);
      expect(back.ok && back.value.name, m.name).toBe(body.name);
    }
  });
  it('ends with the same answers whatever is lost on the way', () => {
    const late: number[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const run = pgRun({ ...TLS, client: { statements: [SQL, SQL] }, seed, loss: 0.08 });
      expect([run.trace.outcome, ...run.heard.map((h) => h.replace(/^\d+ /, ''))], `seed ${seed}`).toEqual(['ok', 'ready', 'SELECT 1 I rows 1 bytes 61', 'SELECT 1 I rows 1 bytes 61']);
      late.push(Number(run.heard[0]!.split(' ')[0]));
    }
    expect(Math.min(...late)).toBe(280);
    expect(Math.max(...late)).toBeGreaterThan(480);
  });
  it('is the same, event for event, when it is run again', () => {
    const once = (): string => JSON.stringify([...pgRun({ ...TLS, client: { statements: [SQL] } }).trace.time.data]);
    expect(once()).toBe(once());
  });
});

describe('the extended protocol', () => {
  const ask = { sql: 'SELECT v FROM t WHERE id = $1', parameters: ['424'] };
  it('in one write: one round trip, and the answer in one', () => {
    const run = pgRun({ stack: { ...TRUST, queryMode: 'extended' }, client: { statements: [ask] } });
    expect(run.heard[1]).toBe('120 SELECT 1 I rows 1 bytes 71');
    expect(pgPackets(run).slice(2, 4)).toEqual(['c2s 82 Parse, Bind, Describe, Execute, Sync', 's2c 71 ParseComplete, BindComplete, RowDescription, DataRow, CommandComplete, ReadyForQuery']);
  });
  it('prepared: one round trip more the first time, and no Parse later', () => {
    const run = pgRun({ stack: { ...TRUST, queryMode: 'prepared' }, client: { statements: [ask, ask] } });
    expect(run.heard.slice(1)).toEqual(['160 SELECT 1 I rows 1 bytes 77', '200 SELECT 1 I rows 1 bytes 66']);
    expect(pgPackets(run).slice(2, 8).map((p) => p.replace(/^(\w+) \d+/, '$1'))).toEqual([
      'c2s Parse, Sync', 's2c ParseComplete, ReadyForQuery', 'c2s Bind, Describe, Execute, Sync', 's2c BindComplete, RowDescription, DataRow, CommandComplete, ReadyForQuery',
      'c2s Bind, Describe, Execute, Sync', 's2c BindComplete, RowDescription, DataRow, CommandComplete, ReadyForQuery',
    ]);
  });
  it('the runner hears the statement, its parameters and the same session each time', () => {
    const seen: Statement[] = [];
    pgRun({
      stack: { ...TRUST, queryMode: 'prepared' }, client: { statements: [ask, ask] },
      runner: () => ({
        run: (statement, respond) => {
          seen.push(statement);
          respond({ columns: [], rows: [], tag: 'UPDATE 1' });
        },
      }),
    });
    expect(seen.map(({ sql, parameters }) => [sql, parameters])).toEqual([[ask.sql, ['424']], [ask.sql, ['424']]]);
    expect(seen[0]!.session).toBe(seen[1]!.session);
    expect(seen[0]!.message).not.toBe(seen[1]!.message);
  });
  it('after an error the rest up to Sync is skipped, and the statement is prepared anew', () => {
    let n = 0;
    const runner: MakeRunner = () => ({
      run: (_s, respond) => respond(n++ === 0 ? { error: { severity: 'ERROR', code: '23505', message: 'duplicate key value' } } : { columns: [], rows: [], tag: 'INSERT 0 1' }),
    });
    const run = pgRun({ stack: { ...TRUST, queryMode: 'prepared' }, client: { statements: [ask, ask] }, runner });
    expect(run.heard.slice(1)).toEqual(['160 23505 duplicate key value rows 0 bytes 70', '240 INSERT 0 1 I rows 0 bytes 43']);
    expect(pgTranscript(run, 'db')).toContain('= ACTIVE = FAILED < Sync = IDLE > BindComplete > ErrorResponse > ReadyForQuery');
  });
});

describe('answers', () => {
  it('many rows are told of together, and arrive complete', () => {
    const rows = Array.from({ length: 500 }, (_, i) => [String(i), 92]);
    const run = pgRun({ stack: TRUST, client: { statements: [SQL] }, runner: () => ({ run: (_s, respond) => respond({ columns: [{ name: 'id', type: 'int8' }, { name: 'pad', type: 'text' }], rows, tag: 'SELECT 500' }) }) });
    const bytes = 7 + 21 + 22 + rows.reduce((sum, [id]) => sum + 7 + 4 + id!.toString().length + 4 + 92, 0) + 16 + 6;
    expect(run.heard[1]).toMatch(new RegExp(`SELECT 500 I rows 500 bytes ${bytes}$`));
    expect(pgTranscript(run, 'db')).toContain('> RowDescription > rows 500 > CommandComplete');
    expect(run.trace.time.length, 'no event for each row').toBeLessThan(1500);
  });
  it('over TLS a backend hands out records of 8 KB', () => {
    const run = pgRun({ ...TLS, client: { statements: [SQL] }, runner: () => ({ run: (_s, respond) => respond({ columns: [{ name: 'v', type: 'text' }], rows: [[20_000]], tag: 'SELECT 1' }) }) });
    const records = run.trace.messages.filter((m) => m.name === 'application data' && m.direction === 1 && m.bytes > 1000).map((m) => m.bytes - 22);
    expect(records).toEqual([8192, 8192, 20_000 + 11 + 27 + 14 + 6 - 16384]);
  });
  it('an empty statement, one without rows, and the state of the transaction', () => {
    const runner: MakeRunner = () => ({ run: ({ sql }, respond) => respond({ columns: [], rows: [], tag: sql, status: sql === 'BEGIN' ? 'T' : 'I' }) });
    const run = pgRun({ stack: TRUST, client: { statements: ['BEGIN', 'COMMIT', ''] }, runner });
    expect(run.heard.slice(1)).toEqual(['120 BEGIN T rows 0 bytes 17', '160 COMMIT I rows 0 bytes 18', '200  I rows 0 bytes 11']);
    expect(pgTranscript(run, 'client')).toContain('< EmptyQueryResponse');
  });
  it('an error leaves the session usable', () => {
    const run = pgRun({ stack: TRUST, client: { statements: ['SELEC', 'SELEC'] }, runner: failing({ severity: 'ERROR', code: '42601', message: 'syntax error' }) });
    expect(run.heard.slice(1).map((h) => h.replace(/ bytes.*/, ''))).toEqual(['120 42601 syntax error rows 0', '160 42601 syntax error rows 0']);
  });
  it('a FATAL error ends it: the statement fails, then the connection', () => {
    const run = pgRun({ stack: TRUST, client: { statements: [SQL] }, runner: failing({ severity: 'FATAL', code: '57P01', message: 'terminating connection due to administrator command' }) });
    expect(run.heard.slice(1).map((h) => h.replace(/ rows.*/, ''))).toEqual(['120 57P01 terminating connection due to administrator command', '120 broken 57P01 terminating connection due to administrator command']);
  });
});

describe('who is not let in', () => {
  const roles = { app: { password: 'right' } };
  it('28P01: a wrong password, and a role that does not exist, after the same number of round trips', () => {
    for (const client of [{ password: 'wrong' }, { user: 'ghost' }]) {
      const run = pgRun({ stack: { sslMode: 'disable' }, server: { roles }, client });
      expect(run.heard).toEqual([`160 broken 28P01 password authentication failed for user "${client.user ?? 'app'}"`]);
    }
    expect(pgRun({ server: { roles }, client: { password: 'right' } }).heard).toEqual(['200 ready']);
  });
  it('28000: trust does not help a role that does not exist', () => {
    expect(pgRun({ stack: TRUST, server: { roles }, client: { user: 'ghost' } }).heard).toEqual(['80 broken 28000 role "ghost" does not exist']);
  });
  it('a client that requires TLS of a server without it goes away', () => {
    const run = pgRun({ stack: { sslMode: 'require' } });
    expect(run.heard).toEqual(['80 broken 08001 server does not support SSL, but SSL was required']);
    expect(pgTranscript(run, 'client')).toBe('= STARTED = SSL_STARTUP > SSLRequest < SSLResponse = CLOSED');
  });
});

describe('costs', () => {
  it('the client pays for iterations, the server does not; each cost delays as long as it is', () => {
    const ready = (stack: Record<string, number>, more: PgRunOptions = {}): number => Number(/^\d+/.exec(pgRun({ ...more, stack: { sslMode: 'disable', ...stack } as Record<string, string | number> }).heard[0]!)![0]) - 160;
    expect(ready({ scramIterationCost: 10_000, scramIterations: 1000 })).toBe(10);
    expect(ready({ scramIterationCost: 10_000, scramIterations: 2000 })).toBe(20);
    expect(ready({ scramVerifyCost: 3e6 })).toBe(3);
    for (const key of ['forkCost', 'startupCost', 'sessionCost', 'cryptoStartCost']) expect(ready({ [key]: 7e6 }), key).toBe(7);
  });
  it('the crypto library is started once: before TLS when there is TLS', () => {
    const run = pgRun({ ...TLS, stack: { ...TLS.stack, cryptoStartCost: 7e6 } });
    expect(run.heard[0]).toBe('287 ready');
  });
  it('the first statement of a backend costs more', () => {
    const run = pgRun({ stack: { ...TRUST, firstStatementCost: 5e6, statementCost: 1e6 }, client: { statements: [SQL, SQL] } });
    expect(run.heard.slice(1).map((h) => Number(h.split(' ')[0]))).toEqual([126, 167]);
  });
});

describe('in words', () => {
  it('no sentence has a hole', () => {
    const bad: string[] = [];
    for (const o of [TLS, { stack: TRUST }, { stack: { sslMode: 'disable' }, server: { roles: {} } }, { stack: TRUST, runner: failing({ severity: 'FATAL', code: '57P01', message: 'bye' }) }]) {
      const { trace } = pgRun({ ...o, client: { statements: [SQL, ''] } });
      const index = indexTrace(trace);
      for (let e = 0; e < trace.kind.length; e++) {
        const text = describeEvent(index, e).replaceAll('\u00a0', ' ');
        if (/undefined|NaN|null|\[object|\bthe the\b| {2}|\(\)|\.\.$|\s[.,;:]( |$)/.test(text) || text === '') bad.push(text);
      }
    }
    expect([...new Set(bad)]).toEqual([]);
  });
});
