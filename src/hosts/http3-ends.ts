/** Both ends of HTTP/3 on QUIC as hosts use them: one chunk, loaded for runs that speak it (`registry.ts`). */
import type { HttpServerOwner } from '../model/http/exchange';
import type { HostId } from '../model/ids';
import type { Flow } from '../model/stream';
import type { CertificateFacts } from '../model/tls/certificate';
import type { World } from '../model/world';
import { Http3Client } from '../protocols/http3/client';
import { H3_CLIENT_PROFILES } from '../protocols/http3/profiles';
import { Http3Server } from '../protocols/http3/server';
import { connectQuic, type QuicClient } from '../protocols/quic/client';
import { QuicListener } from '../protocols/quic/listener';
import { CHROMIUM_QUIC, CURL_QUIC, NGINX_QUIC, quicOptions, type QuicOptions } from '../protocols/quic/params';
import { tlsClient } from '../protocols/tls/client';
import { tlsServer } from '../protocols/tls/server';
import type { ServerSessions, SessionStore } from '../protocols/tls/session-store';
import type { HelloProfile } from '../model/tls/client-hello';
import { Multiplexed, type MultiplexedOwner } from './multiplexed';
import type { OriginOwner } from './origin';
import type { NetStack } from './stack';
import type { ClientProfile } from './workload';

const CLIENTS: Readonly<Record<ClientProfile, { readonly quic: Partial<QuicOptions>; readonly hello: HelloProfile }>> = {
  plain: { quic: {}, hello: 'openssl' }, curl: { quic: CURL_QUIC, hello: 'curl' }, browser: { quic: CHROMIUM_QUIC, hello: 'chromium' },
};

/** What whoever began a connection hears of it. */
export interface Http3Hears {
  /** The server's first packet is there. */
  answered(): void;
  /** Requests may go out: after the handshake, or with the hello where an earlier session allows it. */
  ready(): void;
  failed(code: string): void;
}
export interface Http3Target {
  readonly server: HostId;
  readonly port: number;
  readonly name: string;
  readonly sessions: SessionStore;
  readonly later: boolean;
  /** What the server has given for later connections. */
  readonly tokens: string[];
  readonly mayBeEarly: () => boolean;
}
/** A connection under way, and then the one that carries everything. */
export class Http3Attempt {
  private readonly connection: QuicClient;
  constructor(private readonly client: OriginOwner, target: Http3Target, hears: Http3Hears) {
    const { world, host, stack, profile } = client;
    const { quic, hello } = CLIENTS[profile];
    const { server, port, name, sessions, later, tokens, mayBeEarly } = target;
    let heard = false;
    this.connection = connectQuic(world, host, stack.udp, {
      to: server, port, options: quicOptions(world, host, quic), tokens,
      startTls: (crypto, handler) => tlsClient(world, host, crypto, { serverName: name, alpn: ['h3'], profile: hello, sessions, later, mayBeEarly, quic: crypto }, handler),
    });
    this.connection.heardServer = () => hears.answered();
    this.connection.handler = {
      ready: () => {
        if (!heard) hears.ready();
        heard = true;
      },
      incoming() {}, moreStreams() {}, closed: (code) => hears.failed(code),
    };
  }
  get path(): Flow {
    return this.connection.path;
  }
  /** Its host has another network: whether it goes on there. */
  migrate(): boolean {
    return this.connection.migrate();
  }
  share(owner: MultiplexedOwner): Multiplexed {
    const { client, connection } = this;
    return new Multiplexed(client, (own) => new Http3Client(client.world, client.host, connection, H3_CLIENT_PROFILES[client.profile], own), owner);
  }
  /** It is not needed after all. */
  close(): void {
    this.connection.handler = { ready() {}, incoming() {}, moreStreams() {}, closed() {} };
    this.connection.close(0x100, '');
  }
}
/** Answers HTTP/3 on a port. */
export function listenHttp3(world: World, host: HostId, stack: NetStack, port: number, certificate: Omit<CertificateFacts, 'key'>, sessions: ServerSessions, owner: HttpServerOwner): void {
  new QuicListener(world, host, stack.udp, port, {
    options: quicOptions(world, host, NGINX_QUIC),
    startTls: (crypto, handler) => tlsServer(world, host, crypto, { certificate, alpn: ['h3'], sessions, quic: crypto }, handler),
    accepted: (connection) => void new Http3Server(world, host, connection, owner),
  });
}
