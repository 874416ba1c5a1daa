/** What is done to the selected message, from the rail, the bar of the projector, the sheet of the phone or a key. */
import { captionAt } from '../explain';
import type { PduRow } from '../model/pdu';
import type { ScenarioFault } from '../scenario/schema';
import { positionOf } from '../trace';
import { player } from './player';
import { faultOn } from './selectors';
import { addFault, currentRun, dropForks, fork, select, store, type Levers } from './store';

export type Verdict = 'drop' | 'delay' | 'duplicate' | 'corrupt';

/** The selected message, or null. */
export function selectedPdu(): PduRow | null {
  const state = store.getState();
  const run = currentRun(state);
  return (run && state.selection?.type === 'pdu' && run.index.trace.pdus[state.selection.id]) || null;
}

/** Breaks the selected message where it is now (halfway when it is not on its way); the clock goes to its loss. */
export function breakSelected(verdict: Verdict): boolean {
  const pdu = selectedPdu();
  const state = store.getState();
  const run = currentRun(state);
  if (!pdu || !run) return false;
  const { head } = positionOf(pdu, state.t);
  const at = head > 0.02 && head < 0.98 ? head : 0.5;
  player.pause();
  if (!intervene(faultOn(run.index, pdu, verdict, at))) return false;
  const same = selectedPdu();
  if (same && same.fate > 1 && same.fateAt >= 0) player.seek(same.fateAt);
  else if (same && (state.t < same.sentAt || state.t > same.fateAt)) player.seek(same.sentAt);
  return true;
}
/** Breaks the selected message; with none selected, selects the one that the caption speaks of, so that the next press breaks it. */
export function breakOrSelect(verdict: Verdict | null): void {
  const state = store.getState();
  const run = currentRun(state);
  if (!selectedPdu() && run) {
    const spoken = captionAt(run.index, state.t).pdu ?? run.index.trace.pdus.find((p) => p.sentAt >= state.t)?.id;
    if (spoken !== undefined) select({ type: 'pdu', id: spoken });
  } else if (verdict) breakSelected(verdict);
}

/** Sets the run before the last change, or the present one, beside the next. */
export async function setAside(which: 'before' | 'now'): Promise<void> {
  const { leversTitle } = await import('./lever-words');
  fork(which, leversTitle);
}
/** Compares with the run before the last change, or sets the present one aside for the next; what stands aside already is not set aside twice. With nothing new, the comparison ends. */
export async function compareOrLeave(): Promise<void> {
  const { forks, levers, beforeLevers } = store.getState();
  const aside = (those: Levers): boolean => forks.some((f) => JSON.stringify(f.levers) === JSON.stringify(those));
  if (beforeLevers && !aside(beforeLevers)) await setAside('before');
  else if (!aside(levers) && (forks.length === 0 || beforeLevers)) await setAside('now');
  else dropForks();
}
/** Adds a fault and gives the focus back to the diagram, so that no second press repeats it. */
export function intervene(fault: ScenarioFault): boolean {
  const done = addFault(fault);
  if (done) focusDiagram();
  return done;
}
/** Never scrolls: a frame's host page stays where it is. */
export function focusDiagram(): void {
  document.querySelector<SVGElement>('svg.diagram')?.focus({ preventScroll: true });
}
