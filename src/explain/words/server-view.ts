/** English: the server view: who holds a host's places and cores, who waits. */
import { capital, clock, duration, whole } from '../format';

/** Places by the trace's name for their resource: one, many, and what a lane is called. */
const PLACES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  workers: ['worker', 'workers'], processes: ['process', 'processes'], connections: ['pooled connection', 'pooled connections'], backends: ['backend', 'backends'], loop: ['event loop', 'event loops'],
  cpu: ['core', 'cores'], disk: ['disk', 'disks'],
};
const one = (name: string): string => PLACES[name]?.[0] ?? name;
const many = (name: string, n: number): string => PLACES[name]?.[n === 1 ? 0 : 1] ?? name;

const OUTCOMES: Readonly<Record<string, string>> = { waiting: 'still waits', held: 'still there', done: 'done', refused: 'refused', abandoned: 'gave up', 'cut off': 'cut off: the host stopped' };

export const serverView = {
  title: 'Server',
  host: 'Host',
  nothing: 'No host of this run has places or cores that anybody asked for.',
  label: (host: string): string => `Inside ${host}: queues and lanes, time to the right. Up and down walk through those who came, Enter goes to the moment they came.`,
  /** One resource at a moment: `4 of 4 workers busy, 7 wait`. */
  busy: (name: string, busy: number, of: number, waiting: number): string => {
    const work = of === 1 ? `the ${one(name)} ${busy > 0 ? 'busy' : 'free'}` : `${whole(busy)} of ${whole(of)} ${many(name, of)} busy`;
    return waiting > 0 ? `${work}, ${whole(waiting)} ${waiting === 1 ? 'waits' : 'wait'}` : work;
  },
  elsewhere: (n: number): string => `${whole(n)} ${n === 1 ? 'waits' : 'wait'} for others`,
  /** The line at a moment, from its parts. */
  summary: (parts: readonly string[]): string => `${capital(parts.join('; '))}.`,
  heading: (name: string, kind: string, of: number): string => (kind === 'others' ? 'Waiting for others' : `${capital(many(name, of))}${of > 1 ? `: ${whole(of)}` : ''}`),
  queue: (most: number, room: number): string => (room < 0 ? `queue, ${whole(most)} at most` : `queue, ${whole(most)} at most, room for ${whole(room)}`),
  others: (most: number, full: boolean): string => `${whole(most)} at most${full ? '; this uses nothing here' : ''}`,
  lane: (name: string, n: number, of: number): string => (of === 1 ? one(name) : `${one(name)} ${n}`),
  unused: (n: number): string => `${whole(n)} more, never used`,
  crowd: (most: number): string => `${whole(most)} at once at most: too many for lanes, so their number`,
  waiting: (n: number): string => `${whole(n)} ${n === 1 ? 'waits' : 'wait'}`,
  turnedAway: (n: number, outcome: string): string => `${whole(n)} ${OUTCOMES[outcome] ?? outcome}`,
  legend: { runs: 'runs on a core', holds: 'held, but waits', waits: 'waits (dotted)', preempted: 'put off the core' },
  time: 'Time', true: 'true', lens: 'lens',
  outcome: (outcome: string): string => OUTCOMES[outcome] ?? outcome,
  /** The selected request's time here. */
  account: (a: { what: string; asked: number; waitedForPlace: number; held: number; ran: number; waitedForCore: number; waitedForOthers: number; outcome: string }): string => {
    const parts: string[] = [];
    if (a.waitedForPlace > 0) parts.push(`waits ${duration(a.waitedForPlace)} for a place`);
    if (a.held > 0) parts.push(`holds a place for ${duration(a.held)}`);
    if (a.ran > 0) parts.push(`runs ${duration(a.ran)} on a core`);
    if (a.waitedForCore > 0) parts.push(`waits ${duration(a.waitedForCore)} for a core`);
    if (a.waitedForOthers > 0) parts.push(`waits ${duration(a.waitedForOthers)} for others`);
    if (a.outcome === 'refused' || a.outcome === 'abandoned' || a.outcome === 'cut off') parts.push(OUTCOMES[a.outcome]!);
    return `${a.what} comes at ${clock(a.asked)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`;
  },
  table: 'As a table',
  columns: { came: 'Came', what: 'What', place: 'For', waited: 'Waited', held: 'Held or ran', turns: 'Turns', outcome: 'Outcome' },
  more: (n: number): string => `${whole(n)} more rows are not shown.`,
} as const;
