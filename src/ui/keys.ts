/** The keyboard: one registry drives the handler and the help sheet. Single keys are off in text fields and with modifiers. */
export interface Shortcut {
  /** `event.key`, with `Ctrl+` or `Shift+` before it. */
  readonly keys: readonly string[];
  readonly words: string;
  readonly act: () => void;
  /** Acts wherever the focus is, also in lists: the keys of a clicker. */
  readonly everywhere?: boolean;
  /** Only told in the help sheet: the widget that has the focus handles it. */
  readonly told?: boolean;
}

/** The name of a key press in the registry's form. */
export function keyName(event: KeyboardEvent): string {
  const ctrl = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  const shift = event.shiftKey && (event.key.length > 1 || ctrl !== '') ? 'Shift+' : '';
  return ctrl + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/** After a choice by pointer the page's keys act again; who chooses by keyboard stays in the list. */
export function leaveList(list: HTMLElement): void {
  if (!list.matches(':focus-visible')) list.blur();
}

/** Handles a press; true when a shortcut took it. Controls keep their own keys: Space and Enter, arrows in sliders and lists. */
export function handleKey(event: KeyboardEvent, shortcuts: readonly Shortcut[]): boolean {
  if (event.altKey) return false;
  const name = keyName(event);
  const found = shortcuts.find((s) => !s.told && s.keys.includes(name));
  if (!found) return false;
  const target = event.target as HTMLElement | null;
  const tag = target?.tagName ?? '';
  const writes = tag === 'TEXTAREA' || (tag === 'INPUT' && !['range', 'checkbox'].includes((target as HTMLInputElement).type));
  if (!found.everywhere || name.length === 1) {
    if (writes || tag === 'SELECT') return false;
    if ((tag === 'BUTTON' || tag === 'SUMMARY' || tag === 'A' || target?.getAttribute('role') === 'button') && (event.key === ' ' || event.key === 'Enter')) return false;
    if (tag === 'INPUT' && /^(Arrow|Home|End| )/.test(event.key)) return false;
  }
  event.preventDefault();
  found.act();
  return true;
}
