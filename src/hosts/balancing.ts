/**
 * Which server of a group takes the next request. Law: nginx's own arithmetic (ngx_http_upstream_round_robin.c, _least_conn_module.c,
 * _random_module.c), integer and in order of the servers; who may not be asked is passed over. Chance comes from outside, as a draw.
 */
export const BALANCES = ['round-robin', 'least-conn', 'random', 'random-two'] as const;
export type Balance = (typeof BALANCES)[number];

/** What a balancer knows of a server: its fixed share and limits, and what has happened. Times are whole seconds, as in nginx. */
export interface Peer {
  readonly weight: number;
  /** Failures within `failTimeout` that mark it down; 0: never. */
  readonly maxFails: number;
  readonly failTimeout: number;
  /** Requests at once; 0: any number. */
  readonly maxConns: number;
  currentWeight: number;
  effectiveWeight: number;
  /** Requests under way. */
  conns: number;
  fails: number;
  /** Last failure, and since when it is judged. */
  accessed: number;
  checked: number;
}
export type PeerLimits = Pick<Peer, 'weight' | 'maxFails' | 'failTimeout' | 'maxConns'>;
export const newPeer = (limits: PeerLimits): Peer => ({ ...limits, currentWeight: 0, effectiveWeight: limits.weight, conns: 0, fails: 0, accessed: 0, checked: 0 });

/** It has failed too often too lately. */
export const isDown = (p: Peer, seconds: number): boolean => p.maxFails > 0 && p.fails >= p.maxFails && seconds - p.checked <= p.failTimeout;
const mayTake = (p: Peer, seconds: number): boolean => !isDown(p, seconds) && (p.maxConns === 0 || p.conns < p.maxConns);

/** Smooth weighted round robin over these servers; index or -1. Each turn raises every weight; the winner pays the sum. */
function smooth(peers: readonly Peer[], candidates: readonly number[]): number {
  let total = 0, best = -1;
  for (const i of candidates) {
    const p = peers[i]!;
    p.currentWeight += p.effectiveWeight;
    total += p.effectiveWeight;
    if (p.effectiveWeight < p.weight) p.effectiveWeight++;
    if (best < 0 || p.currentWeight > peers[best]!.currentWeight) best = i;
  }
  if (best >= 0) peers[best]!.currentWeight -= total;
  return best;
}
/** The fewest requests for its weight; among equals round robin. */
function least(peers: readonly Peer[], candidates: readonly number[]): number {
  const fewer = (a: number, b: number): number => peers[a]!.conns * peers[b]!.weight - peers[b]!.conns * peers[a]!.weight;
  let best = -1;
  for (const i of candidates) if (best < 0 || fewer(i, best) < 0) best = i;
  const equal = candidates.filter((i) => fewer(i, best) === 0);
  return equal.length > 1 ? smooth(peers, equal) : best;
}
/** After so many picks that hit nobody eligible nginx takes turns instead. */
const RANDOM_TRIES = 20;
/** By weight at random; with `two`, the less busy of two different ones. */
function random(peers: readonly Peer[], candidates: readonly number[], draw: (pick: number) => number, two: boolean): number {
  const total = peers.reduce((sum, p) => sum + p.weight, 0);
  let first = -1;
  for (let pick = 0; pick < RANDOM_TRIES; pick++) {
    let at = Math.floor(draw(pick) * total), i = 0;
    while (at >= peers[i]!.weight) at -= peers[i++]!.weight;
    if (i === first || !candidates.includes(i)) continue;
    if (!two) return i;
    if (first < 0) first = i;
    else return peers[i]!.conns * peers[first]!.weight > peers[first]!.conns * peers[i]!.weight ? first : i;
  }
  return smooth(peers, candidates);
}

/**
 * The server for a request, with what is under way at it counted up; -1 when nobody may take it. `tried` are those that failed this
 * very request; a group of one is always asked. `draw(n)` is the nth uniform number in [0, 1) of this choice.
 */
export function choose(balance: Balance, peers: readonly Peer[], tried: ReadonlySet<number>, seconds: number, draw: (pick: number) => number): number {
  const single = peers.length === 1;
  const candidates = peers.flatMap((p, i) => (single ? p.maxConns === 0 || p.conns < p.maxConns : !tried.has(i) && mayTake(p, seconds)) ? [i] : []);
  if (candidates.length === 0) return -1;
  const chosen = single ? 0 : balance === 'round-robin' ? smooth(peers, candidates) : balance === 'least-conn' ? least(peers, candidates) : random(peers, candidates, draw, balance === 'random-two');
  const p = peers[chosen]!;
  p.conns++;
  if (seconds - p.checked > p.failTimeout) p.checked = seconds;
  return chosen;
}
/** A request at this server is over. A failure counts and costs it weight; a success after it was judged again wipes the slate. */
export function release(p: Peer, failed: boolean, seconds: number): void {
  p.conns--;
  if (failed) {
    p.fails++;
    p.accessed = p.checked = seconds;
    if (p.maxFails > 0) p.effectiveWeight = Math.max(0, p.effectiveWeight - Math.floor(p.weight / p.maxFails));
  } else if (p.accessed < p.checked) p.fails = 0;
}
