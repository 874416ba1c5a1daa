/**
 * Every machine of the project: a line names its id, how to load it, and where its table is written. Law: loaded only by
 * `npm run machines` and by tests, so that XState stays out of the app.
 */
import type { AnyStateMachine } from 'xstate';

export interface ListedMachine {
  /** The machine's own id. */
  readonly id: string;
  /** Folder under `src/`. */
  readonly folder: string;
  /** Name of the exported table. */
  readonly table: string;
  readonly file: string;
  /** Example events are drawn at random by the differential test: a list, or a function of a seeded random number in [0, 1). */
  readonly load: () => Promise<{ machine: AnyStateMachine; exampleEvents: readonly { readonly type: string }[] | ((random: () => number) => { readonly type: string }) }>;
}

export const MACHINES: readonly ListedMachine[] = [
  { id: 'tcp', folder: 'protocols/tcp', table: 'tcpTable', file: 'table.gen.ts', load: () => import('../protocols/tcp/machine') },
  { id: 'tls-client', folder: 'protocols/tls', table: 'tlsClientTable', file: 'client-table.gen.ts', load: () => import('../protocols/tls/client-machine') },
  { id: 'tls-server', folder: 'protocols/tls', table: 'tlsServerTable', file: 'server-table.gen.ts', load: () => import('../protocols/tls/server-machine') },
  { id: 'dns-stub', folder: 'protocols/dns', table: 'stubTable', file: 'stub-table.gen.ts', load: () => import('../protocols/dns/stub-machine') },
  { id: 'dns-resolver', folder: 'protocols/dns', table: 'iteratorTable', file: 'iterator-table.gen.ts', load: () => import('../protocols/dns/iterator-machine') },
  { id: 'http1-client', folder: 'protocols/http1', table: 'http1ClientTable', file: 'client-table.gen.ts', load: () => import('../protocols/http1/client-machine') },
  { id: 'http1-server', folder: 'protocols/http1', table: 'http1ServerTable', file: 'server-table.gen.ts', load: () => import('../protocols/http1/server-machine') },
  { id: 'http2-connection', folder: 'protocols/http2', table: 'http2ConnectionTable', file: 'connection-table.gen.ts', load: () => import('../protocols/http2/connection-machine') },
  { id: 'http2-stream', folder: 'protocols/http2', table: 'http2StreamTable', file: 'stream-table.gen.ts', load: () => import('../protocols/http2/stream-machine') },
  { id: 'quic-connection', folder: 'protocols/quic', table: 'quicConnectionTable', file: 'connection-table.gen.ts', load: () => import('../protocols/quic/connection-machine') },
  { id: 'quic-send', folder: 'protocols/quic', table: 'quicSendTable', file: 'send-table.gen.ts', load: () => import('../protocols/quic/send-machine') },
  { id: 'quic-receive', folder: 'protocols/quic', table: 'quicReceiveTable', file: 'receive-table.gen.ts', load: () => import('../protocols/quic/receive-machine') },
  { id: 'app-request', folder: 'compute', table: 'appRequestTable', file: 'request-table.gen.ts', load: () => import('../compute/request-machine') },
  { id: 'postgres-client', folder: 'protocols/postgres-wire', table: 'postgresClientTable', file: 'client-table.gen.ts', load: () => import('../protocols/postgres-wire/client-machine') },
  { id: 'postgres-server', folder: 'protocols/postgres-wire', table: 'postgresServerTable', file: 'server-table.gen.ts', load: () => import('../protocols/postgres-wire/server-machine') },
  { id: 'playback', folder: 'app', table: 'playbackTable', file: 'playback-table.gen.ts', load: () => import('../app/playback-machine') },
];
