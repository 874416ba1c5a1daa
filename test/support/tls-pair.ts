/** Two hosts that speak TLS over TCP: the client asks once, the server answers with so many bytes, the client closes. */
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import { carriedNames } from '../../src/model/carried';
import type { Fault } from '../../src/model/fault';
import { FIN, RST } from '../../src/protocols/tcp/segment';
import type { ParamValue, Plan } from '../../src/model/plan';
import type { StreamHandler, StreamSocket } from '../../src/model/stream';
import type { Trace } from '../../src/model/trace';
import type { HostKind, World } from '../../src/model/world';
import { TcpStack } from '../../src/protocols/tcp/stack';
import { tlsClient, type TlsClientOptions } from '../../src/protocols/tls/client';
import { tlsServer, type TlsServerOptions } from '../../src/protocols/tls/server';

export interface TlsPairOptions {
  rttMs?: number;
  requestBytes?: number;
  responseBytes?: number;
  client?: Partial<TlsClientOptions>;
  server?: Partial<Omit<TlsServerOptions, 'certificate'>> & { certificate?: Partial<TlsServerOptions['certificate']> };
  clientTls?: Record<string, ParamValue>;
  serverTls?: Record<string, ParamValue>;
  /** TLS costs are zero unless it says otherwise. */
  costs?: Record<string, number>;
  plainServer?: boolean;
  plainClient?: boolean;
  /** The server closes after its answer. */
  serverCloses?: boolean;
  faults?: Fault[];
}
export interface TlsPairRun {
  readonly trace: Trace;
  /** What the applications heard, with whole milliseconds: `80 client connected`. */
  readonly heard: readonly string[];
}

const FREE = { keyShareCost: 0, keyDeriveCost: 0, ecdsaSignCost: 0, ecdsaVerifyCost: 0, rsaSignCost: 0, rsaVerifyCost: 0 };
const NOBODY: StreamHandler = { connected() {}, received() {}, ended() {}, failed() {} };
const plaintext = (world: World, name: string, bytes: number, socket: StreamSocket) =>
  world.message({ layer: 'http', protocol: 'http', name, bytes, flow: socket.flow.id, direction: socket.side, fields: [], body: null });

export function tlsPair(o: TlsPairOptions = {}): TlsPairRun {
  const heard: string[] = [];
  const half = ((o.rttMs ?? 40) * MS) / 2;
  const request = o.requestBytes ?? 87, response = o.responseBytes ?? 1278;
  const host = (name: string, tls: Record<string, ParamValue> | undefined) =>
    ({ name, kind: name, title: name, address: name === 'client' ? '10.0.0.1' : '10.0.0.2', cores: 1, column: 0, params: { tls: { ...tls } } });
  const plan: Plan = {
    version: 1, id: 'tls-pair', title: 'pair', seed: 1, hosts: [host('client', o.clientTls), host('server', o.serverTls)],
    links: [{ name: 'link', a: 'client', b: ['server'], latencyNs: [half, half], jitterNs: 0, rate: [0, 0], queuePackets: 1000, loss: [0, 0], mtu: 1500, perPacketNs: 0 }],
    stack: { tcp: {}, tls: { ...FREE, ...o.costs } }, workload: {}, faults: o.faults ?? [], limits: { events: 200_000, endNs: 100e9 },
  };
  const say = (world: World, what: string): void => void heard.push(`${Math.floor(world.now / MS)} ${what}`);

  const client: HostKind = {
    id: 'client',
    create: (world, id) => {
      const tcp = new TcpStack(world, id);
      return {
        receive: (pdu) => tcp.receive(pdu),
        stopped: () => tcp.stopped(),
        start() {
          let socket: StreamSocket;
          const application: StreamHandler = {
            connected() {
              say(world, 'client connected');
              socket.write([plaintext(world, 'GET', request, socket)]);
            },
            received(upTo) {
              if (upTo === response) say(world, 'client received all');
              if (upTo === response && !o.serverCloses) socket.close();
            },
            ended() {
              say(world, 'client ended');
              socket.close();
            },
            failed: (code) => say(world, `client failed ${code}`),
          };
          const below: StreamSocket = tcp.connect(1, 443, {
            ...NOBODY,
            connected() {
              if (o.plainClient) {
                below.handler = application;
                socket = below;
                application.connected();
                return;
              }
              const tls = tlsClient(world, id, below, { serverName: 'www.lab.test', alpn: ['http/1.1'], profile: 'curl', ...o.client }, application);
              socket = tls;
              tls.connected();
            },
          });
        },
      };
    },
  };
  const server: HostKind = {
    id: 'server',
    create: (world, id) => {
      const tcp = new TcpStack(world, id);
      const serve = (socket: StreamSocket): StreamHandler => ({
        connected: () => say(world, 'server connected'),
        received(upTo) {
          say(world, `server received ${upTo}`);
          if (upTo !== request) return;
          socket.write([plaintext(world, '200', 254, socket), plaintext(world, 'body', response - 254, socket)]);
          if (o.serverCloses) socket.close();
        },
        ended() {
          say(world, 'server ended');
          socket.close();
        },
        failed: (code) => say(world, `server failed ${code}`),
      });
      const badRequest = (socket: StreamSocket): StreamHandler => ({
        ...NOBODY,
        received() {
          socket.write([plaintext(world, '400', 309, socket)]);
          socket.close();
        },
      });
      return {
        receive: (pdu) => tcp.receive(pdu),
        stopped: () => tcp.stopped(),
        start() {
          tcp.listen(443, (socket) => {
            if (o.plainServer) return badRequest(socket);
            const { certificate, ...rest } = o.server ?? {};
            const facts = { names: ['www.lab.test', '*.lab.test'], expired: false, issuerKnown: true, ...certificate };
            const tls = tlsServer(world, id, socket, { alpn: 'http/1.1', certificate: facts, plain: badRequest, ...rest }, NOBODY);
            tls.handler = serve(tls);
            return tls;
          });
        },
      };
    },
  };
  const trace = simulate(plan, (id) => (id === 'client' ? client : server));
  return { trace, heard };
}

/** Packets with a payload, FIN or RST: `c2s 517 ClientHello`, in the order in which they were sent. */
export function packets({ trace }: TlsPairRun): string[] {
  const lines: string[] = [];
  for (const pdu of trace.pdus) {
    const flags = `${pdu.flags & FIN ? ' FIN' : ''}${pdu.flags & RST ? ' RST' : ''}`;
    if (pdu.payload === 0 && !flags) continue;
    lines.push(`${pdu.direction === 0 ? 'c2s' : 's2c'} ${pdu.payload}${flags} ${carriedNames(pdu, trace.flows[pdu.flow]!).join(', ')}`.trim());
  }
  return lines;
}

/** What the TLS endpoint of a host heard `<`, said `>`, the states it came to `=` and what it ignored `!`. */
export function transcript({ trace }: TlsPairRun, host: 'client' | 'server'): string[] {
  const endpoint = trace.endpoints.findIndex((e) => e.protocol === 'tls' && trace.hosts[e.host]!.name === host);
  const chart = trace.charts[trace.endpoints[endpoint]!.chart]!;
  const lines: string[] = [];
  const said = (mark: string, i: number): void => void lines.push(`${mark} ${trace.texts[trace.a.at(i)]!}`);
  for (let i = 0; i < trace.time.length; i++) {
    const { name } = trace.kinds[trace.kind.at(i)]!;
    if (name === 'state.entered' && trace.subject.at(i) === endpoint) lines.push(`= ${chart.leaves[trace.b.at(i)]}`);
    if (name === 'state.input_ignored' && trace.subject.at(i) === endpoint) lines.push(`! ${chart.events[trace.b.at(i)]}`);
    if (trace.where.at(i) !== endpoint) continue;
    if (name === 'tls.message_received' || name === 'tls.alert_received') said('<', i);
    if (name === 'tls.message_sent' || name === 'tls.alert_sent') said('>', i);
    if (name === 'tls.certificate_refused' || name === 'tls.hello_refused') said('~', i);
  }
  return lines;
}
