/** What each key does on this page. */
import { ui } from '../explain/words/ui';
import type { Shortcut } from '../ui/keys';
import { player } from './player';
import { currentRun, lastTime, redo, select, store, undo, VIEWS, type Theme } from './store';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark', 'projector'];
const { getState, setState } = store;

export function nextTheme(): void {
  setState({ theme: THEMES[(THEMES.indexOf(getState().theme) + 1) % THEMES.length]! });
}
export function nextView(): void {
  setState({ view: VIEWS[(VIEWS.indexOf(getState().view) + 1) % VIEWS.length]! });
}

export function shortcuts(help: () => void): readonly Shortcut[] {
  return [
    { keys: [' ', 'k'], words: ui.keys.toggle, act: player.toggle },
    { keys: ['ArrowRight'], words: ui.keys.stepForward, act: () => player.step(1) },
    { keys: ['ArrowLeft'], words: ui.keys.stepBackward, act: () => player.step(-1) },
    { keys: ['Shift+ArrowRight'], words: ui.keys.momentForward, act: () => player.moment(1) },
    { keys: ['Shift+ArrowLeft'], words: ui.keys.momentBackward, act: () => player.moment(-1) },
    { keys: ['PageDown', 'l'], words: ui.keys.sceneForward, act: () => player.scene(1) },
    { keys: ['PageUp', 'j'], words: ui.keys.sceneBackward, act: () => player.scene(-1) },
    { keys: ['Home'], words: ui.keys.home, act: () => player.seek(0) },
    { keys: ['End'], words: ui.keys.end, act: () => player.seek(lastTime(currentRun(getState())!.index)) },
    { keys: ['>'], words: ui.keys.faster, act: () => player.faster(1) },
    { keys: ['<'], words: ui.keys.slower, act: () => player.faster(-1) },
    { keys: ['a'], words: ui.keys.lens, act: () => setState({ bent: !getState().bent }) },
    { keys: ['v'], words: ui.keys.view, act: nextView },
    { keys: ['t'], words: ui.keys.theme, act: nextTheme },
    { keys: ['f'], words: ui.keys.full, act: () => void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()) },
    { keys: ['Ctrl+z'], words: ui.keys.undo, act: undo },
    { keys: ['Ctrl+y', 'Ctrl+Shift+z'], words: ui.keys.redo, act: redo },
    { keys: ['?', 'F1'], words: ui.keys.help, act: help },
    { keys: ['Escape'], words: ui.keys.escape, act: () => select(null) },
  ];
}
