/**
 * What a database did for one statement: the plan it chose and those it rejected, and the pages it touched in order.
 * Law: page accesses are the true path through the structures of `storage`; views read this, never the structures.
 */
import type { EndpointId, EventId, HostId, MessageId, QueryId } from './ids';

/** What a page is in its relation. `vm` is the visibility map. */
export type PageKind = 'meta' | 'root' | 'internal' | 'leaf' | 'heap' | 'vm';

/** Consecutive blocks of one relation, touched one after the other; a single page has `count` 1. */
export interface PageRun {
  /** EXPLAIN counts the buffers of planning and of execution apart. */
  readonly phase: 'planning' | 'execution';
  readonly relation: string;
  readonly kind: PageKind;
  /** Level in a B+tree, 0 = leaf; 0 for heap and visibility map. */
  readonly level: number;
  /** First block, and how many from there on. */
  readonly block: number;
  readonly count: number;
  /** Of these, found in shared buffers, and read from below. */
  readonly hits: number;
  readonly reads: number;
  /** Tuples looked at on them. */
  readonly tuples: number;
  /** Event that says so (`db.pages_touched`). */
  event: EventId;
}

/** A node of a plan as EXPLAIN prints it; costs in PostgreSQL's units (seq_page_cost = 1). */
export interface PlanNode {
  /** `Seq Scan`, `Index Scan`, `Index Only Scan`, `Bitmap Heap Scan` … */
  readonly node: string;
  readonly relation: string;
  readonly index: string | null;
  readonly startupCost: number;
  readonly totalCost: number;
  readonly rows: number;
  /** `Index Cond: (id = 42)`, `Filter: (k = 7)`, or ''. */
  readonly condition: string;
  /** How the total comes about: named terms that add up to `totalCost`. */
  readonly terms: readonly { readonly name: string; readonly cost: number; readonly formula: string }[];
}

/** Shape of a relation when the statement ran. */
export interface RelationShape {
  readonly name: string;
  readonly kind: 'heap' | 'btree';
  readonly pages: number;
  readonly rows: number;
  /** Pages of each level, leaves first; empty for a heap. */
  readonly levels: readonly number[];
  /** Tuples of a full heap page, or of a leaf as filled. */
  readonly perPage: number;
}

export interface QueryRow {
  readonly id: QueryId;
  readonly host: HostId;
  readonly endpoint: EndpointId;
  /** Message that asked (`Query`, `Execute`), or -1. */
  readonly message: MessageId;
  readonly sql: string;
  readonly startEvent: EventId;
  endEvent: EventId;
  chosen: PlanNode | null;
  rejected: readonly PlanNode[];
  readonly runs: PageRun[];
  shapes: readonly RelationShape[];
  rows: number;
}
