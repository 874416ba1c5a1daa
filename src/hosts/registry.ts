/**
 * Every kind of host: a line names its id and how to load it. Law: what a run needs is loaded before it starts (`loadHosts`); the first
 * load of the page carries none of it, and adding a kind never makes it larger.
 */
import type { HostKind } from '../model/world';
import { fillHttp2, hasHttp2 } from './http2-slot';
import { fillHttp3, hasHttp3 } from './http3-slot';

interface HostLine {
  readonly id: string;
  readonly load: () => Promise<HostKind>;
}
export const HOST_KINDS: readonly HostLine[] = [
  { id: 'browser', load: async () => (await import('./browser')).browser },
  { id: 'recursive-resolver', load: async () => (await import('./recursive-resolver')).recursiveResolver },
  { id: 'name-server', load: async () => (await import('./name-server')).nameServer },
  { id: 'web-server', load: async () => (await import('./web-server')).webServer },
  { id: 'reverse-proxy', load: async () => (await import('./reverse-proxy')).reverseProxy },
  { id: 'app-server', load: async () => (await import('./app-server')).appServer },
  { id: 'nat', load: async () => (await import('./nat')).nat },
  { id: 'router', load: async () => (await import('./router')).router },
  { id: 'flooder', load: async () => (await import('./flooder')).flooder },
  { id: 'replayer', load: async () => (await import('./replayer')).replayer },
  {
    id: 'database',
    load: async () => {
      const [{ databaseWith }, { StorageRunner }] = await Promise.all([import('./database'), import('./statement-runner')]);
      return databaseWith((world, host) => new StorageRunner(world, host));
    },
  },
];
const loaded = new Map<string, HostKind>();
/** Of hosts' parts, what only some runs need: beside the kinds in `loadHosts`. */
export const HTTP2 = 'http2', HTTP3 = 'http3';

/** Loads the kinds with these ids (all when none are named); unknown ids are passed over, the scenario's check has refused them. */
export async function loadHosts(ids: readonly string[] = [HTTP2, HTTP3, ...HOST_KINDS.map((k) => k.id)]): Promise<void> {
  if (ids.includes(HTTP2) && !hasHttp2()) fillHttp2(await import('./http2-ends'));
  if (ids.includes(HTTP3) && !hasHttp3()) fillHttp3(await import('./http3-ends'));
  await Promise.all(HOST_KINDS.filter((k) => ids.includes(k.id) && !loaded.has(k.id)).map(async (k) => void loaded.set(k.id, await k.load())));
}
/** The kind with this id; undefined when it is unknown or not loaded. */
export const hostKind = (id: string): HostKind | undefined => loaded.get(id);
