/** Trace kinds of a request inside an app server. */
import { defineKinds } from '../model/kinds';

export const COMPUTE_KINDS = defineKinds('app', {
  /** `a` = text id of the path. */
  request_taken: { layer: 'compute', a: 'path' },
  /** `a` = text id of the statement. */
  statement_sent: { layer: 'compute', a: 'sql', spec: 'PostgreSQL 15 §55.2.2' },
  rows_received: { layer: 'compute', a: 'rows', b: 'sql' },
  statement_failed: { layer: 'compute', a: 'sql', b: 'code', moment: true },
  /** Nobody can take the request: its connection is closed unread; `a` = text id of the reason. */
  connection_dropped: { layer: 'compute', subject: 'message', a: 'reason', moment: true, spec: 'Tomcat AbstractEndpoint.processSocket' },
  /** The pool could not open a connection and tries again after `b` ns; `a` = text id of the reason. */
  connect_failed: { layer: 'compute', a: 'code', b: 'pauseNs', moment: true, spec: 'HikariCP, HikariPool.PoolEntryCreator' },
  /** `a` = status, `b` = text id of the reason. */
  error_answered: { layer: 'compute', a: 'status', b: 'reason', moment: true },
});
