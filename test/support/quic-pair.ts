/** Two hosts that speak QUIC: the client opens streams and asks on each, the server answers with so many bytes. */
import { MS } from '../../src/base/time';
import { simulate } from '../../src/engine/simulate';
import type { Fault } from '../../src/model/fault';
import type { MultiplexedStream, Multiplexer } from '../../src/model/multiplexer';
import type { DatagramBody, QuicPacket } from '../../src/model/quic/packet';
import type { ParamValue, Plan } from '../../src/model/plan';
import type { PduRow } from '../../src/model/pdu';
import type { Message, StreamHandler } from '../../src/model/stream';
import type { Trace } from '../../src/model/trace';
import type { HostKind, World } from '../../src/model/world';
import { nat } from '../../src/hosts/nat';
import { connectQuic, type QuicClient } from '../../src/protocols/quic/client';
import { QuicListener } from '../../src/protocols/quic/listener';
import { CURL_QUIC, NGINX_QUIC, quicOptions, type QuicOptions } from '../../src/protocols/quic/params';
import { tlsClient } from '../../src/protocols/tls/client';
import { tlsServer } from '../../src/protocols/tls/server';
import { UdpStack } from '../../src/protocols/udp/stack';

export interface QuicPairOptions {
  rttMs?: number;
  rateMbit?: number;
  requestBytes?: number;
  /** One stream for each. */
  responses?: readonly number[];
  client?: Partial<QuicOptions>;
  server?: Partial<QuicOptions>;
  clientTls?: Record<string, ParamValue>;
  serverTls?: Record<string, ParamValue>;
  costs?: Record<string, number>;
  faults?: Fault[];
  certificate?: { readonly names?: readonly string[]; readonly expired?: boolean };
  /** What the client does beside asking. */
  script?: (client: QuicClient, world: World) => void;
  /** What the server does with a stream when it is opened. */
  opened?: (stream: MultiplexedStream, world: World) => void;
  loss?: number;
  seed?: number;
  /** The first network is gone from this moment on, and the client has another. */
  switchAtMs?: number;
  secondRttMs?: number;
  /** A NAT in the middle, with its times in ms. */
  nat?: { readonly udpMs: number; readonly streamMs?: number };
  /** Asks again so much later, for as many bytes. */
  askAgain?: { readonly afterMs: number; readonly bytes: number };
}
export interface QuicPairRun {
  readonly trace: Trace;
  readonly heard: readonly string[];
}
const FREE = { keyShareCost: 0, keyDeriveCost: 0, ecdsaSignCost: 0, ecdsaVerifyCost: 0, rsaSignCost: 0, rsaVerifyCost: 0, mlkemEncapsCost: 0, mlkemDecapsCost: 0 };
const said = (world: World, name: string, bytes: number, stream: MultiplexedStream): Message =>
  world.message({ layer: 'http', protocol: 'test', name, bytes, flow: stream.flow.id, direction: stream.side, fields: [], body: null });

export function quicPair(o: QuicPairOptions = {}): QuicPairRun {
  const heard: string[] = [];
  const half = ((o.rttMs ?? 30) * MS) / 2, request = o.requestBytes ?? 40, responses = o.responses ?? [1000];
  const host = (name: string, tls: Record<string, ParamValue> | undefined) => ({ name, kind: name, title: name, address: name === 'client' ? '10.0.0.1' : '10.0.0.2', cores: 1, column: 0, params: { tls: { ...tls } } });
  const rate = (o.rateMbit ?? 0) * 1e6, loss = o.loss ?? 0;
  const way = ((o.secondRttMs ?? o.rttMs ?? 30) * MS) / 2;
  const second = o.switchAtMs === undefined ? [] : [{ name: 'second', a: 'client', b: ['server'], latencyNs: [way, way] as const, jitterNs: 0, rate: [rate, rate] as const, queuePackets: 1000, loss: [0, 0] as const, mtu: 1500, perPacketNs: 0, address: '10.9.9.9' }];
  const plan: Plan = {
    version: 1, id: 'quic-pair', title: 'pair', seed: o.seed ?? 1, hosts: [
      host('client', { postQuantum: true, ...o.clientTls }), host('server', { curves: 'post-quantum', ...o.serverTls }),
      ...(o.nat ? [{ name: 'nat', kind: 'nat', title: 'nat', address: '192.0.2.1', cores: 1, column: 1, params: { natUdpTimeout: o.nat.udpMs * MS, natUdpStreamTimeout: (o.nat.streamMs ?? o.nat.udpMs) * MS } }] : []),
    ],
    links: [{ name: 'link', a: 'client', b: ['server'], latencyNs: [half, half], jitterNs: 0, rate: [rate, rate], queuePackets: 1000, loss: [loss, loss], mtu: 1500, perPacketNs: 0, ...(o.nat ? { via: { router: 'nat', at: 0.5 } } : {}) }, ...second],
    stack: { tls: { ...FREE, ...o.costs } }, workload: {}, faults: [...(o.faults ?? []), ...(o.switchAtMs === undefined ? [] : [{ type: 'link', link: 'link', verdict: 'down', from: o.switchAtMs * MS, until: null } as const])], limits: { events: 400_000, endNs: 200e9 },
  };
  const say = (world: World, what: string): void => void heard.push(`${Math.round(world.now / MS)} ${what}`);
  const client: HostKind = {
    id: 'client',
    create: (world, id) => {
      const udp = new UdpStack(world, id);
      let current: QuicClient | null = null;
      return {
        networkChanged: () => say(world, current?.migrate() ? 'client goes on' : 'client cannot go on'),
        receive: (pdu) => udp.receive(pdu),
        stopped: () => udp.stopped(),
        start() {
          const connection = connectQuic(world, id, udp, {
            to: 1, port: 443, options: quicOptions(world, id, { ...CURL_QUIC, ...o.client }),
            startTls: (crypto, handler) => tlsClient(world, id, crypto, { serverName: 'www.lab.test', alpn: ['h3'], profile: 'curl', quic: crypto }, handler),
          });
          current = connection;
          const ask = (wanted: readonly number[]): void => {
            wanted.forEach((bytes, i) => {
              const stream = connection.open(false);
              if (!stream) return say(world, `client may open no stream ${i}`);
              stream.handler = {
                connected() {},
                received(upTo) {
                  if (upTo === bytes) say(world, `client has stream ${stream.id}`);
                },
                ended: () => say(world, `client has the end of ${stream.id}`),
                failed: (code) => say(world, `client lost stream ${stream.id}: ${code}`),
              };
              stream.write([said(world, `GET ${bytes}`, request, stream)]);
              stream.shutdown();
            });
          };
          connection.handler = {
            ready(early) {
              say(world, `client ready${early ? ' early' : ''}`);
              if (!early) ask(responses);
              if (!early && o.askAgain) world.think(o.askAgain.afterMs * MS, 'wait', connection.endpoint, { resourceDone: () => ask([o.askAgain!.bytes]) });
              o.script?.(connection, world);
            },
            incoming() {}, moreStreams: () => say(world, 'client may open more'), closed: (code) => say(world, `client closed ${code}`),
          };
        },
      };
    },
  };
  const server: HostKind = {
    id: 'server',
    create: (world, id) => {
      const udp = new UdpStack(world, id);
      const serve = (connection: Multiplexer): void => {
        connection.handler = {
          ready: () => say(world, 'server ready'), moreStreams() {}, closed: (code) => say(world, `server closed ${code}`),
          incoming(stream) {
            o.opened?.(stream, world);
            let asked = 0;
            const handler: StreamHandler = {
              connected() {}, failed: (code) => say(world, `server lost stream ${stream.id}: ${code}`),
              received: (upTo) => void (asked = upTo),
              ended() {
                const bytes = Number(stream.flow.content[0].messages.at(-1)!.name.split(' ')[1]);
                if (asked === 0) return;
                stream.write([said(world, '200', bytes, stream)]);
                stream.shutdown();
              },
            };
            stream.handler = handler;
          },
        };
      };
      return {
        receive: (pdu) => udp.receive(pdu),
        stopped: () => udp.stopped(),
        start() {
          const certificate = { names: ['www.lab.test'], expired: false, issuerKnown: true, ...o.certificate };
          new QuicListener(world, id, udp, 443, {
            options: quicOptions(world, id, { ...NGINX_QUIC, ...o.server }),
            startTls: (crypto, handler) => tlsServer(world, id, crypto, { certificate, alpn: ['h3'], quic: crypto }, handler),
            accepted: serve,
          });
        },
      };
    },
  };
  return { trace: simulate(plan, (id) => (id === 'client' ? client : id === 'nat' ? nat : server)), heard };
}

/** What a datagram carries, as data. */
export const packetsOf = (pdu: PduRow): readonly QuicPacket[] => ((pdu.body as { message: Message }).message.body as DatagramBody).packets;
/** `c2s 1200 Initial[CRYPTO 0–1100 PADDING]`, with the time in ms. */
export const datagrams = ({ trace }: QuicPairRun): string[] =>
  trace.pdus.map((pdu) => `${(pdu.sentAt / MS).toFixed(1)} ${pdu.direction === 0 ? 'c2s' : 's2c'} ${pdu.payload} ${packetsOf(pdu).map((p) => `${p.level} ${p.number} [${p.frames.map((f) => (f.type === 'ACK' ? `ACK ${f.ranges.map((r) => r.join('-')).join(' ')}` : 'length' in f ? `${f.type} ${'offset' in f ? f.offset : ''}+${f.length}` : f.type)).join(', ')}]`).join(' | ')}${pdu.fate === 1 ? '' : ' LOST'}`);
