/** An app server's connection to its database: TCP, start-up and statements, as a thing that a pool can hold. */
import type { StatementConnection, StatementResult } from '../compute/request-work';
import type { HostId } from '../model/ids';
import type { World } from '../model/world';
import { PgClient, type PgOutcome } from '../protocols/postgres-wire/client';
import { hostPgOptions } from '../protocols/postgres-wire/params';
import { tlsClient } from '../protocols/tls/client';
import type { NetStack } from './stack';

const resultOf = ({ rows, error }: PgOutcome): StatementResult => ({ rows, error: error ? `${error.code} ${error.message}` : null });

/** A connection that takes statements, one at a time. A class: accessors of an object literal would tie each run to the next until a full garbage collection. */
class LoggedIn implements StatementConnection {
  constructor(private readonly client: PgClient, private readonly over: () => boolean) {}
  get usable(): boolean {
    return !this.over() && this.client.idle;
  }
  close(): void {
    this.client.close();
  }
  query(sql: string, done: (result: StatementResult) => void): void {
    this.client.query(sql, [], (outcome) => done(resultOf(outcome)));
  }
}

/** Connects and logs in; then `ready`, or `failed` with what went wrong. One of the two, once. */
export function openStatementConnection(world: World, host: HostId, stack: NetStack, database: HostId, ready: (connection: StatementConnection) => void, failed: (code: string) => void): void {
  const { params } = world.hostOf(host);
  const text = (key: string, otherwise: string): string => (typeof params[key] === 'string' ? params[key] : otherwise);
  let open = false, over = false;
  const fail = (code: string): void => {
    if (!open && !over) failed(code);
    over = true;
  };
  const socket = stack.tcp.connect(database, hostPgOptions(world, database).port, {
    connected: () => {
      const client = new PgClient(world, host, socket, { user: text('databaseUser', 'app'), database: text('databaseName', 'shop'), password: text('databasePassword', 'secret'), applicationName: '' }, {
        ready: () => {
          if (open) return;
          open = true;
          ready(new LoggedIn(client, () => over));
        },
        broken: (_client, error) => fail(`${error.code} ${error.message}`),
        secure: (below, after, handler) => {
          const tls = tlsClient(world, host, below, { serverName: '', alpn: [], profile: 'openssl', verify: 'none', after }, handler);
          tls.connected();
          return tls;
        },
      });
      client.connected();
    },
    received() {}, ended() {}, failed: fail,
  });
}
