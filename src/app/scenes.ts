/** An author's named moments: found in the run by what happens, so that they survive a change of parameters. */
import type { Ns } from '../base/time';
import type { Scenario } from '../scenario/schema';
import { messagesOf, type TraceIndex } from '../trace';

export interface SceneMoment {
  readonly title: string;
  readonly narration: string;
  readonly time: Ns;
  readonly event: number;
}

/** Scenes that this run has, in order of time; one whose moment no longer happens is left out. */
export function scenesOf(scenario: Scenario | null, index: TraceIndex): readonly SceneMoment[] {
  const { trace } = index;
  const found: SceneMoment[] = [];
  for (const scene of scenario?.scenes ?? []) {
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
      found.push({ title: scene.title, narration: scene.narration, time: trace.time.at(e), event: e });
      break;
    }
  }
  return found.sort((a, b) => a.time - b.time || a.event - b.event);
}
/** The scene that a moment belongs to: the last that has begun. */
export function sceneAt(scenes: readonly SceneMoment[], t: Ns): SceneMoment | null {
  let current: SceneMoment | null = null;
  for (const s of scenes) if (s.time <= t) current = s;
  return current;
}
/** How long a scene holds while it plays: reading time of its narration, wall ms. */
export const readingMs = (scene: SceneMoment): number => 900 + scene.narration.length * 28;
