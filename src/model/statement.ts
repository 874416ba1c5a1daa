/**
 * Statements between a protocol that carries SQL and whoever runs it. Law: the runner answers each statement exactly
 * once, now or later; what it answers has the sizes of the rows' text form, from which packets get theirs.
 */
import type { EndpointId, MessageId } from './ids';

/** Column types by PostgreSQL's own names (pg_type.typname). */
export type ColumnType = 'bool' | 'int2' | 'int4' | 'int8' | 'float8' | 'numeric' | 'text' | 'varchar' | 'bpchar' | 'bytea' | 'date' | 'timestamptz' | 'uuid' | 'jsonb';
export interface ResultColumn {
  readonly name: string;
  readonly type: ColumnType;
}
/** A value in text form; or only the length of its text form in bytes; or NULL. */
export type Cell = string | number | null;
/** Where the session stands after the statement: idle, in a transaction, in a failed transaction (ReadyForQuery). */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface StatementResult {
  /** Empty for a statement that returns no rows. */
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** `SELECT 1`, `INSERT 0 1`, `BEGIN` …; '' for an empty statement. */
  readonly tag: string;
  readonly status?: TransactionStatus;
}
/** What goes wrong, in SQL's own terms. */
export interface SqlError {
  /** FATAL ends the session. */
  readonly severity: 'ERROR' | 'FATAL' | 'PANIC';
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly status?: TransactionStatus;
}
export type StatementAnswer = StatementResult | { readonly error: SqlError };

export interface Statement {
  readonly sql: string;
  /** Values of $1, $2 … in text form. */
  readonly parameters: readonly Cell[];
  /** End of the session that asks, on the server's side; the same for all its statements. */
  readonly session: EndpointId;
  /** Message that asks (`Query`, `Execute`). */
  readonly message: MessageId;
}
export interface StatementRunner {
  run(statement: Statement, respond: (answer: StatementAnswer) => void): void;
  /** The session is over: what it left open is rolled back. */
  ended?(session: EndpointId): void;
}
