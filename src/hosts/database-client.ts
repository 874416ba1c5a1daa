/** An app server's connection to its database: TCP, start-up and statements, as a thing that a pool can hold. */
import type { StatementConnection } from '../compute/request-work';
import type { EndpointId, HostId } from '../model/ids';
import type { World } from '../model/world';
import type { NetStack } from './stack';

export function openStatementConnection(world: World, _host: HostId, _stack: NetStack, _database: HostId, _endpoint: EndpointId, _ready: (c: StatementConnection) => void, _failed: (code: string) => void): void {
  world.unmodelled('no database yet');
}
