/**
 * An author's named moments: found in the run by what happens, so that they survive a change of parameters. Law: every
 * scene can be reached one by one, also where several fall on one moment (`hint` tells which of them is meant).
 */
import type { Ns } from '../base/time';
import type { Scenario } from '../scenario/schema';
import { messagesOf, type TraceIndex } from '../trace';

export interface SceneMoment {
  readonly title: string;
  readonly narration: string;
  readonly time: Ns;
  readonly event: number;
  /** Its moment ends a phase of the main request: its words are about the time before it, so they are shown then. */
  readonly concludes: boolean;
}

const found = new WeakMap<TraceIndex, { scenario: Scenario; scenes: readonly SceneMoment[] }>();

/** Scenes that this run has, in order of time; one whose moment no longer happens is left out. Derived once for each run. */
export function scenesOf(scenario: Scenario | null, index: TraceIndex): readonly SceneMoment[] {
  if (!scenario) return [];
  const known = found.get(index);
  if (known?.scenario === scenario) return known.scenes;
  const scenes = findScenes(scenario, index);
  found.set(index, { scenario, scenes });
  return scenes;
}

function findScenes(scenario: Scenario, index: TraceIndex): readonly SceneMoment[] {
  const { trace } = index;
  const list: SceneMoment[] = [];
  const phases = trace.requests[trace.mainRequest]?.phases ?? [];
  for (const scene of scenario.scenes ?? []) {
    const kind = index.kindByName.get(scene.at.kind);
    if (kind === undefined) continue;
    let left = scene.at.nth ?? 1;
    for (let e = 0; e < trace.kind.length; e++) {
      if (trace.kind.at(e) !== kind) continue;
      if (scene.at.name !== undefined) {
        const pdu = trace.kinds[kind]!.subject === 'pdu' ? trace.pdus[trace.subject.at(e)] : undefined;
        const name = pdu ? [pdu.name, ...messagesOf(index, pdu)] : [trace.texts[trace.a.at(e)] ?? ''];
        if (!name.includes(scene.at.name)) continue;
      }
      if (--left > 0) continue;
      const time = trace.time.at(e);
      const concludes = phases.some((p) => p.startEvent < e && e < p.endEvent && p.endNs === time && p.endNs > p.startNs);
      list.push({ title: scene.title, narration: scene.narration, time, event: e, concludes });
      break;
    }
  }
  return list.sort((a, b) => a.time - b.time || a.event - b.event);
}

/** The last scene whose moment has come, by place in the list; -1 before the first. `hint` decides among those of one moment. */
export function sceneReached(scenes: readonly SceneMoment[], t: Ns, hint = -1): number {
  if (scenes[hint]?.time === t) return hint;
  let reached = -1;
  for (let i = 0; i < scenes.length; i++) if (scenes[i]!.time <= t) reached = i;
  return reached;
}
/** The scene whose words fit the moment: the one reached, or, once a phase is over, the one that tells the phase under way; -1 for none. */
export function sceneSpoken(scenes: readonly SceneMoment[], t: Ns, hint = -1): number {
  const reached = sceneReached(scenes, t, hint);
  const over = reached >= 0 ? scenes[reached]!.concludes && t > scenes[reached]!.time : true;
  return over && scenes[reached + 1]?.concludes ? reached + 1 : reached;
}
/** How long a scene holds while it plays: reading time of its narration, wall ms. */
export const readingMs = (scene: SceneMoment): number => 900 + scene.narration.length * 28;
