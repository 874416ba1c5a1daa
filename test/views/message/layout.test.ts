/** The message view as numbers: what nests in what, who owns a byte, panes, rows, gaps, cells, steps. */
import { describe, expect, it } from 'vitest';
import type { DissectionNode } from '../../../src/model/dissection';
import { arrange, itemOf, rangeOf, WIRE } from '../../../src/views/message';
import { CLOSED, fieldMeant, fieldsAt, holdsEncrypted, inSight, isOpened, nests, openFirst, opens, rowsInSight, seenIn, type Frame } from '../../../src/views/message/frames';
import { barsOf, cellAt, cellsOf, edgesOf, FIRST_ROWS, glyphOf, hex, hexDigits, measure, NEAR_ROWS, stepIn, strips } from '../../../src/views/message/layout';
import { bare, ipNode, packet, REQUEST_LENGTH, tcpNode, tlsNode, twoRecords } from './fixture';

const a = arrange(packet);
const named = (name: string) => a.items.find((i) => i.node.name === name)!;
const chain = (frame: Frame): unknown => [frame.item.node.name, ...frame.inner.map(chain)];

describe('frames', () => {
  it('nest layers that stand beside each other, and messages in the records that hide them', () => {
    expect(a.outer.map(chain)).toEqual([['Internet Protocol', ['Transmission Control Protocol', ['TLS record', ['HTTP request']]]]]);
    expect([...'0123'].map((_, i) => a.items.filter((x) => x.level === 1)[i]!.frame.nest)).toEqual([0, 1, 2, 3]);
  });
  it('are the same whether a dissector nests its layers or lists them', () => {
    const total = packet.bytes.length;
    const nested: DissectionNode = { ...ipNode, end: total, children: [...ipNode.children, { ...tcpNode, end: total, children: [...tcpNode.children, tlsNode] }] };
    expect(arrange({ ...packet, nodes: [nested] }).outer.map(chain)).toEqual(a.outer.map(chain));
    const whole = [{ ...ipNode, end: total }, { ...tcpNode, end: total }, tlsNode];
    expect(arrange({ ...packet, nodes: whole }).outer.map(chain)).toEqual(a.outer.map(chain));
  });
  it('keep two records beside each other, each with its own buffer', () => {
    const two = arrange(twoRecords);
    expect(two.outer.map(chain)).toEqual([['Internet Protocol', ['Transmission Control Protocol', ['TLS record'], ['TLS record']]]]);
    expect(two.items.filter((i) => i.node.name === 'encrypted_record').map((i) => i.gate)).toEqual([0, 1]);
    expect(new Set(two.items.map((i) => i.key)).size).toBe(two.items.length);
  });
  it('make a frame of a message in a record of the same layer, not of options or lines', () => {
    const s = (name: string, start: number, end: number, children: DissectionNode[] = []): DissectionNode => ({ ...tlsNode, value: '', name, start, end, children });
    const hello = s('TLS record', 0, 100, [s('type', 0, 1), s('ClientHello', 5, 100, [s('random', 11, 43), s('extensions', 43, 100, [s('length', 43, 45), s('server_name', 45, 100, [s('list', 49, 100)])])])]);
    expect(arrange({ bytes: new Uint8Array(100), plain: [], nodes: [hello] }).outer.map(chain)).toEqual([['TLS record', ['ClientHello']]]);
    const sealed = s('TLSInnerPlaintext', 0, 60, [s('Finished', 0, 59, [s('verify_data', 4, 59)]), s('type', 59, 60)]);
    expect(arrange({ bytes: new Uint8Array(60), plain: [], nodes: [sealed] }).outer.map(chain)).toEqual([['TLSInnerPlaintext', ['Finished']]]);
    const lines = s('Message', 0, 60, [{ ...s('Host', 0, 59, [s('name', 0, 4)]), value: 'shop.example' }, s('Empty line', 59, 60)]);
    expect(arrange({ bytes: new Uint8Array(60), plain: [], nodes: [lines] }).outer.map(chain)).toEqual([['Message']]);
    const options = s('Header', 0, 100, [s('port', 0, 2), s('Options', 60, 100, [s('SACK', 60, 70)])]);
    expect(arrange({ bytes: new Uint8Array(100), plain: [], nodes: [options] }).outer.map(chain)).toEqual([['Header']]);
  });
  it('nest by range or by layer', () => {
    expect(nests(ipNode, tcpNode)).toBe(true);
    expect(nests(tcpNode, ipNode)).toBe(false);
    expect(nests(tlsNode, { ...tlsNode, start: tlsNode.end, end: tlsNode.end + 10 })).toBe(false);
    expect(nests(tlsNode, { ...tlsNode, start: tlsNode.start + 5 })).toBe(true);
    expect(nests(tlsNode, { ...tlsNode })).toBe(false);
  });
  it('say where the lock is', () => {
    expect(named('encrypted_record').gate).toBe(0);
    expect(named('length').gate).toBe(CLOSED);
    expect(a.items.filter((i) => i.level === 1 && holdsEncrypted(i.frame)).map((i) => i.node.name)).toEqual(['TLS record']);
    expect(a.items.filter((i) => i.level === 1 && isOpened(i.frame)).map((i) => i.node.name)).toEqual(['HTTP request']);
  });
  it('keep every node of the dissection exactly once', () => {
    const count = (nodes: readonly DissectionNode[]): number => nodes.reduce((sum, n) => sum + 1 + count(n.children), 0);
    expect(a.items.length).toBe(count(packet.nodes));
    expect(new Set(a.items.map((i) => i.node)).size).toBe(a.items.length);
  });
});

describe('owners', () => {
  it('are the smallest field around a byte, in each buffer', () => {
    expect([0, 1, 12, 24, 27, 28, 40, 44, 45, 518].map((i) => fieldsAt(a, WIRE, i)[0]?.node.name)).toEqual([
      'Version', 'DSCP and ECN', 'Source Address', 'Sequence Number', 'Sequence Number', 'Acknowledgment Number', 'opaque_type', 'length', 'encrypted_record', 'encrypted_record',
    ]);
    expect([0, 3, 4, 23, 25, REQUEST_LENGTH].map((i) => fieldsAt(a, 0, i)[0]?.node.name)).toEqual(['method', 'Request line', 'request-target', 'Request line', 'Host', 'type']);
  });
  it('are several where bits share a byte; a click means what groups them', () => {
    expect(fieldsAt(a, WIRE, 0).map((i) => i.node.name)).toEqual(['Version', 'IHL']);
    expect(fieldsAt(a, WIRE, 33)).toHaveLength(8);
    expect(fieldMeant(a, WIRE, 33)?.node.name).toBe('Flags');
    expect(fieldMeant(a, WIRE, 0)?.node.name).toBe('Version');
  });
  it('are none outside and where nothing is explained', () => {
    expect(fieldsAt(a, WIRE, 9999)).toEqual([]);
    expect(fieldsAt(a, 7, 0)).toEqual([]);
    expect(fieldMeant(arrange({ ...packet, nodes: [ipNode] }), WIRE, 30)).toBeNull();
  });
  it('go there and back', () => {
    for (const item of a.items) expect(itemOf(a, rangeOf(item))).toBe(item);
    expect(itemOf(a, { buffer: WIRE, start: 24, end: 28 })).toBe(named('Sequence Number'));
    expect(itemOf(a, { buffer: WIRE, start: 33, end: 34 })).toBe(named('Flags'));
    expect(itemOf(a, { buffer: WIRE, start: 25, end: 26 })).toBe(named('Sequence Number'));
    expect(itemOf(a, null)).toBeNull();
  });
  it('lie, on the wire, somewhere in the record that hides them', () => {
    expect(seenIn(named('method'), 0)).toMatchObject({ start: 0, end: 3 });
    expect(seenIn(named('method'), WIRE)).toMatchObject({ buffer: WIRE, start: 45, end: packet.bytes.length });
    expect(seenIn(named('type'), WIRE)).toMatchObject({ start: 45 });
    expect(seenIn(named('Sequence Number'), 0)).toBeNull();
  });
});

describe('rows in sight', () => {
  const rail = (i: (typeof a.items)[number]) => openFirst(i, false);
  it('show in a rail the message, on a wide page everything that carries it too', () => {
    expect(rowsInSight(a, rail).map((i) => i.node.name)).toEqual([
      'Internet Protocol', 'Transmission Control Protocol', 'TLS record', 'opaque_type', 'legacy_record_version', 'length', 'encrypted_record', 'HTTP request', 'Request line', 'Host', 'Cookie',
    ]);
    expect(rowsInSight(a, (i) => openFirst(i, true))).toHaveLength(11 + 11 + 9);
    const syn = arrange(bare);
    expect(rowsInSight(syn, rail).map((i) => i.node.name)).toContain('Sequence Number');
  });
  it('find the nearest row around one that is folded away', () => {
    expect(inSight(named('method'), rail)).toBe(named('Request line'));
    expect(inSight(named('Sequence Number'), rail)).toBe(named('Transmission Control Protocol'));
    expect(inSight(named('Host'), rail)).toBe(named('Host'));
  });
  it('open where there is more to see: rows below, or a long value', () => {
    expect(['Flags', 'Cookie', 'Host'].map((n) => opens(named(n)))).toEqual([true, true, false]);
  });
});

describe('measures', () => {
  it.each([[260, 8, false], [300, 8, false], [480, 8, false], [600, 16, false], [699, 16, false], [700, 8, true], [900, 16, true], [1280, 16, true]] as const)('at %i: %i bytes in a row, side by side: %s', (width, perRow, side) => {
    expect(measure(width, 1500)).toMatchObject({ perRow, side });
  });
  it('never are wider than the view, at any width and type', () => {
    for (const type of [12, 16, 24]) {
      for (let width = 240 * (type / 12); width <= 1920; width += 7) {
        for (const length of [40, 1500, 16_384]) {
          const m = measure(width, length, type);
          const row = m.offset + m.perRow * (m.cell + m.glyph) + m.gap;
          expect(row).toBeLessThanOrEqual(m.bytesWidth + 0.001);
          expect(m.side ? m.bytesWidth + m.framesWidth + 32 : m.bytesWidth).toBeLessThanOrEqual(width + 0.001);
        }
      }
    }
  });
  it('give bytes targets of 24 pixels in the rail and on wide pages', () => {
    for (const width of [300, 700, 900, 1280]) expect(measure(width, 1500).cell).toBeGreaterThanOrEqual(23.9);
  });
  it('write numbers in base 16 and what ASCII prints', () => {
    expect([hexDigits(0), hexDigits(15), hexDigits(16), hexDigits(4095), hexDigits(4096)]).toEqual([1, 1, 2, 3, 4]);
    expect([hex(5), hex(255), hex(16, 3)]).toEqual(['05', 'ff', '010']);
    expect([0x41, 0x20, 0x7e, 0x7f, 0x1f, 0xe9].map(glyphOf).join('')).toBe('A ~···');
  });
});

describe('rows of bytes', () => {
  const covered = (list: ReturnType<typeof strips>) => list.flatMap((s) => [s.start, s.end]);
  it('cover every byte once, in order, with and without gaps', () => {
    for (const length of [0, 1, 8, 127, 128, 129, 145, 1500]) {
      for (const near of [[], [{ buffer: WIRE, start: 900, end: 1400 }]]) {
        for (const whole of [true, false]) {
          const list = covered(strips(length, 8, whole, near));
          expect(list[0] ?? 0).toBe(0);
          expect(list[list.length - 1] ?? 0).toBe(length);
          for (let i = 1; i + 1 < list.length; i += 2) expect(list[i + 1]).toBe(list[i]);
        }
      }
    }
  });
  it('leave out what is long and say how much', () => {
    const list = strips(1500, 16, false);
    expect(list).toHaveLength(FIRST_ROWS + 1);
    expect(list[FIRST_ROWS]).toEqual({ start: 256, end: 1500, gap: true });
    expect(strips(1500, 16, true).some((s) => s.gap)).toBe(false);
  });
  it('show a few rows all the same rather than a gap of one or two', () => {
    expect(strips(16 * (FIRST_ROWS + 2), 16, false).some((s) => s.gap)).toBe(false);
    expect(strips(16 * (FIRST_ROWS + 3), 16, false).some((s) => s.gap)).toBe(true);
  });
  it('show the first rows of what is chosen further down', () => {
    const list = strips(1500, 16, false, [{ buffer: WIRE, start: 640, end: 1400 }]);
    expect(list.filter((s) => s.gap)).toEqual([{ start: 256, end: 640, gap: true }, { start: 640 + 16 * NEAR_ROWS, end: 1500, gap: true }]);
  });
  it('cut a range into cells', () => {
    expect(cellsOf(16, 32, 24, 40)).toEqual({ from: 8, to: 16, begins: true, ends: false });
    expect(cellsOf(32, 48, 24, 40)).toEqual({ from: 0, to: 8, begins: false, ends: true });
    expect(cellsOf(0, 16, 16, 20)).toBeNull();
    expect(cellsOf(0, 16, 4, 4)).toBeNull();
  });
  it('bound a range of several rows by one outline', () => {
    const outline = (start: number) => {
      const { above, below } = edgesOf(start, start + 16, 16, 24, 60);
      return [above && [above.from, above.to], below && [below.from, below.to]];
    };
    expect([0, 16, 32, 48].map(outline)).toEqual([[null, null], [[8, 16], null], [[0, 8], [12, 16]], [null, [0, 12]]]);
    expect(edgesOf(16, 32, 16, 20, 22)).toMatchObject({ above: { from: 4, to: 6 }, below: { from: 4, to: 6 } });
  });
  it('find the cell under a point', () => {
    expect([-3, 0, 23, 24, 383, 384, 900].map((x) => cellAt(x, 384, 16))).toEqual([0, 0, 0, 1, 15, 15, 15]);
    expect(cellAt(5, 0, 16)).toBe(15);
  });
  it('colour each field of a row, from left to right', () => {
    const bars = barsOf(a, WIRE, 32, 48);
    expect(bars.map((b) => [b.item.node.name, b.from, b.to, b.encrypted])).toEqual([
      ['Data Offset', 0, 1, false], ['CWR', 1, 2, false], ['Window', 2, 4, false], ['Checksum', 4, 6, false], ['Urgent Pointer', 6, 8, false],
      ['opaque_type', 8, 9, false], ['legacy_record_version', 9, 11, false], ['length', 11, 13, false], ['encrypted_record', 13, 16, true],
    ]);
    expect(bars[8]).toMatchObject({ begins: true, ends: false });
    expect(barsOf(a, WIRE, 512, 519).map((b) => [b.begins, b.ends])).toEqual([[false, true]]);
  });
});

describe('steps in the bytes', () => {
  const go = (key: string, at: number, ctrl = false) => stepIn(key, ctrl, at, 100, 16);
  it('stay inside and keep the column', () => {
    expect([go('ArrowRight', 5), go('ArrowLeft', 0), go('ArrowRight', 99), go('ArrowDown', 5), go('ArrowDown', 90), go('ArrowUp', 20), go('ArrowUp', 5)]).toEqual([6, 0, 99, 21, 90, 4, 5]);
    expect([go('Home', 20), go('End', 20), go('End', 97), go('Home', 20, true), go('End', 20, true)]).toEqual([16, 31, 99, 0, 99]);
    expect([go('PageDown', 2), go('PageDown', 10), go('PageUp', 99)]).toEqual([98, 90, 3]);
    expect(go('a', 5)).toBeNull();
  });
});
