/** The contract of every exporter in the registry: it loads, writes what its line says, the same each time, and knows no clock. */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EXPORTERS, exporterNamed } from '../../src/export/registry';
import { bodyBytes } from '../../src/export/wire/body';
import { codecOf } from '../../src/export/wire/codecs';
import type { Flow, Message } from '../../src/model/stream';
import { catalogueRuns, input } from './runs';

/** CRC-32 by its polynomial, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) for (let bit = 0; bit < 8; bit++) crc = ((crc ^ (byte >> bit)) & 1 ? 0xedb88320 : 0) ^ (crc >>> 1);
  return ~crc >>> 0;
}

const runs = await catalogueRuns('multiplexing');
const again = await catalogueRuns('multiplexing');

describe.each(EXPORTERS.map((entry) => ({ id: entry.id, entry })))('$id', ({ entry }) => {
  it('names itself', () => {
    expect(exporterNamed(entry.id)).toBe(entry);
    expect(EXPORTERS.filter((e) => e.id === entry.id || e.title === entry.title)).toHaveLength(1);
    expect(entry.id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(entry.extension).toMatch(/^[a-z][a-z.]*$/);
    expect(entry.mime).toMatch(/^[a-z]+\/[a-z0-9.-]+$/);
    expect(entry.keywords.split(' ').length).toBeGreaterThan(2);
  });
  it('writes bytes or text, as it says, and the same for the same runs', async () => {
    const write = await entry.load();
    const file = write(input(runs));
    expect(file instanceof Uint8Array).toBe(entry.binary);
    expect(file.length).toBeGreaterThan(500);
    expect(write(input(again))).toEqual(file);
    if (entry.mime === 'application/json') expect(() => JSON.parse(file as string)).not.toThrow();
    expect(JSON.stringify(write(input(runs.slice(0, 1)))) === JSON.stringify(file), 'one run only').toBe(entry.oneRun);
  });
});

it.each([
  ['text/html', /^<!doctype html>[^]*<\/html>\n$/], ['image/svg+xml', /^<svg [^]*<\/svg>\n$/], ['application/json', /^\{"simulated":"[a-z ]*"\}$/], ['text/css', /^\/\*[^]*\*\/\n$/],
  ['text/javascript', /^\/\/ .*\n$/],
])('filler of type %s is well formed at every length that allows it', (type, form) => {
  for (const length of [200, 1000, 16_384]) {
    const text = Buffer.from(bodyBytes(type, length, 200, 'x')).toString();
    expect(text).toHaveLength(length);
    expect(text).toMatch(form);
  }
  for (const length of [0, 1, 5, 40]) expect(bodyBytes(type, length, 200, 'x')).toHaveLength(length);
});
it.each(['image/png', 'image/jpeg'])('filler of type %s has the form of a picture', (type) => {
  for (const length of [100, 1000, 60_000, 65_560, 65_561, 65_563, 200_000]) {
    const bytes = Buffer.from(bodyBytes(type, length, 200, 'x'));
    expect(bytes).toHaveLength(length);
    const parts: string[] = [];
    if (type === 'image/png') {
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      for (let at = 8; at < length; at += 12 + bytes.readUInt32BE(at)) {
        const end = at + 8 + bytes.readUInt32BE(at);
        expect(bytes.readUInt32BE(end)).toBe(crc32(bytes.subarray(at + 4, end)));
        parts.push(bytes.subarray(at + 4, at + 8).toString());
        if (parts.at(-1) === 'IDAT') expect([...inflateSync(bytes.subarray(at + 8, end))]).toEqual([0, 0]);
      }
      expect(parts).toEqual(['IHDR', 'tEXt', 'IDAT', 'IEND']);
    } else {
      for (let at = 2; at < length - 2; at += 2 + bytes.readUInt16BE(at + 2)) parts.push(bytes.subarray(at, at + 2).toString('hex'));
      expect(parts[0]).toBe('ffe0');
      expect(new Set(parts.slice(1))).toEqual(new Set(['fffe']));
      expect(bytes.subarray(-2).toString('hex')).toBe('ffd9');
    }
  }
});
it('messages of a protocol without a codec are filler of their length, and say so', () => {
  const message = { protocol: 'novel', name: 'Hello', layer: 'http', bytes: 33, start: 5, end: 38, direction: 0, fields: [{ name: 'Greeting', value: 'hi' }], body: null } as unknown as Message;
  const codec = codecOf(message);
  const bytes = codec.encode(message, { name: 'a>b' } as Flow);
  expect(bytes).toHaveLength(33);
  const node = codec.dissect(message, bytes, { name: 'a>b' } as Flow);
  expect([node.start, node.end, node.children[0]!.value]).toEqual([0, 33, 'hi']);
  expect(node.meaning).toContain('filler');
});
