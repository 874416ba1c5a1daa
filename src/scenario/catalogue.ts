/** The scenarios that ship, by id; each is loaded when it is asked for. Adding one is one line and one file. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly load: () => Promise<{ default: unknown }>;
}
export const CATALOGUE: readonly CatalogueEntry[] = [
  { id: 'whole-chain', title: 'First visit, the whole chain', load: () => import('../../scenarios/whole-chain.json') },
  { id: 'first-visit', title: 'First visit, everything cold', load: () => import('../../scenarios/first-visit.json') },
  { id: 'repeat-visit', title: 'Repeat visit, everything warm', load: () => import('../../scenarios/repeat-visit.json') },
  { id: 'lost-packet', title: 'One packet is lost', load: () => import('../../scenarios/lost-packet.json') },
  { id: 'slow-dns', title: 'A slow name server', load: () => import('../../scenarios/slow-dns.json') },
  { id: 'zero-rtt-replay', title: '0-RTT, and who sends it twice', load: () => import('../../scenarios/zero-rtt-replay.json') },
  { id: 'tls-1.2-or-1.3', title: 'TLS 1.2 or 1.3', load: () => import('../../scenarios/tls-1.2-or-1.3.json') },
  { id: 'slow-start', title: 'Slow start', load: () => import('../../scenarios/slow-start.json') },
  { id: 'early-loss', title: 'One early loss', load: () => import('../../scenarios/early-loss.json') },
  { id: 'tail-loss', title: 'The last packets are lost', load: () => import('../../scenarios/tail-loss.json') },
  { id: 'syn-lost', title: 'The first packet is lost', load: () => import('../../scenarios/syn-lost.json') },
  { id: 'tls-record-size', title: 'How long is a record?', load: () => import('../../scenarios/tls-record-size.json') },
  { id: 'client-certificate', title: 'And who are you?', load: () => import('../../scenarios/client-certificate.json') },
  { id: 'tls-failures', title: 'Six ways not to connect', load: () => import('../../scenarios/tls-failures.json') },
  { id: 'keep-alive-or-not', title: 'Keep the connection or close it', load: () => import('../../scenarios/keep-alive-or-not.json') },
  { id: 'http1-head-of-line', title: 'One answer holds up the others', load: () => import('../../scenarios/http1-head-of-line.json') },
  { id: 'multiplexing', title: 'Many answers on one connection', load: () => import('../../scenarios/multiplexing.json') },
  { id: 'head-of-line', title: 'Who waits for one lost packet?', load: () => import('../../scenarios/head-of-line.json') },
  { id: 'h2-flow-control', title: 'Two windows, one above the other', load: () => import('../../scenarios/h2-flow-control.json') },
  { id: 'cache-and-304', title: 'What the browser keeps', load: () => import('../../scenarios/cache-and-304.json') },
  { id: 'flow-control', title: 'A reader that cannot keep up', load: () => import('../../scenarios/flow-control.json') },
  { id: 'nagle-delayed-ack', title: 'Two good ideas, 40 ms', load: () => import('../../scenarios/nagle-delayed-ack.json') },
  { id: 'accept-queue-full', title: 'Nobody accepts', load: () => import('../../scenarios/accept-queue-full.json') },
  { id: 'syn-flood', title: 'A flood of SYNs', load: () => import('../../scenarios/syn-flood.json') },
  { id: 'mtu-black-hole', title: 'Small ones pass, big ones vanish', load: () => import('../../scenarios/mtu-black-hole.json') },
  { id: 'fast-open', title: 'Data with the first packet', load: () => import('../../scenarios/fast-open.json') },
  { id: 'missing-index', title: 'A missing index', load: () => import('../../scenarios/missing-index.json') },
  { id: 'cold-buffer-pool', title: 'A cold buffer pool', load: () => import('../../scenarios/cold-buffer-pool.json') },
  { id: 'index-or-scan', title: 'Index or scan', load: () => import('../../scenarios/index-or-scan.json') },
  { id: 'pool-exhausted', title: 'The pool is exhausted', load: () => import('../../scenarios/pool-exhausted.json') },
  { id: 'thread-pool-or-event-loop', title: 'Thread pool, event loop or processes', load: () => import('../../scenarios/thread-pool-or-event-loop.json') },
  { id: 'slow-backend', title: 'A slow back end', load: () => import('../../scenarios/slow-backend.json') },
  { id: 'proxy-timeouts', title: '502, 504, 499: which timer was it?', load: () => import('../../scenarios/proxy-timeouts.json') },
  { id: 'reverse-proxy-keep-alive', title: 'Keep-alive behind the proxy', load: () => import('../../scenarios/reverse-proxy-keep-alive.json') },
  { id: 'load-balancer', title: 'Three servers, one of them slow', load: () => import('../../scenarios/load-balancer.json') },
  { id: 'static-or-dynamic', title: 'A file, or a page made for you', load: () => import('../../scenarios/static-or-dynamic.json') },
];
