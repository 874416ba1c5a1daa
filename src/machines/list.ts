/** Every machine of the project: a line names its id, how to load it, and where its table is written. */
import type { AnyStateMachine } from 'xstate';

export interface ListedMachine {
  readonly id: string;
  /** Folder under `src/`. */
  readonly folder: string;
  /** Name of the exported table. */
  readonly table: string;
  readonly file: string;
  readonly load: () => Promise<{ machine: AnyStateMachine; exampleEvents: readonly { readonly type: string }[] }>;
}

export const MACHINES: readonly ListedMachine[] = [
  { id: 'tcp', folder: 'protocols/tcp', table: 'tcpTable', file: 'table.gen.ts', load: () => import('../protocols/tcp/machine') },
  { id: 'tls-client', folder: 'protocols/tls', table: 'tlsClientTable', file: 'client-table.gen.ts', load: () => import('../protocols/tls/client-machine') },
  { id: 'tls-server', folder: 'protocols/tls', table: 'tlsServerTable', file: 'server-table.gen.ts', load: () => import('../protocols/tls/server-machine') },
  { id: 'dns-stub', folder: 'protocols/dns', table: 'stubTable', file: 'stub-table.gen.ts', load: () => import('../protocols/dns/stub-machine') },
  { id: 'dns-resolver', folder: 'protocols/dns', table: 'iteratorTable', file: 'iterator-table.gen.ts', load: () => import('../protocols/dns/iterator-machine') },
  { id: 'http1-client', folder: 'protocols/http1', table: 'http1ClientTable', file: 'client-table.gen.ts', load: () => import('../protocols/http1/client-machine') },
  { id: 'http1-server', folder: 'protocols/http1', table: 'http1ServerTable', file: 'server-table.gen.ts', load: () => import('../protocols/http1/server-machine') },
  { id: 'playback', folder: 'app', table: 'playbackTable', file: 'playback-table.gen.ts', load: () => import('../app/playback-machine') },
];
