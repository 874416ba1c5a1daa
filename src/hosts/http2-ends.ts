/** Both ends of HTTP/2 as hosts use them: one chunk, loaded for runs that speak it (`registry.ts`). */
import type { StreamSocket } from '../model/stream';
import { Http2Client } from '../protocols/http2/client';
import { CLIENT_PROFILES, withWindows } from '../protocols/http2/profiles';
import { Multiplexed, type MultiplexedOwner } from './multiplexed';
import type { OriginOwner } from './origin';

export { Http2Server } from '../protocols/http2/server';

/** A client's shared connection on this socket. */
export function multiplexedHttp2(client: OriginOwner, socket: StreamSocket, owner: MultiplexedOwner): Multiplexed {
  const { stream, connection } = client.http2Windows;
  return new Multiplexed(client, (own) => new Http2Client(client.world, client.host, socket, withWindows(CLIENT_PROFILES[client.profile], stream, connection), own), owner);
}
