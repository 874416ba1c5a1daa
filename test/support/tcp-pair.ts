/** Two hosts that speak only TCP, for transport tests: the client asks, the server answers with so many bytes. */
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import type { Fault } from '../../src/model/fault';
import type { Plan } from '../../src/model/plan';
import type { Trace } from '../../src/model/trace';
import type { HostKind, World } from '../../src/model/world';
import { TcpStack } from '../../src/protocols/tcp/stack';

export interface PairOptions {
  rttMs: number;
  bytes: number;
  faults?: Fault[];
  rate?: number;
  queue?: number;
  markAbove?: number;
  loss?: number;
  seed?: number;
  tcp?: Record<string, number | boolean | string>;
  requestBytes?: number;
  endMs?: number;
  /** False: nobody listens on the server's port. */
  listens?: boolean;
}

const text = (world: World, name: string, bytes: number, flow: number, direction: 0 | 1) =>
  world.message({ layer: 'http', protocol: 'raw', name, bytes, flow, direction, fields: [], body: null });

export function tcpPair(o: PairOptions): Trace {
  const host = (name: string, kind: string) => ({ name, kind, title: name, address: kind === 'client' ? '10.0.0.1' : '10.0.0.2', cores: 1, column: 0, params: {} });
  const plan: Plan = {
    version: 1, id: 'pair', title: 'pair', seed: o.seed ?? 1, hosts: [host('client', 'client'), host('server', 'server')],
    links: [{
      name: 'client', a: 'client', b: ['server'], latencyNs: [(o.rttMs * MS) / 2, (o.rttMs * MS) / 2], jitterNs: 0, rate: [o.rate ?? 0, o.rate ?? 0],
      queuePackets: o.queue ?? 1000, loss: [o.loss ?? 0, o.loss ?? 0], mtu: 1500, perPacketNs: 0, ...(o.markAbove ? { markAbove: o.markAbove } : {}),
    }],
    stack: { tcp: { receiveBufferMax: 33554432, ...o.tcp } }, workload: {}, faults: o.faults ?? [], limits: { events: 500_000, endNs: (o.endMs ?? 400_000) * MS },
  };
  const client: HostKind = {
    id: 'client',
    create: (world, id) => {
      const tcp = new TcpStack(world, id);
      return {
        receive: (pdu) => tcp.receive(pdu),
        start() {
          const socket = tcp.connect(1, 80, {
            connected: () => socket.write([text(world, 'request', o.requestBytes ?? 84, socket.flow.id, 0)]),
            received: (upTo) => {
              if (upTo >= o.bytes) socket.close();
            },
            ended: () => socket.close(),
            failed() {},
          });
        },
      };
    },
  };
  const server: HostKind = {
    id: 'server',
    create: (world, id) => {
      const tcp = new TcpStack(world, id);
      return {
        receive: (pdu) => tcp.receive(pdu),
        start() {
          if (o.listens !== false) tcp.listen(80, (socket) => ({
            connected() {},
            received: (upTo) => {
              if (upTo === (o.requestBytes ?? 84)) socket.write([text(world, 'response', o.bytes, socket.flow.id, 1)]);
            },
            ended: () => socket.close(),
            failed() {},
          }));
        },
      };
    },
  };
  return simulate(plan, (id) => (id === 'client' ? client : server));
}
