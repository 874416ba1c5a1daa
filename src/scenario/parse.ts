/**
 * From untrusted text to a scenario. Law: whatever comes, the answer is a fresh checked object or one clear
 * complaint; nothing else happens.
 */
import * as v from 'valibot';
import { fail, ok, type Complaint, type Result } from '../base/result';
import { installChecker } from './checker';
import { scenarioSchema, type Scenario } from './schema';

export const FILE_BYTES_MAX = 262_144;
const DEPTH_MAX = 16;
const HOSTS_MAX = 32;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
/** Control characters and those that turn the direction of text. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Parses a scenario file's text. */
export function parseScenario(text: string): Result<Scenario> {
  if (text.length > FILE_BYTES_MAX) return fail('file', `has ${text.length} characters`, `keep it under ${FILE_BYTES_MAX}`);
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return fail('file', `is not JSON (${(error as Error).message.slice(0, 120)})`, 'check commas, quotes and brackets near that place');
  }
  return checkScenario(raw);
}

/** Checks a parsed value (from a file, a message or an edited scenario). */
export function checkScenario(raw: unknown): Result<Scenario> {
  installChecker(checkScenario);
  const bad = hostile(raw, '', 0);
  if (bad) return { ok: false, errors: [bad] };
  const parsed = v.safeParse(scenarioSchema, raw);
  if (!parsed.success) return { ok: false, errors: parsed.issues.slice(0, 5).map(complaintOf) };
  const hosts = Object.keys(parsed.output.network.hosts).length;
  if (hosts > HOSTS_MAX) return fail('network.hosts', `has ${hosts} hosts`, `keep it to ${HOSTS_MAX}`);
  return ok(parsed.output);
}

function hostile(value: unknown, where: string, depth: number): Complaint | null {
  const at = where || 'file';
  if (depth > DEPTH_MAX) return { where: at.slice(0, 200), what: `is nested deeper than ${DEPTH_MAX}`, cure: 'flatten it' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { where: at, what: 'is not a finite number', cure: 'write a number in range' };
  if (typeof value === 'string' && UNPRINTABLE.test(value)) return { where: at, what: 'holds control or direction characters', cure: 'remove them' };
  if (typeof value !== 'object' || value === null) return null;
  for (const key of Object.getOwnPropertyNames(value)) {
    if (Array.isArray(value) && key === 'length') continue;
    const here = Array.isArray(value) ? `${where}[${key}]` : where ? `${where}.${key}` : key;
    if (FORBIDDEN.has(key)) return { where: here, what: 'is a forbidden key', cure: 'choose another name' };
    const bad = hostile((value as Record<string, unknown>)[key], here, depth + 1);
    if (bad) return bad;
  }
  return null;
}

function complaintOf(issue: v.BaseIssue<unknown>): Complaint {
  const where = v.getDotPath(issue) ?? 'file';
  if (issue.type === 'strict_object' && issue.expected === 'never') return { where, what: 'is not known', cure: 'check the spelling, or remove it' };
  if (issue.received === 'undefined') return { where, what: 'is missing', cure: `give ${issue.expected ?? 'a value'}` };
  if (issue.type === 'check' || issue.type === 'regex') return { where, what: `${issue.received} ${issue.message}`, cure: 'write it in that form' };
  return { where, what: `is ${issue.received}`, cure: `give ${issue.expected ?? 'another value'}${issue.requirement !== undefined && issue.type !== 'check' ? ` (${String(issue.requirement)})` : ''}` };
}
