/** Faults from the scenario file and the URL to the plan. `drop(link=client,select=ServerHello,nth=1)` is the URL's form. */
import * as v from 'valibot';
import { parseQuantity } from '../base/quantity';
import { fail, ok, type Result } from '../base/result';
import type { Fault, PduFault } from '../model/fault';
import { faultSchema, type ScenarioFault } from './schema';

/** A file's fault as the engine's. */
export function planFault(f: ScenarioFault): Fault {
  const time = (text: string | undefined, otherwise: number | null): number | null => (text === undefined ? otherwise : parseQuantity(text, 'duration'));
  switch (f.do) {
    case 'drop':
    case 'delay':
    case 'duplicate':
    case 'corrupt': {
      const verdict: PduFault['verdict'] = f.do === 'drop' ? { do: 'drop', at: f.at ?? 0 } : f.do === 'delay' ? { do: 'delay', by: parseQuantity(f.by, 'duration')! } : { do: f.do };
      return { type: 'pdu', where: f.where, nth: f.nth ?? 1, count: f.count ?? 1, verdict };
    }
    case 'stop':
    case 'silent':
      return { type: 'host', host: f.host, verdict: f.do, from: time(f.from, 0)!, until: time(f.until, null) };
    case 'down':
      return { type: 'link', link: f.link, verdict: 'down', from: time(f.from, 0)!, until: time(f.until, null) };
    default:
      return { type: 'answer', host: f.host, verdict: f.do, ...(f.name ? { name: f.name } : {}) };
  }
}

const NUMBERS = new Set(['nth', 'count', 'at', 'fromPort', 'toPort', 'payloadAtLeast', 'payloadAtMost', 'transmission']);
const OUTSIDE = new Set(['nth', 'count', 'at', 'by', 'host', 'from', 'until', 'name']);

/** Reads the URL's form. */
export function parseFaultText(text: string): Result<ScenarioFault> {
  const match = /^([a-z-]{3,40})\((.{0,500})\)$/.exec(text);
  if (!match) return fail(`fault=${text.slice(0, 60)}`, 'is not verdict(selector)', 'write for example drop(link=client,select=SYN)');
  const raw: Record<string, unknown> = { do: match[1] };
  const where: Record<string, unknown> = {};
  const aboutPackets = ['drop', 'delay', 'duplicate', 'corrupt'].includes(match[1]!);
  for (const part of match[2]!.split(',').filter(Boolean)) {
    const at = part.indexOf('=');
    const key = part.slice(0, at);
    let value: unknown;
    try {
      value = decodeURIComponent(part.slice(at + 1));
    } catch {
      return fail(`fault=${text.slice(0, 60)}`, 'is not well encoded', 'copy the link again');
    }
    if (key === 'range') value = String(value).split('-').map(Number);
    else if (NUMBERS.has(key)) value = Number(value);
    if (['__proto__', 'constructor', 'prototype'].includes(key)) return fail(`fault=${key}`, 'is a forbidden key', 'remove it');
    if (aboutPackets && !(OUTSIDE.has(key) && key !== 'from')) where[key] = value;
    else raw[key] = value;
  }
  if (aboutPackets) raw.where = where;
  const parsed = v.safeParse(faultSchema, raw);
  if (!parsed.success) return fail(`fault=${text.slice(0, 80)}`, parsed.issues[0].message, 'write for example drop(link=client,select=SYN)');
  return ok(parsed.output);
}
