/** Faults in an address: `drop(link=client,select=ServerHello,nth=1)`. Law: whatever comes, a checked fault or one clear complaint. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../base/result';
import { faultSchema, type ScenarioFault } from './schema';

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
