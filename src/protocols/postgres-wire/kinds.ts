/** Trace kinds of the PostgreSQL protocol. */
import { defineKinds } from '../../model/kinds';

export const PG_KINDS = defineKinds('pg', {
  /** `a` = text id of the message's name. */
  message_sent: { layer: 'storage', subject: 'message', a: 'name', spec: 'PostgreSQL 15 §55.7' },
  message_received: { layer: 'storage', subject: 'message', a: 'name', spec: 'PostgreSQL 15 §55.7' },
  /** DataRows one after another; the subject is the first. */
  rows_sent: { layer: 'storage', subject: 'message', a: 'rows', b: 'bytes', spec: 'PostgreSQL 15 §55.2.2' },
  /** The subject is the last. */
  rows_received: { layer: 'storage', subject: 'message', a: 'rows', b: 'bytes', spec: 'PostgreSQL 15 §55.2.2' },
  /** The postmaster's child begins to read; `a` = its process number. */
  backend_started: { layer: 'storage', subject: 'flow', a: 'process', moment: true, spec: 'PostgreSQL 15 §52.2' },
  /** `a` = text id of the role. */
  authenticated: { layer: 'storage', subject: 'flow', a: 'role', spec: 'PostgreSQL 15 §55.2.1' },
  /** The server lets nobody in; `a` = text id of the SQLSTATE, `b` = of the message. */
  session_refused: { layer: 'storage', subject: 'flow', a: 'code', b: 'text', moment: true, spec: 'PostgreSQL 15 appendix A' },
  /** The client may send statements. */
  session_ready: { layer: 'storage', subject: 'flow', moment: true, spec: 'PostgreSQL 15 §55.2.1' },
  backend_ended: { layer: 'storage', subject: 'flow', a: 'process', spec: 'PostgreSQL 15 §55.2.9' },
  /** `a` = text id of the statement. */
  statement_sent: { layer: 'storage', subject: 'message', a: 'sql', moment: true, spec: 'PostgreSQL 15 §55.2.2' },
  /** The server begins with a statement. */
  statement_begun: { layer: 'storage', subject: 'message', a: 'sql', spec: 'PostgreSQL 15 §55.2.2' },
  /** The answer is complete at the client; `a` = text id of the command tag, `b` = rows. */
  statement_done: { layer: 'storage', subject: 'message', a: 'tag', b: 'rows', moment: true, spec: 'PostgreSQL 15 §55.2.2' },
  /** `a` = text id of the SQLSTATE, `b` = of the message. */
  error_received: { layer: 'storage', subject: 'message', a: 'code', b: 'text', moment: true, spec: 'PostgreSQL 15 §55.8' },
  connection_lost: { layer: 'storage', subject: 'flow', a: 'code', moment: true },
});
