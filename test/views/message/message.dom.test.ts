/** The message view in a page: roles and names, fields and bytes that light each other, the keyboard, wire and opened. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { MessageView, type ByteRange } from '../../../src/views/message';
import { bare, packet, PLAIN, twoRecords, WIRE_BYTES } from './fixture';

// Not by role: many rows and cells, each asked for its visibility and name, take seconds. Roles and names have tests of their own.
const row = (name: RegExp) => treeRows().find((r) => name.test(r.getAttribute('aria-label')!))!;
const treeRows = () => [...document.querySelectorAll<HTMLElement>('[role="treeitem"]')];
const rows = () => treeRows().map((r) => r.getAttribute('aria-label')!.split(',')[0]);
const cells = () => [...document.querySelectorAll<HTMLElement>('[role="gridcell"]')];
const cell = (at: number) => cells().find((c) => c.dataset.byte === String(at))!;
const litBytes = () => cells().filter((c) => c.dataset.lit).map((c) => Number(c.dataset.byte));
const chosenBytes = () => cells().filter((c) => c.getAttribute('aria-selected') === 'true').map((c) => Number(c.dataset.byte));
const litRows = () => treeRows().filter((r) => r.dataset.lit).map((r) => r.getAttribute('aria-label')!.split(',')[0]);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const key = async (name: string, more: object = {}) => {
  await fireEvent.keyDown(document.activeElement!, { key: name, ...more });
  await tick();
  await tick();
};
const focused = () => document.activeElement!.getAttribute('aria-label') ?? '';
const wide = (more: object = {}) => render(MessageView, { dissection: packet, width: 900, ...more });

describe('what is read aloud', () => {
  it('is one tree of fields and one grid of bytes, each a single tab stop', () => {
    wide();
    expect(screen.getByRole('tree', { name: 'Layers and fields' })).toBeTruthy();
    expect(screen.getByRole('grid', { name: /^On the wire/ })).toBeTruthy();
    expect(screen.getAllByRole('treeitem').filter((r) => r.tabIndex === 0)).toHaveLength(1);
    expect(cells().filter((c) => c.getAttribute('tabindex') === '0')).toHaveLength(1);
  });
  it('names a field with value, meaning, place and reference', () => {
    wide();
    expect(row(/^Sequence Number/).getAttribute('aria-label')).toBe('Sequence Number, 4097, first byte of this segment, bytes 24–27, RFC 9293 §3.4');
    expect(screen.getByRole('treeitem', { name: /^Sequence Number, 4097/ })).toBe(row(/^Sequence Number/));
    expect(row(/^IHL/).getAttribute('aria-label')).toContain('bits 4–7');
    expect(row(/^HTTP request/).getAttribute('aria-label')).toContain('opened, bytes 0–456 of the opened record, RFC 9112 §3, carried by TLS record');
  });
  it('names a byte with its value, place and field', () => {
    wide();
    expect(cell(24).getAttribute('aria-label')).toBe('00, byte 24, Sequence Number');
    expect(cell(0).getAttribute('aria-label')).toBe('45 E, byte 0, Version');
  });
  it('says levels and places, and which rows can be opened', () => {
    wide();
    const tcp = row(/^Transmission Control Protocol/);
    expect([tcp.getAttribute('aria-level'), tcp.getAttribute('aria-posinset'), tcp.getAttribute('aria-setsize'), tcp.getAttribute('aria-expanded')]).toEqual(['1', '2', '4', 'true']);
    expect(row(/^Flags,/).getAttribute('aria-expanded')).toBe('false');
    expect(row(/^Window/).getAttribute('aria-expanded')).toBeNull();
    expect(row(/^Window/).getAttribute('aria-level')).toBe('2');
  });
  it('shows the very bytes, sixteen in a row or eight in a rail', () => {
    const { unmount } = wide();
    const first = (n: number) => within(screen.getAllByRole('row')[0]!).getAllByRole('gridcell').slice(0, n).map((c) => c.textContent);
    expect(first(99)).toEqual(Array.from(WIRE_BYTES.subarray(0, 16), (b) => b.toString(16).padStart(2, '0')));
    unmount();
    render(MessageView, { dissection: packet, width: 300 });
    expect(first(99)).toHaveLength(8);
  });
});

describe('fields and bytes', () => {
  it('light the bytes of the field under the pointer, and let go', async () => {
    wide();
    await fireEvent.pointerOver(row(/^Sequence Number/));
    expect(litBytes()).toEqual(range(24, 28));
    await fireEvent.pointerOver(row(/^Window/));
    expect(litBytes()).toEqual([34, 35]);
    await fireEvent.pointerLeave(screen.getByRole('tree'));
    expect(litBytes()).toEqual([]);
  });
  it('light the field of the byte under the pointer, or all that share it', async () => {
    wide();
    await fireEvent.pointerOver(cell(25));
    expect(litRows()).toEqual(['Sequence Number']);
    expect(litBytes()).toEqual(range(24, 28));
    await fireEvent.pointerOver(cell(0));
    expect(litRows()).toEqual(['Version', 'IHL']);
    await fireEvent.pointerOver(cell(33));
    expect(litRows()).toEqual(['Flags']);
  });
  it('light by keyboard focus as by pointer', async () => {
    wide();
    row(/^Source Port/).focus();
    await tick();
    expect(litBytes()).toEqual([20, 21]);
    cell(10).focus();
    await tick();
    expect(litRows()).toEqual(['Header Checksum']);
  });
  it('keep what is clicked, and give it to the page', async () => {
    const onselect = vi.fn<(r: ByteRange | null) => void>();
    wide({ onselect });
    await fireEvent.click(row(/^Sequence Number/));
    await fireEvent.pointerLeave(screen.getByRole('tree'));
    expect(chosenBytes()).toEqual(range(24, 28));
    expect(row(/^Sequence Number/).getAttribute('aria-selected')).toBe('true');
    expect(onselect.mock.lastCall![0]).toMatchObject({ buffer: -1, start: 24, end: 28 });
    await fireEvent.click(cell(16));
    expect(row(/^Destination Address/).getAttribute('aria-selected')).toBe('true');
    expect(chosenBytes()).toEqual(range(16, 20));
    await fireEvent.click(cell(16));
    expect(onselect.mock.lastCall![0]).toBeNull();
    expect(chosenBytes()).toEqual([]);
  });
  it('show what the page chose', async () => {
    const { rerender } = wide({ selected: { buffer: -1, start: 12, end: 16 } });
    expect(row(/^Source Address/).getAttribute('aria-selected')).toBe('true');
    expect(chosenBytes()).toEqual(range(12, 16));
    await rerender({ selected: { buffer: 0, start: 0, end: 3 } });
    expect(row(/^method/).getAttribute('aria-selected')).toBe('true');
    expect(chosenBytes()).toEqual([0, 1, 2]);
    expect(cell(0).textContent).toBe('47');
  });
  it('open what is folded around a clicked byte', async () => {
    render(MessageView, { dissection: packet, width: 300 });
    expect(rows()).not.toContain('Sequence Number');
    await fireEvent.pointerOver(cell(24));
    expect(litRows()).toEqual(['Transmission Control Protocol']);
    await fireEvent.click(cell(24));
    expect(row(/^Sequence Number/).getAttribute('aria-selected')).toBe('true');
  });
});

describe('encrypted records', () => {
  const pressed = (name: string) => screen.getByRole('button', { name }).getAttribute('aria-pressed');
  it('are shown as on the wire, and opened on demand', async () => {
    wide();
    expect([pressed('On the wire'), pressed('Opened')]).toEqual(['true', 'false']);
    await fireEvent.click(screen.getByRole('button', { name: 'Opened' }));
    expect([pressed('On the wire'), pressed('Opened')]).toEqual(['false', 'true']);
    expect(screen.getByRole('grid', { name: /^Opened/ })).toBeTruthy();
    expect(cell(0).textContent).toBe(PLAIN[0]!.toString(16));
    await fireEvent.pointerOver(cell(5));
    expect(litRows()).toEqual(['Request line']);
    expect(litBytes()).toEqual(range(4, 14));
    await fireEvent.click(screen.getByRole('button', { name: 'On the wire' }));
    expect(cell(0).textContent).toBe('45');
  });
  it('hide a field of the contents in all their ciphertext until it is chosen', async () => {
    wide();
    await fireEvent.pointerOver(row(/^Host/));
    expect(pressed('On the wire')).toBe('true');
    expect(litBytes()[0]).toBe(45);
    expect(screen.getByText(/^encrypted, somewhere in bytes 45–518$/)).toBeTruthy();
    await fireEvent.click(row(/^Host/));
    expect(pressed('Opened')).toBe('true');
    expect(chosenBytes()[0]).toBe(25);
    await fireEvent.click(row(/^Sequence Number/));
    expect(pressed('On the wire')).toBe('true');
  });
  it('stay as the reader turned them while the selection stays', async () => {
    wide({ selected: { buffer: -1, start: 24, end: 28 } });
    await fireEvent.click(screen.getByRole('button', { name: 'Opened' }));
    expect(pressed('Opened')).toBe('true');
    expect(chosenBytes()).toEqual([]);
  });
  it('are said in words and not by colour alone', () => {
    wide();
    expect(row(/^TLS record/).textContent).toContain('encrypted');
    expect(row(/^HTTP request/).textContent).toContain('opened');
    expect(row(/^Internet Protocol/).textContent).not.toContain('encrypted');
  });
  it('of two records have a choice; without any there is no switch', async () => {
    const { rerender } = render(MessageView, { dissection: twoRecords, width: 900 });
    await fireEvent.click(screen.getByRole('button', { name: 'Opened' }));
    expect(cell(0).textContent).toBe('01');
    await fireEvent.change(screen.getByRole('combobox', { name: 'Record' }), { target: { value: '1' } });
    expect(screen.getByRole('option', { name: '2 of 2: Finished' })).toBeTruthy();
    expect(cell(0).textContent).toBe('04');
    await rerender({ dissection: bare });
    expect(screen.queryByRole('button', { name: 'Opened' })).toBeNull();
    expect(cell(0).textContent).toBe('45');
  });
});

describe('the keyboard', () => {
  it('walks through the tree, folds and unfolds', async () => {
    render(MessageView, { dissection: packet, width: 300 });
    row(/^Internet Protocol/).focus();
    await key('ArrowDown');
    expect(focused()).toMatch(/^Transmission Control/);
    await key('ArrowRight');
    expect(rows()).toContain('Sequence Number');
    expect(focused()).toMatch(/^Transmission Control/);
    await key('ArrowRight');
    expect(focused()).toMatch(/^Source Port/);
    await key('ArrowLeft');
    await key('ArrowLeft');
    expect(rows()).not.toContain('Sequence Number');
    await key('ArrowLeft');
    expect(focused()).toMatch(/^Internet Protocol/);
    await key('End');
    expect(focused()).toMatch(/^Cookie/);
    await key('Home');
    expect(focused()).toMatch(/^Internet Protocol/);
    expect(screen.getAllByRole('treeitem').filter((r) => r.tabIndex === 0)).toEqual([document.activeElement]);
  });
  it('chooses with Enter and lets go with Escape', async () => {
    wide();
    row(/^Window/).focus();
    await key('Enter');
    expect(chosenBytes()).toEqual([34, 35]);
    await key('Escape');
    expect(chosenBytes()).toEqual([]);
  });
  it('keeps its keys from the page, and leaves others alone', async () => {
    const heard = vi.fn();
    document.addEventListener('keydown', heard);
    wide();
    row(/^Window/).focus();
    await key('ArrowDown');
    expect(heard).not.toHaveBeenCalled();
    await key('l');
    await key('ArrowDown', { ctrlKey: true });
    await key('Escape');
    expect(heard).toHaveBeenCalledTimes(3);
    document.removeEventListener('keydown', heard);
  });
  it('walks through the bytes, into those left out too', async () => {
    wide();
    cell(0).focus();
    await key('ArrowRight');
    await key('ArrowDown');
    expect(focused()).toMatch(/byte 17,/);
    await key('End');
    expect(focused()).toMatch(/byte 31,/);
    await key('Home');
    expect(focused()).toMatch(/byte 16,/);
    await key('End', { ctrlKey: true });
    expect(focused()).toMatch(/byte 518,/);
    expect(screen.queryByRole('button', { name: /Show all/ })).toBeNull();
    await key('Enter');
    expect(row(/^encrypted_record/).getAttribute('aria-selected')).toBe('true');
  });
});

describe('what is long', () => {
  it('is cut with a count, and shown on demand', async () => {
    wide();
    expect(screen.getAllByRole('row').length).toBe(17);
    await fireEvent.click(screen.getByRole('button', { name: /263 bytes left out Show all/ }));
    expect(cells()).toHaveLength(WIRE_BYTES.length);
  });
  it('is made of single cells only where the cursor is, when it is very long', async () => {
    const long = { ...bare, bytes: new Uint8Array(4096).fill(0x41) };
    render(MessageView, { dissection: long, width: 900 });
    await fireEvent.click(screen.getByRole('button', { name: /Show all/ }));
    const inRow = (n: number) => [...document.querySelectorAll('[role="row"]')[n]!.querySelectorAll('[role="gridcell"]')];
    expect([inRow(0).length, inRow(1).length, inRow(255).length]).toEqual([16, 1, 1]);
    expect(inRow(255)[0]!.textContent).toBe(Array(16).fill('41').join(' '));
    cell(5).focus();
    await key('ArrowDown');
    expect(focused()).toMatch(/byte 21,/);
    expect([inRow(0).length, inRow(1).length]).toEqual([1, 16]);
    await fireEvent.click(inRow(200)[0]!);
    await tick();
    expect(focused()).toMatch(/byte 3200/);
  });
  it('counts as text too, and opens by key or click', async () => {
    wide();
    expect(row(/^Cookie/).textContent).toContain('304 characters more');
    row(/^Cookie/).focus();
    await key('ArrowRight');
    expect(row(/^Cookie/).textContent).toContain('a'.repeat(400));
    await key('ArrowLeft');
    await fireEvent.click(screen.getByText(/304 characters more/));
    expect(row(/^Cookie/).textContent).toContain('a'.repeat(400));
  });
  it('shows the rows of what is chosen further down', async () => {
    wide({ selected: { buffer: -1, start: 480, end: 500 } });
    expect(cell(480)).toBeTruthy();
    expect(cell(300)).toBeUndefined();
  });
});
