/** How urgent a request is (RFC 9218), the same in HTTP/2 and HTTP/3. */
import type { StreamOrder } from '../stream-order';

/** RFC 9218 §4: 0 the most urgent, 3 when nothing is said; whether parts are of use before the whole is there. */
export interface Urgency {
  readonly urgency: number;
  readonly incremental: boolean;
}
/**
 * What a server goes by. `rfc7540`: in HTTP/2 the tree of RFC 7540, which has no successor in HTTP/3 (nginx); `rfc9218`: urgency, in both
 * versions; `ignored`: nothing.
 */
export const PRIORITY_SCHEMES = ['rfc7540', 'rfc9218', 'ignored'] as const;
export type PriorityScheme = (typeof PRIORITY_SCHEMES)[number];
export const DEFAULT_URGENCY: Urgency = { urgency: 3, incremental: false };
/** Chromium: net::RequestPriority of each destination as an urgency (HIGHEST 0, MEDIUM 1, LOWEST 3). */
const URGENCIES: Readonly<Record<string, Urgency>> = {
  document: { urgency: 0, incremental: true }, stylesheet: { urgency: 0, incremental: false }, script: { urgency: 1, incremental: false }, image: { urgency: 3, incremental: true },
  other: { urgency: 1, incremental: true },
};
export const urgencyOf = (destination: string): Urgency => URGENCIES[destination] ?? DEFAULT_URGENCY;
/** Chromium ResourceFetcher::ComputeLoadPriority: a picture on the screen is of priority High, which is net::MEDIUM. */
export const VISIBLE_PICTURE: Urgency = { urgency: 1, incremental: true };
/** As a field's value; what is the default is not said (RFC 9218 §4). */
export const priorityValue = ({ urgency, incremental }: Urgency): string => [...(urgency === DEFAULT_URGENCY.urgency ? [] : [`u=${urgency}`]), ...(incremental ? ['i'] : [])].join(', ');

/** What a `priority` field or a PRIORITY_UPDATE frame says (RFC 9218 §4). A value that is no dictionary says nothing; a member out of range, or unknown, is passed over. */
export function parsePriority(value: string): Urgency {
  let { urgency, incremental } = DEFAULT_URGENCY;
  for (const member of value.trim() === '' ? [] : value.replace(/"[^"]*"/g, '""').split(',')) {
    const parts = /^\s*([a-z*][a-z0-9_.*-]*)(?:=([^;]*))?(?:;.*)?\s*$/.exec(member);
    if (!parts) return DEFAULT_URGENCY;
    const [, key, said = '?1'] = parts;
    if (key === 'u' && /^[0-7]\s*$/.test(said)) urgency = Number(said);
    if (key === 'i' && /^\?[01]\s*$/.test(said)) incremental = said.trim() === '?1';
  }
  return { urgency, incremental };
}
/** RFC 9218 §10. */
export const orderOf = ({ urgency, incremental }: Urgency): StreamOrder => ({ rank: urgency, shares: incremental });
