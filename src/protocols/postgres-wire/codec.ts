/**
 * Messages of the PostgreSQL frontend/backend protocol 3.0 as bytes and back. Law: `decode(encode(m))` says what `m`
 * said, and a message's length is the length of its encoding. Specification: PostgreSQL 15 manual §55.7 (Message Formats).
 */
import { fail, ok, type Result } from '../../base/result';
import type { Cell, ResultColumn, TransactionStatus } from '../../model/statement';
import { Reader, Writer } from '../../model/tls/bytes';
import { OIDS, TYPES, typeOf } from './types';

export type FrontendMessage =
  | { readonly name: 'SSLRequest' }
  | { readonly name: 'StartupMessage'; readonly parameters: readonly (readonly [string, string])[] }
  | { readonly name: 'SASLInitialResponse'; readonly mechanism: string; readonly data: string }
  | { readonly name: 'SASLResponse'; readonly data: string }
  | { readonly name: 'Query'; readonly sql: string }
  | { readonly name: 'Parse'; readonly statement: string; readonly sql: string }
  | { readonly name: 'Bind'; readonly portal: string; readonly statement: string; readonly values: readonly Cell[] }
  | { readonly name: 'Describe'; readonly portal: string }
  | { readonly name: 'Execute'; readonly portal: string; readonly maxRows: number }
  | { readonly name: 'Sync' }
  | { readonly name: 'Terminate' };
export type BackendMessage =
  /** One byte without type or length: willing (S) or not (N). */
  | { readonly name: 'SSLResponse'; readonly answer: 'S' | 'N' }
  | { readonly name: 'AuthenticationOk' }
  | { readonly name: 'AuthenticationSASL'; readonly mechanisms: readonly string[] }
  | { readonly name: 'AuthenticationSASLContinue'; readonly data: string }
  | { readonly name: 'AuthenticationSASLFinal'; readonly data: string }
  | { readonly name: 'ParameterStatus'; readonly parameter: string; readonly value: string }
  | { readonly name: 'BackendKeyData'; readonly process: number; readonly key: number }
  | { readonly name: 'ReadyForQuery'; readonly status: TransactionStatus }
  | { readonly name: 'RowDescription'; readonly columns: readonly ResultColumn[] }
  | { readonly name: 'DataRow'; readonly cells: readonly Cell[] }
  | { readonly name: 'CommandComplete'; readonly tag: string }
  | { readonly name: 'EmptyQueryResponse' }
  /** Fields by their code letters (§55.8): S severity, V the same untranslated, C SQLSTATE, M message, D detail. */
  | { readonly name: 'ErrorResponse'; readonly fields: readonly (readonly [string, string])[] }
  | { readonly name: 'ParseComplete' }
  | { readonly name: 'BindComplete' }
  | { readonly name: 'NoData' };
export type PgMessage = FrontendMessage | BackendMessage;

/** 3.0, and the number in its place that asks for TLS (§55.2.10). */
const VERSION_3 = 196608, SSL_CODE = 80877103;
/** Type bytes; '' for the three that have none. */
export const TYPE_BYTES: Readonly<Record<PgMessage['name'], string>> = {
  SSLRequest: '', StartupMessage: '', SSLResponse: '', SASLInitialResponse: 'p', SASLResponse: 'p', Query: 'Q', Parse: 'P', Bind: 'B', Describe: 'D', Execute: 'E', Sync: 'S',
  Terminate: 'X', AuthenticationOk: 'R', AuthenticationSASL: 'R', AuthenticationSASLContinue: 'R', AuthenticationSASLFinal: 'R', ParameterStatus: 'S', BackendKeyData: 'K',
  ReadyForQuery: 'Z', RowDescription: 'T', DataRow: 'D', CommandComplete: 'C', EmptyQueryResponse: 'I', ErrorResponse: 'E', ParseComplete: '1', BindComplete: '2', NoData: 'n',
};
/** What an Authentication message asks for (§55.7). */
const AUTHENTICATION = { AuthenticationOk: 0, AuthenticationSASL: 10, AuthenticationSASLContinue: 11, AuthenticationSASLFinal: 12 } as const;
const TEXT_FORMAT = 0;
const utf8 = new TextEncoder(), text = new TextDecoder();
/** Stands for values of which only the length is known. */
const FILLER = 0x78;

const string0 = (w: Writer, s: string): Writer => w.raw(utf8.encode(s)).u8(0);
const cellBytes = (cell: Cell): number => (cell === null ? 0 : typeof cell === 'number' ? cell : asciiOnly(cell) ? cell.length : utf8.encode(cell).length);
// eslint-disable-next-line no-control-regex
const asciiOnly = (s: string): boolean => /^[\u0000-\u007f]*$/.test(s);
function writeCell(w: Writer, cell: Cell): void {
  if (cell === null) return void w.u32(0xffffffff);
  w.u32(cellBytes(cell)).raw(typeof cell === 'number' ? new Uint8Array(cell).fill(FILLER) : utf8.encode(cell));
}

/** The whole message. */
export function encodePg(m: PgMessage): Uint8Array {
  const body = new Writer();
  writeBody(body, m);
  const type = TYPE_BYTES[m.name];
  if (m.name === 'SSLResponse') return body.done();
  const w = new Writer();
  if (type) w.u8(type.charCodeAt(0));
  return w.u32(4 + body.length).raw(body.done()).done();
}
/** Length of the encoding. Rows are many and are counted without being made. */
export function pgLength(m: PgMessage): number {
  return m.name === 'DataRow' ? m.cells.reduce<number>((sum, cell) => sum + 4 + cellBytes(cell), 1 + 4 + 2) : encodePg(m).length;
}

function writeBody(w: Writer, m: PgMessage): void {
  switch (m.name) {
    case 'SSLRequest':
      w.u32(SSL_CODE);
      return;
    case 'StartupMessage':
      w.u32(VERSION_3);
      for (const [name, value] of m.parameters) string0(string0(w, name), value);
      w.u8(0);
      return;
    case 'SSLResponse':
      w.u8(m.answer.charCodeAt(0));
      return;
    case 'SASLInitialResponse': {
      const data = utf8.encode(m.data);
      string0(w, m.mechanism).u32(data.length).raw(data);
      return;
    }
    case 'SASLResponse':
      w.raw(utf8.encode(m.data));
      return;
    case 'Query':
      string0(w, m.sql);
      return;
    case 'Parse':
      string0(string0(w, m.statement), m.sql).u16(0); // no parameter types: the server infers them
      return;
    case 'Bind':
      string0(string0(w, m.portal), m.statement).u16(0).u16(m.values.length); // no formats: all text
      m.values.forEach((value) => writeCell(w, value));
      w.u16(1).u16(TEXT_FORMAT); // libpq names one format for all results
      return;
    case 'Describe':
      string0(w.u8(0x50), m.portal);
      return;
    case 'Execute':
      string0(w, m.portal).u32(m.maxRows);
      return;
    case 'AuthenticationOk':
    case 'AuthenticationSASL':
    case 'AuthenticationSASLContinue':
    case 'AuthenticationSASLFinal':
      w.u32(AUTHENTICATION[m.name]);
      if (m.name === 'AuthenticationSASL') {
        m.mechanisms.forEach((mechanism) => string0(w, mechanism));
        w.u8(0);
      } else if (m.name !== 'AuthenticationOk') w.raw(utf8.encode(m.data));
      return;
    case 'ParameterStatus':
      string0(string0(w, m.parameter), m.value);
      return;
    case 'BackendKeyData':
      w.u32(m.process).u32(m.key);
      return;
    case 'ReadyForQuery':
      w.u8(m.status.charCodeAt(0));
      return;
    case 'RowDescription':
      w.u16(m.columns.length);
      for (const { name, type } of m.columns) {
        // table and column number are 0: the field is not told to be a column of a table
        string0(w, name).u32(0).u16(0).u32(TYPES[type].oid).u16(TYPES[type].size & 0xffff).u32(0xffffffff).u16(TEXT_FORMAT);
      }
      return;
    case 'DataRow':
      w.u16(m.cells.length);
      m.cells.forEach((cell) => writeCell(w, cell));
      return;
    case 'CommandComplete':
      string0(w, m.tag);
      return;
    case 'ErrorResponse':
      for (const [code, value] of m.fields) string0(w.u8(code.charCodeAt(0)), value);
      w.u8(0);
  }
}

/** Bytes up to the next zero, as text. */
function readString(r: Reader): string {
  const bytes: number[] = [];
  for (let byte = r.u8(); byte !== 0 && !r.bad; byte = r.u8()) bytes.push(byte);
  return text.decode(Uint8Array.from(bytes));
}
const readRest = (r: Reader): string => text.decode(r.raw(r.left));
const readCell = (r: Reader): Cell => {
  const length = r.u32();
  return length === 0xffffffff ? null : text.decode(r.raw(length));
};
const times = <T>(n: number, r: Reader, read: () => T): T[] => {
  const items: T[] = [];
  for (let i = 0; i < n && !r.bad; i++) items.push(read());
  return items;
};
const readPairs = (r: Reader, first: () => string): [string, string][] => {
  const pairs: [string, string][] = [];
  for (let key = first(); key !== '' && key !== '\0' && !r.bad; key = first()) pairs.push([key, readString(r)]);
  return pairs;
};

/**
 * Reads one whole message. `from` says who sent it; `after` what went before where the bytes alone do not tell:
 * `start` (packets without a type byte), `sasl` (the second message of type p), `ssl` (the answer of one byte).
 */
export function decodePg(bytes: Uint8Array, from: 'frontend' | 'backend', after: 'start' | 'sasl' | 'ssl' | '' = ''): Result<PgMessage> {
  const r = new Reader(bytes);
  if (after === 'ssl') {
    const answer = String.fromCharCode(r.u8());
    return bytes.length === 1 && (answer === 'S' || answer === 'N') ? ok({ name: 'SSLResponse', answer }) : fail('SSLResponse', 'is not S or N', 'give one byte');
  }
  const type = after === 'start' ? '' : String.fromCharCode(r.u8());
  const length = r.u32();
  if (r.bad || length !== bytes.length - type.length) return fail('message', `says ${length} bytes and has ${bytes.length - type.length}`, 'give exactly one message');
  const message = from === 'frontend' ? readFrontend(r, type, after) : readBackend(r, type);
  if (!message) return fail('message', `has the unknown type "${type}"`, 'give one of those of the manual, §55.7');
  return r.bad || r.left > 0 ? fail(message.name, 'does not end where its length says', 'give the whole message') : ok(message);
}
function readFrontend(r: Reader, type: string, after: string): FrontendMessage | null {
  switch (type) {
    case '': {
      const code = r.u32();
      return code === SSL_CODE ? { name: 'SSLRequest' } : code === VERSION_3 ? { name: 'StartupMessage', parameters: readPairs(r, () => readString(r)) } : null;
    }
    case 'p': {
      if (after === 'sasl') return { name: 'SASLResponse', data: readRest(r) };
      const mechanism = readString(r);
      return { name: 'SASLInitialResponse', mechanism, data: text.decode(r.raw(r.u32())) };
    }
    case 'Q':
      return { name: 'Query', sql: readString(r) };
    case 'P': {
      const parse = { name: 'Parse', statement: readString(r), sql: readString(r) } as const;
      r.raw(4 * r.u16());
      return parse;
    }
    case 'B': {
      const portal = readString(r), statement = readString(r);
      r.raw(2 * r.u16());
      const values = times(r.u16(), r, () => readCell(r));
      r.raw(2 * r.u16());
      return { name: 'Bind', portal, statement, values };
    }
    case 'D':
      return r.u8() === 0x50 ? { name: 'Describe', portal: readString(r) } : null;
    case 'E':
      return { name: 'Execute', portal: readString(r), maxRows: r.u32() };
    case 'S':
      return { name: 'Sync' };
    case 'X':
      return { name: 'Terminate' };
  }
  return null;
}
function readBackend(r: Reader, type: string): BackendMessage | null {
  switch (type) {
    case 'R': {
      const asks = r.u32();
      if (asks === AUTHENTICATION.AuthenticationOk) return { name: 'AuthenticationOk' };
      if (asks === AUTHENTICATION.AuthenticationSASL) {
        const mechanisms: string[] = [];
        for (let m = readString(r); m !== '' && !r.bad; m = readString(r)) mechanisms.push(m);
        return { name: 'AuthenticationSASL', mechanisms };
      }
      if (asks === AUTHENTICATION.AuthenticationSASLContinue) return { name: 'AuthenticationSASLContinue', data: readRest(r) };
      return asks === AUTHENTICATION.AuthenticationSASLFinal ? { name: 'AuthenticationSASLFinal', data: readRest(r) } : null;
    }
    case 'S':
      return { name: 'ParameterStatus', parameter: readString(r), value: readString(r) };
    case 'K':
      return { name: 'BackendKeyData', process: r.u32(), key: r.u32() };
    case 'Z':
      return { name: 'ReadyForQuery', status: String.fromCharCode(r.u8()) as TransactionStatus };
    case 'T':
      return {
        name: 'RowDescription',
        columns: times(r.u16(), r, () => {
          const name = readString(r);
          r.raw(6);
          const oid = r.u32();
          r.raw(8);
          if (!OIDS.has(oid)) r.bad = true;
          return { name, type: typeOf(oid) };
        }),
      };
    case 'D':
      return { name: 'DataRow', cells: times(r.u16(), r, () => readCell(r)) };
    case 'C':
      return { name: 'CommandComplete', tag: readString(r) };
    case 'I':
      return { name: 'EmptyQueryResponse' };
    case 'E':
      return { name: 'ErrorResponse', fields: readPairs(r, () => String.fromCharCode(r.u8())) };
    case '1':
      return { name: 'ParseComplete' };
    case '2':
      return { name: 'BindComplete' };
    case 'n':
      return { name: 'NoData' };
  }
  return null;
}
