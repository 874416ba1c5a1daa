/** The keyboard registry: which presses act where. */
import { describe, expect, it } from 'vitest';
import { handleKey, keyName, type Shortcut } from '../../src/ui/keys';

interface Press { key: string; tag?: string; type?: string; role?: string; shift?: boolean; ctrl?: boolean; alt?: boolean }
function press({ key, tag = 'BODY', type = 'text', role, shift = false, ctrl = false, alt = false }: Press, keys: readonly string[], everywhere = false): { took: boolean; prevented: boolean; acted: number } {
  let prevented = false, acted = 0;
  const event = {
    key, shiftKey: shift, ctrlKey: ctrl, metaKey: false, altKey: alt, target: { tagName: tag, type, getAttribute: (name: string) => (name === 'role' ? (role ?? null) : null) }, preventDefault: () => (prevented = true),
  } as unknown as KeyboardEvent;
  const list: Shortcut[] = [{ keys, words: '', act: () => void acted++, everywhere }];
  return { took: handleKey(event, list), prevented, acted };
}

describe('keys', () => {
  it('names shift with control, so that redo is not undo', () => {
    const name = (key: string, shiftKey: boolean, ctrlKey: boolean): string => keyName({ key, shiftKey, ctrlKey, metaKey: false } as KeyboardEvent);
    expect([name('z', false, true), name('Z', true, true), name('?', true, false), name('ArrowLeft', true, false)]).toEqual(['Ctrl+z', 'Ctrl+Shift+z', '?', 'Shift+ArrowLeft']);
  });
  it('a clicker’s keys act in lists and fields, and the control does not get them', () => {
    for (const tag of ['SELECT', 'INPUT', 'TEXTAREA', 'BUTTON', 'BODY']) expect(press({ key: 'PageDown', tag }, ['PageDown', 'l'], true)).toEqual({ took: true, prevented: true, acted: 1 });
  });
  it('letters and arrows stay with lists and fields', () => {
    for (const tag of ['SELECT', 'INPUT', 'TEXTAREA']) {
      expect(press({ key: 'l', tag }, ['PageDown', 'l'], true).took).toBe(false);
      expect(press({ key: 'ArrowRight', tag }, ['ArrowRight']).took).toBe(false);
    }
    expect(press({ key: 'ArrowRight', tag: 'INPUT', type: 'range' }, ['ArrowRight']).took).toBe(false);
    expect(press({ key: 'd', tag: 'INPUT', type: 'range' }, ['d']).took).toBe(true);
  });
  it('Space and Enter stay with buttons', () => {
    expect(press({ key: ' ', tag: 'BUTTON' }, [' ']).took).toBe(false);
    expect(press({ key: ' ', tag: 'g', role: 'button' }, [' ']).took).toBe(false);
    expect(press({ key: ' ' }, [' ']).took).toBe(true);
    expect(press({ key: ' ', alt: true }, [' ']).took).toBe(false);
  });
});
