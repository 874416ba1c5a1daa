/** English: the rules of the model in one sentence each, and what it leaves out, for the page "How true is this?". */

/** By rule: its name and what it says. */
export const rules = {
  retransmissionTimeout: ['Retransmission timeout', 'The smoothed round trip plus its variation, and the variation counts at least 200 ms: Linux’s RTO is never less than the round trip and 200 ms.'],
  tailLossProbe: ['Tail-loss probe', 'Two round trips after the last segment, with a lone segment 200 ms more but never later than the timeout, the last segment goes once more.'],
  rack: ['RACK', 'A segment is lost when one sent later has arrived and a quarter of the least round trip has passed; at once when three have.'],
  recovery: ['Proportional rate reduction', 'In recovery the sender releases segments in proportion to those that arrive, down to the new threshold.'],
  undo: ['Taking a reduction back', 'Timestamps, DSACK or two acknowledgements after a timeout show that nothing was lost; the window is restored.'],
  cubic: ['CUBIC with HyStart', 'The window grows along a cubic curve towards the one at which a segment was lost; slow start ends before a loss when acknowledgements come late.'],
  reno: ['Reno', 'The alternative: half the window after a loss, a segment more for each round trip; without SACK one repair for each round trip (NewReno).'],
  ecn: ['Explicit congestion notification', 'Where both ends asked for it a full queue marks data in place of dropping it, and the sender slows down once for each round trip.'],
  cwndLimited: ['Only a window that limits grows', 'The congestion window grows only in round trips in which it, and not the application or the receiver, held the sender back.'],
  delayedAck: ['Quick and delayed acknowledgements', 'At first each segment is acknowledged at once; later every second one, a lone one after 40 ms.'],
  sendBuffer: ['Send buffer', 'The application writes as far as the buffer allows, and the buffer grows with the congestion window.'],
  timerTicks: ['Ticks', 'A timer fires at a tick of a 250 Hz kernel, an eighth of its time late at most.'],
  handshake: ['SYN schedule', 'An unanswered SYN goes again after 1 s, four times one second apart, then doubling (Linux 6.5 and later).'],
  listening: ['Queues of a listening socket', 'A backlog of n holds n + 1 connections to accept and as many handshakes; what finds no place is dropped, answered with a cookie, or believes itself connected.'],
  fastOpen: ['Fast Open', 'With a cookie of an earlier visit data goes with the SYN and is handed on before the handshake ends; without, it comes again after it.'],
  pathMtu: ['Path MTU', 'A router drops what its next link does not take and says so; the sender cuts what is out into pieces that fit. Where nobody says so, a sender that probes tries 1024 bytes after three seconds.'],
  records: ['TLS records', 'Nothing of a record can be read before its last byte is there: 16 kB records need more than the first ten segments.'],
  tlsFlights: ['TLS flights', 'Who says what when, and what each end computes before it answers.'],
  helloSizes: ['Sizes of handshake messages', 'Each length is the length of the encoding: names, keys, extensions of the named clients.'],
  stubRetry: ['Stub resolver', 'An unanswered question is asked again after 5 s, and then A and AAAA one after the other (glibc).'],
  iteration: ['Recursive resolver', 'From the root over the top-level domain to the zone, with a cache and, where it is on, minimised questions.'],
  requestHeads: ['Heads of requests', 'The lines that curl, Chromium and nginx write, in their order.'],
  freshness: ['Freshness', 'A kept answer is used unasked while it is fresh, by max-age or by a tenth of the time it was not changed; then its tag is asked about, and 304 makes it fresh again.'],
  upstreams: ['Proxy and upstreams', 'A connection for each request or kept ones; which failures go to the next server; which end as 502 or 504.'],
  links: ['Links', 'Rules, random loss, a queue that drops what does not fit, serialization of the whole packet, then the way.'],
  btree: ['B-tree pages', 'How many entries fit on a page follows from their length and the fill factor; where a page splits follows from the order of the keys.'],
  plans: ['Index or scan', 'The planner’s own cost formulas decide, with its default costs of pages and rows.'],
  scram: ['SCRAM', 'Four messages in two round trips; over TLS to PostgreSQL 15 with a HelloRetryRequest before.'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

/** What is left out: where, and what follows from it. */
export const simplifications: readonly (readonly [string, string])[] = [
  ['Congestion', 'One flow does not share its link with the rest of the internet: queues fill with what the run itself sends.'],
  ['Segments', 'Sizes and times of segments are those on the wire; the work of kernel and network card for each is part of the link’s cost for a packet.'],
  ['Cryptography', 'Content is as long as if it were encrypted, and captures are really encrypted with their keys; signatures are filler of the right length. Computing takes its measured time.'],
  ['Certificates', 'An ECDSA signature has its commonest length, 71 bytes; a real one varies by a byte or two.'],
  ['The browser', 'References are known when the whole document is there; Chromium begins with its first bytes. Rendering and scripts take no time.'],
  ['Name servers', 'A name’s first address is used. Resolvers lie on the path given; anycast and load are not modelled.'],
  ['TCP', 'A path MTU that is known to be small is never tried greater again; a SYN cookie leaves the timestamp’s low bits alone; packets of one instant are not paced.'],
  ['HTTP', 'Caches know no Vary and have no limit of size; how much compression leaves is said by the scenario; no ranges.'],
  ['Servers', 'Switching between threads costs nothing, all work has one priority and no garbage collector runs.'],
  ['PostgreSQL', 'No parallel plans, no JIT, catalogue caches are warm. Trees grown in random order are right within 2 %.'],
  ['Dates', 'A run knows no calendar: it begins at a fixed date.'],
];
