/** Moves the playhead: evenly along the (bent) axis of the window in view. The one place that knows wall time. */
import { bindEffects, Machine, type MachineHost } from '../machines/table';
import { fromLens, lensOf, nextMoment, nextStep, previousMoment, previousStep, sharedWindow, timeWindows, toLens } from '../trace';
import { playbackRules, type PlaybackContext, type PlaybackEvent } from './playback-rules';
import { playbackTable } from './playback-table.gen';
import { readingMs, sceneReached, scenesOf } from './scenes';
import { currentRun, lastTime, store } from './store';

const machine = new Machine<PlaybackContext, PlaybackEvent>(playbackTable, playbackRules);
const EFFECTS = bindEffects<Player, PlaybackEvent>(playbackTable, { rewind: () => store.setState({ t: 0 }) });
const NOTHING: PlaybackEvent = { type: '' };
/** A window takes this long at speed 1. */
export const WINDOW_MS = 18_000;
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4] as const;

class Player implements MachineHost<PlaybackEvent> {
  private readonly instance = { state: 0 };
  private readonly context: PlaybackContext = { resume: false };
  private frame = 0;
  private last = 0;
  /** Wall time until which a scene is held for reading. */
  private heldUntil = 0;
  /** Where steps forward came from, so that a step back undoes exactly one of them, also from between two events. */
  private trail: { readonly from: number; readonly to: number }[] = [];

  constructor() {
    machine.start(this.instance, this.context, this, NOTHING);
  }
  private send(event: string): void {
    machine.step(this.instance, this.context, machine.event(event), NOTHING, this);
    const playing = this.instance.state === machine.state('PLAYING');
    if (playing !== store.getState().playing) store.setState({ playing });
    if (playing && !this.frame) {
      this.last = 0;
      this.frame = requestAnimationFrame(this.tick);
    }
  }
  play = (): void => {
    this.letGo();
    this.send('PLAY');
  };
  pause = (): void => {
    this.letGo();
    this.send('PAUSE');
  };
  /** Play or pause; while a scene is held for reading, go on at once. */
  toggle = (): void => {
    const { playing, reading } = store.getState();
    if (playing && reading > 0) this.letGo();
    else if (playing) this.pause();
    else this.play();
  };
  private letGo(): void {
    this.heldUntil = 0;
    if (store.getState().reading > 0) store.setState({ reading: 0 });
  }
  /** Somebody takes the playhead, moves it (`seek`) and lets go. */
  grab = (): void => this.send('SCRUB');
  release = (): void => this.send('RELEASE');

  /** `scene` names the scene that is meant where several fall on one moment. */
  seek = (t: number, scene = -1): void => {
    const run = currentRun(store.getState());
    if (!run) return;
    const at = Math.max(0, Math.min(Math.round(t), lastTime(run.index)));
    this.letGo();
    store.setState({ t: at, scene });
    if (this.instance.state === machine.state('ENDED') && at < lastTime(run.index)) this.send('PAUSE');
  };
  /** To the next or the last instant at which something happens; exactly undone by the other direction. */
  step(direction: 1 | -1): void {
    this.pause();
    const { t, selection } = store.getState();
    const run = currentRun(store.getState());
    if (!run) return;
    const came = this.trail.pop();
    if (came?.to !== t) this.trail = [];
    if (came?.to === t && direction < 0) return this.seek(came.from);
    if (came?.to === t) this.trail.push(came);
    const request = selection?.type === 'request' ? selection.id : null;
    const next = direction > 0 ? nextStep(run.index, request, { time: t }) : previousStep(run.index, request, { time: t });
    if (next && direction > 0) this.trail.push({ from: t, to: Math.min(next.time, lastTime(run.index)) });
    if (next) this.seek(next.time);
    else if (direction < 0) this.seek(0);
  }
  moment(direction: 1 | -1): void {
    this.pause();
    const { t } = store.getState();
    const run = currentRun(store.getState());
    if (!run) return;
    const filter = { weightAtLeast: 2 as const };
    const next = direction > 0 ? nextMoment(run.index, t, filter) : previousMoment(run.index, t, filter);
    if (next) this.seek(next.time);
    else this.seek(direction > 0 ? lastTime(run.index) : 0);
  }
  faster(direction: 1 | -1): void {
    const at = SPEEDS.indexOf(store.getState().speed as (typeof SPEEDS)[number]);
    const speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + direction))]!;
    store.setState({ speed });
  }

  private tick = (now: number): void => {
    this.frame = 0;
    const state = store.getState();
    const run = currentRun(state);
    if (!run || this.instance.state !== machine.state('PLAYING')) return;
    const elapsed = this.last === 0 ? 16 : Math.min(100, now - this.last);
    this.last = now;
    this.frame = requestAnimationFrame(this.tick);
    const reading = Math.max(0, Math.ceil((this.heldUntil - now) / 1000));
    if (reading !== state.reading) store.setState({ reading });
    if (reading > 0) return;
    const { near } = state;
    const indexes = state.runs.map((r) => r.index);
    const window = sharedWindow(indexes, state.t, near);
    const lens = lensOf(indexes[0]!, window, state.bent, indexes.slice(1));
    const place = toLens(lens, state.t) + (elapsed / WINDOW_MS) * state.speed;
    // a scene that is passed holds the playhead for as long as its words take to read
    const to = place < 1 ? Math.max(fromLens(lens, place), state.t + 1) : window.end;
    const scenes = scenesOf(state.scenario, run.index);
    const at = sceneReached(scenes, state.t, state.scene) + 1;
    const scene = scenes[at];
    if (scene && scene.time <= to) {
      this.heldUntil = now + readingMs(scene) / Math.max(1, state.speed);
      store.setState({ t: scene.time, scene: at });
      return;
    }
    if (place < 1) store.setState({ t: to, scene: -1 });
    else {
      const later = indexes.flatMap((i) => timeWindows(i, near)).find((w) => w.start >= window.end || (w.start > state.t && w.end > window.end));
      if (!later) {
        store.setState({ t: window.end, scene: -1 });
        cancelAnimationFrame(this.frame);
        this.frame = 0;
        return this.send('END');
      }
      store.setState({ t: later.start, scene: -1 });
    }
  };
  /** An author's scene forward or back, one by one; moments where a scenario has none. */
  scene(direction: 1 | -1): void {
    const state = store.getState();
    const run = currentRun(state);
    const scenes = run ? scenesOf(state.scenario, run.index) : [];
    if (scenes.length === 0) return this.moment(direction);
    this.pause();
    const at = sceneReached(scenes, state.t, state.scene);
    const next = direction > 0 ? at + 1 : at >= 0 && state.t > scenes[at]!.time ? at : at - 1;
    const scene = scenes[next];
    if (scene) this.seek(scene.time, next);
    else this.seek(direction > 0 ? lastTime(run!.index) : 0);
  }

  effect(effect: number, event: PlaybackEvent, params: unknown): void {
    EFFECTS[effect]!(this, event, params);
  }
  armDelay(): void {}
  cancelDelay(): void {}
  moved(): void {}
  ignored(): void {}
}
export const player = new Player();
