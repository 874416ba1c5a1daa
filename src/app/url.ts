/**
 * The URL is the exact moment: `#/<scenario>?t=…&scene=…&view=…&select=…&set=path:value,…&fault=verdict(selector)&seed=…&lens=…`.
 * Unknown keys are kept and reported, never an error. An edited scenario stands in the path, `#/~…` (`share.ts`).
 */
import type { Complaint } from '../base/result';
import { faultText } from '../scenario/fault-text';
import { selectionText } from './selectors';
import { FORKS_MAX, NO_LEVERS, pathOf, VIEWS, type AppState, type Levers, type Theme, type ViewName } from './store';

export interface Address {
  readonly scenario: string;
  readonly t: number | null;
  /** Which of several scenes at that moment is meant, from 1. */
  readonly scene: number | null;
  readonly view: ViewName | null;
  /** Selected thing by meaning (`selectors.ts`), or null. */
  readonly selection: string | null;
  /** Runs set aside, each as the levers part of an address. */
  readonly forks: readonly string[];
  readonly align: 'time' | 'step';
  /** Without faults: those are read by the scenario's own parser. */
  readonly levers: Levers;
  readonly faults: readonly string[];
  readonly bent: boolean;
  readonly lane: string | null;
  readonly theme: Theme | null;
  /** What embeds may say besides. */
  readonly hide: readonly string[];
  readonly lock: readonly string[];
  readonly extra: readonly (readonly [string, string])[];
  readonly complaints: readonly Complaint[];
}
export const HOME = 'whole-chain';
/** An edited scenario travels in the path. */
const HASH_MAX = 16_384;
const THEMES: readonly Theme[] = ['auto', 'light', 'dark', 'projector'];

/** Reads a location hash. Whatever it holds, the answer is an address; what could not be read is in `complaints`. */
export function parseAddress(hash: string): Address {
  const complaints: Complaint[] = [];
  const extra: [string, string][] = [];
  if (hash.length > HASH_MAX) {
    complaints.push({ where: 'address', what: `has ${hash.length} characters`, cure: `keep it under ${HASH_MAX}` });
    hash = '';
  }
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  let scenario = HOME;
  try {
    scenario = decodeURIComponent(path) || HOME;
  } catch {
    complaints.push({ where: 'address', what: 'is not well encoded', cure: 'copy the link again' });
  }
  let t: number | null = null, scene: number | null = null, view: ViewName | null = null, selection: string | null = null, seed: number | null = null, bent = true, lane: string | null = null, theme: Theme | null = null;
  let hide: string[] = [], lock: string[] = [];
  const forks: string[] = [];
  let align: 'time' | 'step' = 'time';
  const set: Record<string, string> = {};
  const faults: string[] = [];
  for (const [key, value] of new URLSearchParams(query)) {
    if (key === 't') {
      const n = Number(value);
      if (Number.isInteger(n) && n >= 0) t = n;
      else complaints.push({ where: `t=${value.slice(0, 30)}`, what: 'is not a time in nanoseconds', cure: 'write a whole number' });
    } else if (key === 'scene' && /^[1-9]\d{0,2}$/.test(value)) scene = Number(value);
    else if (key === 'view' && VIEWS.includes(value as ViewName)) view = value as ViewName;
    else if (key === 'select') {
      if (/^(packet|pdu|host|link|timer|endpoint|request|event):./.test(value)) selection = value.slice(0, 300);
      else complaints.push({ where: `select=${value.slice(0, 30)}`, what: 'is not a thing that can be selected', cure: 'write for example host:browser' });
    } else if (key === 'fork') forks.push(value.slice(0, 2000));
    else if (key === 'align') align = value === 'step' ? 'step' : 'time';
    else if (key === 'set') {
      for (const pair of value.split(',').filter(Boolean)) {
        const at = pair.indexOf(':');
        if (at < 1) complaints.push({ where: `set=${pair.slice(0, 40)}`, what: 'is not path:value', cure: 'write for example network.links.client.rtt:40 ms' });
        else set[pair.slice(0, at)] = pair.slice(at + 1);
      }
    } else if (key === 'fault') faults.push(value);
    else if (key === 'seed' && /^\d{1,10}$/.test(value)) seed = Number(value);
    else if (key === 'lens') bent = value !== 'true' && value !== 'off';
    else if (key === 'lane') lane = value;
    else if (key === 'theme' && THEMES.includes(value as Theme)) theme = value as Theme;
    else if (key === 'hide') hide = value.split(',');
    else if (key === 'lock') lock = value.split(',');
    else {
      extra.push([key, value]);
      if (!['lang', 'motion', 'embed'].includes(key)) complaints.push({ where: key.slice(0, 40), what: 'is not known here and is kept', cure: 'remove it if it was a slip' });
    }
  }
  return { scenario, t, scene, view, selection, forks: forks.slice(0, FORKS_MAX - 1), align, levers: { ...NO_LEVERS, set, seed }, faults, bent, lane, theme, hide, lock, extra, complaints };
}

/** The levers as they stand in an address. */
function leverParts(levers: Levers): [string, string][] {
  const parts: [string, string][] = [];
  const set = Object.entries(levers.set);
  if (set.length > 0) parts.push(['set', set.map(([path, value]) => `${path}:${value}`).join(',')]);
  for (const fault of levers.faults) parts.push(['fault', faultText(fault)]);
  if (levers.seed !== null) parts.push(['seed', String(levers.seed)]);
  return parts;
}
const joined = (parts: readonly (readonly [string, string])[]): string => parts.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');

/** The hash of what is in view; at most 200 bytes for a catalogue scenario without changes. */
export function addressOf(state: AppState, extra: Address['extra'] = []): string {
  const { scenario, levers, selection, forks } = state;
  const parts: [string, string][] = [];
  const put = (key: string, value: string): void => void parts.push([key, value]);
  const run = state.runs[state.lane];
  if (state.t > 0) put('t', String(state.t));
  if (state.scene >= 0) put('scene', String(state.scene + 1));
  if (state.view !== 'stage') put('view', state.view);
  if (selection && run) put('select', selectionText(run.index, selection));
  parts.push(...leverParts(levers));
  for (const fork of forks) put('fork', joined(leverParts(fork.levers)));
  if (state.align === 'step') put('align', 'step');
  if (!state.bent) put('lens', 'off');
  if (state.lane > 0 && forks.length === 0) put('lane', run?.name ?? '');
  if (state.theme !== 'auto') put('theme', state.theme);
  for (const [key, value] of extra) put(key, value);
  return `#/${scenario ? pathOf(scenario) : HOME}${parts.length > 0 ? `?${joined(parts)}` : ''}`;
}
