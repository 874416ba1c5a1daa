/** Messages of the PostgreSQL protocol taken apart from their bytes (PostgreSQL 15 manual §55.7, error fields §55.8). */
import { en } from '../../explain';
import type { DissectionNode } from '../../model/dissection';
import { TYPE_BYTES, type PgMessage } from '../../protocols/postgres-wire/codec';
import { Scan } from './scan';

const words = en.wire.postgres;
const SPEC = { spec: 'PostgreSQL 15 §55.7' };
const NULL = 0xffffffff;

/** Text up to a zero byte, and the zero. */
function string0(scan: Scan, name: string, told: { readonly spec: string; readonly meaning?: string } = SPEC): string {
  const zero = scan.bytes.indexOf(0, scan.at);
  const length = (zero < 0 ? scan.end : zero) - scan.at;
  const value = new TextDecoder().decode(scan.bytes.subarray(scan.at, scan.at + length));
  scan.field(name, length + 1, { ...told, value });
  return value;
}
const rest = (scan: Scan, name: string, spec: string): void => void scan.text(name, scan.left, { spec });
const signed = (n: number): string => String(n | 0);

/** `message` tells which it is where the bytes alone do not: three have no type, and type p has two meanings. */
export function dissectPostgres(message: PgMessage, bytes: Uint8Array): DissectionNode {
  const scan = new Scan(bytes, 'storage');
  const { name } = message;
  if (name === 'SSLResponse') {
    scan.text('Answer', 1, { spec: 'PostgreSQL 15 §55.2.10', meaning: words.ssl[message.answer] ?? '' });
  } else {
    if (TYPE_BYTES[name]) scan.text('Type', 1, SPEC);
    scan.number('Length', 4, { ...SPEC, meaning: words.length });
    body(scan, name);
  }
  if (scan.left > 0) scan.field('content', scan.left, SPEC);
  return scan.whole(name, { ...SPEC, value: '', meaning: words.messages[name] ?? '' });
}
function body(scan: Scan, name: PgMessage['name']): void {
  switch (name) {
    case 'SSLRequest':
      return void scan.number('Request code', 4, { ...SPEC, meaning: words.sslCode });
    case 'StartupMessage':
      scan.number('Protocol version', 4, { ...SPEC, value: (n) => `${n >> 16}.${n & 0xffff}` });
      return pairs(scan, () => string0(scan, 'Parameter'));
    case 'SASLInitialResponse':
      string0(scan, 'Mechanism');
      scan.number('Response length', 4, SPEC);
      return rest(scan, 'client-first-message', 'RFC 5802 §7');
    case 'SASLResponse':
      return rest(scan, 'client-final-message', 'RFC 5802 §7');
    case 'AuthenticationOk':
    case 'AuthenticationSASL':
    case 'AuthenticationSASLContinue':
    case 'AuthenticationSASLFinal':
      scan.number('Authentication', 4, { ...SPEC, meaning: words.messages[name] ?? '' });
      if (name === 'AuthenticationSASL') while (scan.left > 1) string0(scan, 'Mechanism');
      else if (scan.left > 0) return rest(scan, name === 'AuthenticationSASLContinue' ? 'server-first-message' : 'server-final-message', 'RFC 5802 §7');
      return scan.left > 0 ? void scan.number('End of list', 1, SPEC) : undefined;
    case 'Query':
      return void string0(scan, 'Query string');
    case 'Parse':
      string0(scan, 'Statement', { ...SPEC, meaning: words.unnamed });
      string0(scan, 'Query string');
      return void scan.number('Parameter types', 2, { ...SPEC, meaning: words.inferred });
    case 'Bind':
      string0(scan, 'Portal', { ...SPEC, meaning: words.unnamed });
      string0(scan, 'Statement', { ...SPEC, meaning: words.unnamed });
      scan.number('Parameter formats', 2, { ...SPEC, meaning: words.text });
      cells(scan, 'Parameter');
      return formats(scan);
    case 'Describe':
      scan.text('Kind', 1, { ...SPEC, meaning: words.portal });
      return void string0(scan, 'Portal', { ...SPEC, meaning: words.unnamed });
    case 'Execute':
      string0(scan, 'Portal', { ...SPEC, meaning: words.unnamed });
      return void scan.number('Maximum rows', 4, { ...SPEC, meaning: (n) => (n === 0 ? words.allRows : '') });
    case 'ParameterStatus':
      string0(scan, 'Parameter');
      return void string0(scan, 'Value');
    case 'BackendKeyData':
      scan.number('Process ID', 4, SPEC);
      return void scan.number('Secret key', 4, { ...SPEC, meaning: words.key });
    case 'ReadyForQuery':
      return void scan.text('Transaction status', 1, { ...SPEC, meaning: words.status[String.fromCharCode(scan.bytes[scan.at]!)] ?? '' });
    case 'RowDescription':
      return columns(scan);
    case 'DataRow':
      return cells(scan, 'Column');
    case 'CommandComplete':
      return void string0(scan, 'Command tag');
    case 'ErrorResponse':
      return pairs(scan, () => scan.text('Code', 1, { spec: 'PostgreSQL 15 §55.8', meaning: words.errorFields[String.fromCharCode(scan.bytes[scan.at]!)] ?? '' }));
  }
}
/** Keys with values until a zero byte. */
function pairs(scan: Scan, key: () => string): void {
  while (scan.left > 1 && scan.bytes[scan.at] !== 0) {
    key();
    string0(scan, 'Value');
  }
  scan.number('End of list', 1, SPEC);
}
function cells(scan: Scan, name: string): void {
  const n = scan.number(`${name}s`, 2, SPEC);
  for (let i = 0; i < n && scan.left >= 4; i++) {
    const length = scan.number(`${name} ${i + 1} length`, 4, { ...SPEC, value: signed, meaning: (bytes) => (bytes === NULL ? 'NULL' : '') });
    if (length !== NULL) scan.text(`${name} ${i + 1}`, length, SPEC);
  }
}
function formats(scan: Scan): void {
  const n = scan.number('Result formats', 2, SPEC);
  for (let i = 0; i < n && scan.left >= 2; i++) scan.number('Format', 2, { ...SPEC, meaning: words.text });
}
function columns(scan: Scan): void {
  const n = scan.number('Columns', 2, SPEC);
  for (let i = 0; i < n && scan.left > 0; i++) {
    const zero = scan.bytes.indexOf(0, scan.at);
    scan.group('Column', zero - scan.at + 19, { ...SPEC, value: new TextDecoder().decode(scan.bytes.subarray(scan.at, zero)) }, (inner) => {
      string0(inner, 'Name');
      inner.number('Table OID', 4, { ...SPEC, meaning: words.noTable });
      inner.number('Column number', 2, SPEC);
      inner.number('Type OID', 4, SPEC);
      inner.number('Type size', 2, { ...SPEC, value: (size) => String((size << 16) >> 16) });
      inner.number('Type modifier', 4, { ...SPEC, value: signed });
      inner.number('Format', 2, { ...SPEC, meaning: words.text });
    });
  }
}
