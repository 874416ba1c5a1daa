/** Errors that the protocol itself gives, by SQLSTATE (PostgreSQL 15 appendix A), with the server's own sentences. */
import type { SqlError } from '../../model/statement';

const fatal = (code: string, message: string): SqlError => ({ severity: 'FATAL', code, message });

export const TOO_MANY_CLIENTS = fatal('53300', 'sorry, too many clients already');
export const SLOTS_RESERVED = fatal('53300', 'remaining connection slots are reserved for non-replication superuser connections');
export const STARTING_UP = fatal('57P03', 'the database system is starting up');
export const wrongPassword = (role: string): SqlError => fatal('28P01', `password authentication failed for user "${role}"`);
/** What a client tells when the connection breaks under it (class 08). */
export const CONNECTION_FAILURE: SqlError = fatal('08006', 'server closed the connection unexpectedly');
/** `sslmode=require` and the server answered N. */
export const SSL_NOT_SUPPORTED: SqlError = fatal('08001', 'server does not support SSL, but SSL was required');

/** Fields of an ErrorResponse. Simplification: without file, line and routine of the server's source. */
export const errorFields = (e: SqlError): (readonly [string, string])[] => [['S', e.severity], ['V', e.severity], ['C', e.code], ['M', e.message], ...(e.detail ? [['D', e.detail] as const] : [])];
/** The error in an ErrorResponse. */
export function errorOf(fields: readonly (readonly [string, string])[]): SqlError {
  const field = (code: string): string => fields.find(([c]) => c === code)?.[1] ?? '';
  return { severity: field('V') as SqlError['severity'], code: field('C'), message: field('M'), ...(field('D') ? { detail: field('D') } : {}) };
}
