/** What each key does on this page. */
import { ui } from '../explain/words/ui';
import type { Shortcut } from '../ui/keys';
import { breakOrSelect, compareOrLeave } from './acts';
import { player } from './player';
import { currentRun, lastTime, redo, select, store, undo, VIEWS, type Theme } from './store';

const LOOKS: readonly Theme[] = ['light', 'dark', 'projector'];
const { getState, setState } = store;

/** The next look: what `auto` looks like now counts as that look, so that every press changes something. */
export function nextTheme(): void {
  const { theme } = getState();
  const look = theme !== 'auto' ? theme : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  setState({ theme: LOOKS[(LOOKS.indexOf(look) + 1) % LOOKS.length]! });
}
export function nextView(): void {
  setState({ view: VIEWS[(VIEWS.indexOf(getState().view) + 1) % VIEWS.length]! });
}
export function toggleFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen?.().catch(() => undefined);
}

/** Keys that every page of ours has: the player's. */
export function playerKeys(): readonly Shortcut[] {
  return [
    { keys: [' ', 'k'], words: ui.keys.toggle, act: player.toggle },
    { keys: ['ArrowRight'], words: ui.keys.stepForward, act: () => player.step(1) },
    { keys: ['ArrowLeft'], words: ui.keys.stepBackward, act: () => player.step(-1) },
    { keys: ['Shift+ArrowRight'], words: ui.keys.momentForward, act: () => player.moment(1) },
    { keys: ['Shift+ArrowLeft'], words: ui.keys.momentBackward, act: () => player.moment(-1) },
    { keys: ['PageDown', 'l'], words: ui.keys.sceneForward, act: () => player.scene(1), everywhere: true },
    { keys: ['PageUp', 'j'], words: ui.keys.sceneBackward, act: () => player.scene(-1), everywhere: true },
    { keys: ['Home'], words: ui.keys.home, act: () => player.seek(0) },
    { keys: ['End'], words: ui.keys.end, act: () => player.seek(lastTime(currentRun(getState())!.index)) },
    { keys: ['>'], words: ui.keys.faster, act: () => player.faster(1) },
    { keys: ['<'], words: ui.keys.slower, act: () => player.faster(-1) },
    { keys: ['ArrowDown', 'ArrowUp'], words: ui.keys.walk, act: () => undefined, told: true },
  ];
}
export function shortcuts(on: { help: () => void; breakMenu: () => void; blank: () => void; escape: () => void }): readonly Shortcut[] {
  return [
    ...playerKeys(),
    { keys: ['d'], words: ui.keys.drop, act: () => breakOrSelect('drop') },
    { keys: ['x'], words: ui.keys.breakMenu, act: on.breakMenu },
    { keys: ['c'], words: ui.keys.compare, act: () => void compareOrLeave() },
    { keys: ['a'], words: ui.keys.lens, act: () => setState({ bent: !getState().bent }) },
    { keys: ['v'], words: ui.keys.view, act: nextView },
    { keys: ['t'], words: ui.keys.theme, act: nextTheme },
    { keys: ['f'], words: ui.keys.full, act: toggleFullScreen },
    { keys: ['.', 'b'], words: ui.keys.blank, act: on.blank },
    { keys: ['Ctrl+z'], words: ui.keys.undo, act: undo },
    { keys: ['Ctrl+y', 'Ctrl+Shift+z'], words: ui.keys.redo, act: redo },
    { keys: ['?', 'F1'], words: ui.keys.help, act: on.help },
    { keys: ['Escape'], words: ui.keys.escape, act: () => (on.escape(), select(null)) },
  ];
}
