/** Trace kinds of a database that runs statements. */
import { defineKinds } from '../model/kinds';

export const DATABASE_KINDS = defineKinds('db', {
  /** `a` = text id of the statement. */
  statement_begun: { layer: 'storage', subject: 'query', a: 'sql', spec: 'PostgreSQL 15 §52' },
  /** `a` = text id of the node, `b` = text id of the index or ''. */
  plan_chosen: { layer: 'storage', subject: 'query', a: 'node', b: 'index', moment: true, spec: 'PostgreSQL 15 §14.1' },
  /** `a` = number of the run in `QueryRow.runs`, `b` = how many of its pages were read from below. */
  pages_touched: { layer: 'storage', subject: 'query', a: 'run', b: 'reads', spec: 'PostgreSQL 15 §73' },
  /** A page that is needed is being read for another session: this one waits for that read; `a` = text id of the statement that reads. */
  page_awaited: { layer: 'storage', subject: 'query', a: 'reader', spec: 'src/backend/storage/buffer/bufmgr.c: WaitIO' },
  /** It is there; `a` as above. */
  page_delivered: { layer: 'storage', subject: 'query', a: 'reader', edge: 'disk', spec: 'src/backend/storage/buffer/bufmgr.c: TerminateBufferIO' },
  /** `a` = rows of the result. */
  statement_done: { layer: 'storage', subject: 'query', a: 'rows', moment: true },
  /** `a` = text id of the SQLSTATE, `b` = text id of the message. */
  statement_refused: { layer: 'storage', subject: 'query', a: 'code', b: 'message', moment: true, spec: 'PostgreSQL 15 appendix A' },
});
