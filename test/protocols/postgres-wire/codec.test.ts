/** Messages as bytes: against sizes that psql, pgbench and PostgreSQL 15 were seen to send, against bytes written out from the manual, and back. */
import { describe, expect, it } from 'vitest';
import { decodePg, encodePg, pgLength, type BackendMessage, type FrontendMessage, type PgMessage } from '../../../src/protocols/postgres-wire/codec';
import { errorFields, errorOf, TOO_MANY_CLIENTS } from '../../../src/protocols/postgres-wire/errors';
import { pgFields } from '../../../src/protocols/postgres-wire/fields';
import { reportedParameters } from '../../../src/protocols/postgres-wire/parameters';
import { base64, MECHANISM, MECHANISM_PLUS, mechanisms, Scram } from '../../../src/protocols/postgres-wire/scram';
import { OIDS, TYPES } from '../../../src/protocols/postgres-wire/types';

const hex = (m: PgMessage): string => Buffer.from(encodePg(m)).toString('latin1').replace(/[^ -~]/g, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
const total = (...messages: PgMessage[]): number => messages.reduce((sum, m) => sum + pgLength(m), 0);
const FRONTEND: readonly FrontendMessage[] = [
  { name: 'SSLRequest' }, { name: 'StartupMessage', parameters: [['user', 'lab'], ['database', 'läb']] }, { name: 'SASLInitialResponse', mechanism: MECHANISM, data: 'n,,n=,r=abc' },
  { name: 'SASLResponse', data: 'c=biws,r=abc,p=x' }, { name: 'Query', sql: 'SELECT ‘é’' }, { name: 'Query', sql: '' }, { name: 'Parse', statement: 's1', sql: 'SELECT $1' },
  { name: 'Bind', portal: '', statement: 's1', values: ['42', null, ''] }, { name: 'Bind', portal: 'p', statement: '', values: [] }, { name: 'Describe', portal: '' },
  { name: 'Execute', portal: '', maxRows: 0 }, { name: 'Sync' }, { name: 'Terminate' },
];
const BACKEND: readonly BackendMessage[] = [
  { name: 'SSLResponse', answer: 'S' }, { name: 'SSLResponse', answer: 'N' }, { name: 'AuthenticationOk' }, { name: 'AuthenticationSASL', mechanisms: [MECHANISM_PLUS, MECHANISM] },
  { name: 'AuthenticationSASLContinue', data: 'r=abc,s=def,i=4096' }, { name: 'AuthenticationSASLFinal', data: 'v=xyz' }, { name: 'ParameterStatus', parameter: 'TimeZone', value: 'Etc/UTC' },
  { name: 'BackendKeyData', process: 4711, key: 0xfedcba98 }, { name: 'ReadyForQuery', status: 'T' },
  { name: 'RowDescription', columns: [{ name: 'id', type: 'int8' }, { name: 'naïve', type: 'text' }] }, { name: 'RowDescription', columns: [] },
  { name: 'DataRow', cells: ['1', null, '', 'naïve'] }, { name: 'CommandComplete', tag: 'INSERT 0 1' }, { name: 'EmptyQueryResponse' }, { name: 'ErrorResponse', fields: errorFields(TOO_MANY_CLIENTS) },
  { name: 'ParseComplete' }, { name: 'BindComplete' }, { name: 'NoData' },
];
const after = (m: PgMessage): 'start' | 'sasl' | 'ssl' | '' => (m.name === 'SSLRequest' || m.name === 'StartupMessage' ? 'start' : m.name === 'SASLResponse' ? 'sasl' : m.name === 'SSLResponse' ? 'ssl' : '');
const decoded = (m: PgMessage, from: 'frontend' | 'backend'): PgMessage => {
  const result = decodePg(encodePg(m), from, after(m));
  if (!result.ok) throw new Error(`${m.name}: ${result.errors[0]!.what}`);
  return result.value;
};

describe('every message', () => {
  it.each(FRONTEND.map((m, i) => [`${m.name} ${i}`, m] as const))('of the frontend is read back: %s', (_, m) => expect(decoded(m, 'frontend')).toEqual(m));
  it.each(BACKEND.map((m, i) => [`${m.name} ${i}`, m] as const))('of the backend is read back: %s', (_, m) => expect(decoded(m, 'backend')).toEqual(m));
  it('is as long as it is said to be, and says so itself', () => {
    for (const m of [...FRONTEND, ...BACKEND]) {
      const bytes = encodePg(m);
      expect(pgLength(m), m.name).toBe(bytes.length);
      if (m.name === 'SSLResponse') continue;
      const at = after(m) === 'start' ? 0 : 1;
      expect(new DataView(bytes.buffer).getUint32(at), m.name).toBe(bytes.length - at);
      expect(pgFields(m, bytes.length).find((f) => f.name === 'Length')?.value, m.name).toBe(bytes.length - at);
    }
  });
  it('cut short, or with a byte too many, is refused', () => {
    for (const [from, list] of [['frontend', FRONTEND], ['backend', BACKEND]] as const) {
      for (const m of list) {
        const bytes = encodePg(m);
        for (const wrong of [bytes.slice(0, -1), Uint8Array.from([...bytes, 0])]) expect(decodePg(wrong, from, after(m)).ok, m.name).toBe(false);
        // with its length made to agree, the inside is still looked at
        const shorter = bytes.slice(0, -1);
        const at = after(m) === 'start' ? 0 : 1;
        if (shorter.length <= at + 4) continue;
        new DataView(shorter.buffer).setUint32(at, shorter.length - at);
        const result = decodePg(shorter, from, after(m));
        if (result.ok) expect(result.value, m.name).not.toEqual(m);
      }
    }
    expect(decodePg(Uint8Array.of(0x7a, 0, 0, 0, 4), 'backend').ok).toBe(false);
    expect(decodePg(Uint8Array.of(0, 0, 0, 8, 0, 2, 0, 0), 'frontend', 'start').ok, 'protocol 2.0').toBe(false);
  });
  it.each([
    [{ name: 'SSLRequest' }, '\\00\\00\\00\\08\\04\\d2\\16/'],
    [{ name: 'StartupMessage', parameters: [['user', 'a']] }, '\\00\\00\\00\\10\\00\\03\\00\\00user\\00a\\00\\00'],
    [{ name: 'Query', sql: 'X' }, 'Q\\00\\00\\00\\06X\\00'],
    [{ name: 'Bind', portal: '', statement: 's', values: ['7', null] }, 'B\\00\\00\\00\\18\\00s\\00\\00\\00\\00\\02\\00\\00\\00\\017\\ff\\ff\\ff\\ff\\00\\01\\00\\00'],
    [{ name: 'Describe', portal: '' }, 'D\\00\\00\\00\\06P\\00'],
    [{ name: 'AuthenticationOk' }, 'R\\00\\00\\00\\08\\00\\00\\00\\00'],
    [{ name: 'ReadyForQuery', status: 'I' }, 'Z\\00\\00\\00\\05I'],
    [{ name: 'RowDescription', columns: [{ name: 'v', type: 'int4' }] }, 'T\\00\\00\\00\\1a\\00\\01v\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\17\\00\\04\\ff\\ff\\ff\\ff\\00\\00'],
    [{ name: 'DataRow', cells: ['ab', null] }, 'D\\00\\00\\00\\10\\00\\02\\00\\00\\00\\02ab\\ff\\ff\\ff\\ff'],
    [{ name: 'ErrorResponse', fields: [['S', 'FATAL'], ['C', '28P01']] }, 'E\\00\\00\\00\\13SFATAL\\00C28P01\\00\\00'],
  ] as [PgMessage, string][])('has the bytes of the manual: %#', (m, bytes) => expect(hex(m)).toBe(bytes));
});

describe('sizes seen on the wire', () => {
  it('login without a password: 57 up, 409 down', () => {
    expect(total({ name: 'StartupMessage', parameters: [['user', 'lab'], ['database', 'lab_app'], ['application_name', 'psql']] })).toBe(57);
    const status = reportedParameters('lab', true, 'psql').map(([parameter, value]): PgMessage => ({ name: 'ParameterStatus', parameter, value }));
    expect(status).toHaveLength(13);
    expect(total({ name: 'AuthenticationOk' }, ...status, { name: 'BackendKeyData', process: 1, key: 2 }, { name: 'ReadyForQuery', status: 'I' })).toBe(409);
  });
  it.each([[false, [24, 55, 93, 109, 55]], [true, [43, 81, 93, 181, 55]]] as const)('SCRAM, over TLS: %s', (secure, sizes) => {
    const scram = new Scram('x', secure);
    const [mechanism] = mechanisms(secure);
    expect([
      pgLength({ name: 'AuthenticationSASL', mechanisms: mechanisms(secure) }), pgLength({ name: 'SASLInitialResponse', mechanism: mechanism!, data: scram.clientFirst() }),
      pgLength({ name: 'AuthenticationSASLContinue', data: scram.serverFirst(4096) }), pgLength({ name: 'SASLResponse', data: scram.clientFinal('secret') }),
      pgLength({ name: 'AuthenticationSASLFinal', data: scram.serverFinal() }),
    ]).toEqual(sizes);
  });
  it('simple query: 38 up, 61 down; extended 71 down; a prepared one 47 + 48 up, 11 + 66 down', () => {
    const sql = 'SELECT v FROM t WHERE id = 4242;', prepared = 'SELECT v FROM t WHERE id = $1';
    expect(pgLength({ name: 'Query', sql })).toBe(38);
    const answer: PgMessage[] = [{ name: 'RowDescription', columns: [{ name: 'v', type: 'text' }] }, { name: 'DataRow', cells: [3] }, { name: 'CommandComplete', tag: 'SELECT 1' }, { name: 'ReadyForQuery', status: 'I' }];
    expect(total(...answer)).toBe(61);
    expect(total({ name: 'ParseComplete' }, { name: 'BindComplete' }, ...answer)).toBe(71);
    expect(total({ name: 'Parse', statement: 'P0_0', sql: prepared }, { name: 'Sync' })).toBe(47);
    expect(total({ name: 'Bind', portal: '', statement: 'P0_0', values: ['424'] }, { name: 'Describe', portal: '' }, { name: 'Execute', portal: '', maxRows: 0 }, { name: 'Sync' })).toBe(48);
    expect(total({ name: 'ParseComplete' }, { name: 'ReadyForQuery', status: 'I' })).toBe(11);
    expect(total({ name: 'BindComplete' }, ...answer)).toBe(66);
  });
  it('a value of which only the length is known takes as much room as one of that length', () => {
    for (const n of [0, 1, 128, 5000]) expect(pgLength({ name: 'DataRow', cells: [n] })).toBe(encodePg({ name: 'DataRow', cells: ['y'.repeat(n)] }).length);
  });
});

describe('parts', () => {
  it('base64 is RFC 4648’s', () => {
    for (const text of ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar', '\xff\xfe\x00>?']) {
      const bytes = Buffer.from(text, 'latin1');
      expect(base64(bytes)).toBe(bytes.toString('base64'));
    }
  });
  it('a proof agrees when both know the password, and only then', () => {
    expect(new Scram('a', false).clientFinal('x')).toBe(new Scram('a', false).clientFinal('x'));
    expect(new Scram('a', false).clientFinal('x')).not.toBe(new Scram('a', false).clientFinal('y'));
    expect(new Scram('a', false).clientFirst()).not.toBe(new Scram('b', false).clientFirst());
  });
  it('an error keeps its parts', () => {
    const error = { severity: 'ERROR', code: '42P01', message: 'relation "x" does not exist', detail: 'none' } as const;
    expect(errorOf(errorFields(error))).toEqual(error);
  });
  it('types have numbers of their own', () => expect(OIDS.size).toBe(Object.keys(TYPES).length));
});
