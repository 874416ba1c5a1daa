/**
 * Messages between an embed and its host page, version 1: `{ns: 'roundtrip', v: 1, id, type, payload}`. Law: only the
 * parent is heard; what is unknown, malformed or too large is ignored or answered with one error, never thrown.
 */
import { player } from './player';
import { loadChecker, openAddress } from './session';
import { change, currentRun, lastTime, store } from './store';
import { addressOf } from './url';

export interface Message {
  readonly ns: 'roundtrip';
  readonly v: 1;
  readonly id: string | number | null;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
const LENGTH_MAX = 65_536;

/** A message in this form, or null. */
export function readMessage(data: unknown): Message | null {
  if (typeof data !== 'object' || data === null) return null;
  const { ns, v, id = null, type, payload = {} } = data as Record<string, unknown>;
  if (ns !== 'roundtrip' || v !== 1 || typeof type !== 'string' || type.length > 40) return null;
  if (id !== null && typeof id !== 'string' && typeof id !== 'number') return null;
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  try {
    if (JSON.stringify(payload).length > LENGTH_MAX) return null;
  } catch {
    return null;
  }
  return { ns, v, id, type, payload: payload as Record<string, unknown> };
}

type Say = (type: string, payload: Record<string, unknown>, id?: Message['id']) => void;

/** What a command does; an unknown one or a wrong payload is answered with `error`. */
export async function obey(message: Message, say: Say, topics: Set<string>): Promise<void> {
  const { type, payload, id } = message;
  const wrong = (where: string, what: string, cure: string): void => say('error', { code: 'bad-message', message: `${where}: ${what}; ${cure}` }, id);
  switch (type) {
    case 'hello':
      return say('ready', { version: 1, capabilities: ['load', 'play', 'pause', 'seek', 'step', 'set', 'subscribe'] }, id);
    case 'load':
      if (typeof payload.scenario !== 'string') return wrong('load', 'has no scenario', 'give its id or an address like lost-packet?t=240000000');
      await openAddress(`#/${payload.scenario.replace(/^#?\/?/, '')}`);
      break;
    case 'play':
      player.play();
      break;
    case 'pause':
      player.pause();
      break;
    case 'seek':
      if (typeof payload.t !== 'number' || !Number.isFinite(payload.t) || payload.t < 0) return wrong('seek', 'has no time', 'give t in nanoseconds');
      player.seek(payload.t);
      break;
    case 'step':
      player.step(payload.n === -1 ? -1 : 1);
      break;
    case 'set': {
      const { path, value } = payload;
      if (typeof path !== 'string' || !['string', 'number', 'boolean'].includes(typeof value)) return wrong('set', 'needs path and value', 'for example network.links.client.rtt and "40 ms"');
      await loadChecker();
      if (!change({ set: { ...store.getState().levers.set, [path]: value as string } })) {
        const c = store.getState().complaints[0];
        return wrong(c?.where ?? path, c?.what ?? 'does not work', c?.cure ?? 'check it');
      }
      break;
    }
    case 'subscribe':
      topics.clear();
      for (const topic of Array.isArray(payload.topics) ? payload.topics : []) if (typeof topic === 'string') topics.add(topic);
      break;
    default:
      return;
  }
  say('state', stateOf(), id);
}

/** What `state` events carry. */
export function stateOf(): Record<string, unknown> {
  const state = store.getState();
  const run = currentRun(state);
  return { scenario: state.scenario?.id ?? null, t: state.t, end: run ? lastTime(run.index) : 0, playing: state.playing, address: addressOf(state) };
}

/** Listens to the parent and tells it what happens; returns how to stop. */
export function connectToHost(frame: Window): () => void {
  const host = frame.parent;
  if (host === frame) return () => undefined;
  const topics = new Set<string>(['state', 'ended']);
  const say: Say = (type, payload, id = null) => host.postMessage({ ns: 'roundtrip', v: 1, id, type, payload }, '*');
  const hear = (event: MessageEvent): void => {
    if (event.source !== host) return;
    const message = readMessage(event.data);
    if (message) void obey(message, say, topics);
  };
  frame.addEventListener('message', hear);
  let told = 0;
  let was = store.getState();
  const stop = store.subscribe((now) => {
    const before = was;
    was = now;
    if (now.playing !== before.playing && topics.has('state')) say('state', stateOf());
    const run = currentRun(now);
    if (run && now.t !== before.t) {
      if (topics.has('time') && performance.now() - told > 250) {
        told = performance.now();
        say('time', { t: now.t });
      }
      if (now.t >= lastTime(run.index) && topics.has('ended')) say('ended', { t: now.t });
    }
  });
  say('ready', { version: 1 });
  return () => {
    frame.removeEventListener('message', hear);
    stop();
  };
}
