/** English: what a database does for a statement. */
import { capital, whole } from '../format';
import type { EventFacts } from '../facts';

const kinds: Readonly<Record<string, string>> = { meta: 'the meta page', root: 'the root', internal: 'an inner page', leaf: 'a leaf', heap: 'a heap page', vm: 'the visibility map' };
const places = (kind: string, n: number, relation: string): string => (n === 1 ? `${kinds[kind] ?? 'a page'} of ${relation}` : `${whole(n)} ${kind === 'heap' ? 'heap pages' : kind === 'leaf' ? 'leaves' : 'pages'} of ${relation}`);

export const storageEvents = {
  'db.statement_begun': (e: EventFacts): string => `${capital(e.host)} reads the SQL and plans a way to the rows.`,
  'db.plan_chosen': (e: EventFacts): string => {
    const chosen = e.query?.chosen, next = e.query?.rejected[0];
    const how = chosen ? `${chosen.node}${chosen.index ? ` on ${chosen.index}` : ` on ${chosen.relation}`}, cost ${chosen.totalCost.toFixed(2)}` : e.textA;
    return `The planner chooses: ${how}${next ? `; the next best, ${next.node}, would cost ${next.totalCost.toFixed(2)}` : ''}.`;
  },
  'db.pages_touched': (e: EventFacts): string => {
    const run = e.query?.runs[e.a];
    if (!run) return `${capital(e.host)} touches a page.`;
    const found = run.reads === 0 ? 'in shared buffers' : run.hits === 0 ? 'from disk' : `${whole(run.hits)} in shared buffers, ${whole(run.reads)} from disk`;
    return `${capital(e.host)} has ${places(run.kind, run.count, run.relation)}: ${found}.`;
  },
  'db.page_awaited': (e: EventFacts): string => `${capital(e.host)} needs a page that another session is reading just now: it waits for that read (${e.textA}).`,
  'db.page_delivered': (e: EventFacts): string => `The page that another session read is there (${e.textA}).`,
  'db.statement_done': (e: EventFacts): string => `${capital(e.host)} has the result: ${e.a === 1 ? 'one row' : `${whole(e.a)} rows`}.`,
  'db.statement_refused': (e: EventFacts): string => `${capital(e.host)} refuses the statement: ${e.textB} (${e.textA}).`,
};
