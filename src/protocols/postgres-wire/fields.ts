/** What the inspector shows of a message: name, value, reference. */
import type { MessageField } from '../../model/stream';
import { TYPE_BYTES, type PgMessage } from './codec';

const SPEC = 'PostgreSQL 15 §55.7';
const ERROR_FIELDS: Readonly<Record<string, string>> = { S: 'Severity', V: 'Severity (not translated)', C: 'SQLSTATE', M: 'Message', D: 'Detail' };
const STATUS: Readonly<Record<string, string>> = { I: 'I (idle)', T: 'T (in a transaction)', E: 'E (in a failed transaction)' };
const cell = (value: string | number | null): string => (value === null ? 'NULL' : typeof value === 'number' ? `${value} bytes` : value);

export function pgFields(m: PgMessage, bytes: number): MessageField[] {
  const type = TYPE_BYTES[m.name];
  const fields: MessageField[] = [];
  if (type) fields.push({ name: 'Type', value: type, spec: SPEC });
  if (m.name !== 'SSLResponse') fields.push({ name: 'Length', value: bytes - type.length, spec: SPEC });
  const add = (name: string, value: string | number, spec = SPEC): void => void fields.push({ name, value, spec });
  switch (m.name) {
    case 'StartupMessage':
      add('Protocol version', '3.0');
      m.parameters.forEach(([name, value]) => add(name, value));
      break;
    case 'SSLResponse':
      add('Answer', m.answer === 'S' ? 'S (TLS may begin)' : 'N (no TLS here)', 'PostgreSQL 15 §55.2.10');
      break;
    case 'AuthenticationSASL':
      add('Mechanisms', m.mechanisms.join(', '));
      break;
    case 'SASLInitialResponse':
      add('Mechanism', m.mechanism);
      add('client-first-message', m.data, 'RFC 5802 §7');
      break;
    case 'AuthenticationSASLContinue':
      add('server-first-message', m.data, 'RFC 5802 §7');
      break;
    case 'SASLResponse':
      add('client-final-message', m.data, 'RFC 5802 §7');
      break;
    case 'AuthenticationSASLFinal':
      add('server-final-message', m.data, 'RFC 5802 §7');
      break;
    case 'ParameterStatus':
      add(m.parameter, m.value);
      break;
    case 'BackendKeyData':
      add('Process ID', m.process);
      add('Secret key', m.key);
      break;
    case 'ReadyForQuery':
      add('Transaction status', STATUS[m.status] ?? m.status);
      break;
    case 'Query':
      add('Query', m.sql);
      break;
    case 'Parse':
      add('Statement', m.statement === '' ? 'unnamed' : m.statement);
      add('Query', m.sql);
      break;
    case 'Bind':
      add('Statement', m.statement === '' ? 'unnamed' : m.statement);
      m.values.forEach((value, i) => add(`$${i + 1}`, cell(value)));
      break;
    case 'Describe':
    case 'Execute':
      add('Portal', m.portal === '' ? 'unnamed' : m.portal);
      break;
    case 'RowDescription':
      m.columns.forEach((column) => add(column.name, column.type));
      break;
    case 'DataRow':
      m.cells.forEach((value, i) => add(`Column ${i + 1}`, cell(value)));
      break;
    case 'CommandComplete':
      add('Tag', m.tag);
      break;
    case 'ErrorResponse':
      m.fields.forEach(([code, value]) => add(ERROR_FIELDS[code] ?? code, value, 'PostgreSQL 15 §55.8'));
  }
  return fields;
}
