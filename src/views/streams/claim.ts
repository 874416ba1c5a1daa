/** Where the answers of a run stand at a moment, as numbers for the view's sentence. */
import type { Ns } from '../../base/time';
import { streamsView as words } from '../../explain/words/streams-view';
import { valueAt, type SharedConnection } from '../../trace';
import { askedAt, pathOf } from './layout';

export function claimAt(connections: readonly SharedConnection[], t: Ns): string {
  const all = connections.flatMap((c) => c.answers.map((answer) => ({ answer, tcp: c.protocol !== 'h3' })));
  const asked = all.filter(({ answer }) => askedAt(answer) <= t);
  const under = asked.filter(({ answer }) => answer.request.endNs < 0 || answer.request.endNs > t);
  const waiters = all.filter(({ answer }) => (valueAt(answer.waiting, t) ?? 0) > 0);
  // over the whole of it: who waited, and who of them for the loss of others alone
  const held = all.filter(({ answer }) => answer.waiting.some((s) => s.value > 0)), heldInnocent = held.filter(({ answer }) => answer.missing.every((s) => s.value === 0));
  const busy = connections.filter((c) => c.answers.some((a) => askedAt(a) <= t && (a.request.endNs < 0 || a.request.endNs > t)));
  return words.claim({
    before: asked.length === 0, over: asked.length === all.length && under.length === 0, under: Math.max(under.length, waiters.length), connections: Math.max(1, busy.length),
    waiting: waiters.reduce((sum, { answer }) => sum + (valueAt(answer.waiting, t) ?? 0), 0), waiters: waiters.length,
    innocent: waiters.filter(({ answer }) => (valueAt(answer.missing, t) ?? 0) === 0).length, tcp: waiters.some(({ tcp }) => tcp), name: waiters[0] ? pathOf(waiters[0].answer.request.url) : '', held: held.length, heldInnocent: heldInnocent.length,
  });
}
