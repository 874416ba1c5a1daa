/** How urgent a request is (RFC 9218), the same in HTTP/2 and HTTP/3. */

/** RFC 9218 §4: 0 the most urgent, 3 when nothing is said; whether parts are of use before the whole is there. */
export interface Urgency {
  readonly urgency: number;
  readonly incremental: boolean;
}
export const DEFAULT_URGENCY: Urgency = { urgency: 3, incremental: false };
/** Chromium: net::RequestPriority of each destination as an urgency (HIGHEST 0, MEDIUM 1, LOWEST 3). */
const URGENCIES: Readonly<Record<string, Urgency>> = {
  document: { urgency: 0, incremental: true }, stylesheet: { urgency: 0, incremental: false }, script: { urgency: 1, incremental: false }, image: { urgency: 3, incremental: true },
  other: { urgency: 1, incremental: true },
};
export const urgencyOf = (destination: string): Urgency => URGENCIES[destination] ?? DEFAULT_URGENCY;
/** As a field's value; what is the default is not said (RFC 9218 §4). */
export const priorityValue = ({ urgency, incremental }: Urgency): string => [...(urgency === DEFAULT_URGENCY.urgency ? [] : [`u=${urgency}`]), ...(incremental ? ['i'] : [])].join(', ');
