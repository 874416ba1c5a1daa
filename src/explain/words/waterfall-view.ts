/** English: the waterfall view: where the time went, request by request and connection by connection. */
import { clock, duration, NBSP, whole } from '../format';

const PHASES = { blocked: 'blocked', dns: 'DNS', connect: 'TCP', tls: 'TLS', send: 'send', wait: 'wait', receive: 'receive', gap: 'between' } as const;
const HELP = {
  blocked: 'waits for a connection', dns: 'name look-up', connect: 'connection set-up', tls: 'TLS handshake', send: 'request is written', wait: 'waits for the first byte', receive: 'answer arrives', gap: 'between two phases',
} as const;
const count = (n: number, one: string, many: string): string => `${whole(n)} ${n === 1 ? one : many}`;
const requests = (n: number): string => count(n, 'request', 'requests');

/** What a step of the path is called and took. */
export interface PathStep {
  readonly name: string;
  readonly ns: number;
}

export const waterfallView = {
  title: 'Waterfall',
  nothing: 'No request is made in this run.',
  rows: 'Rows', views: { requests: 'Requests', connections: 'Connections' },
  sort: 'Order', sorts: { start: 'by start', duration: 'longest first', failures: 'failures first' },
  phases: PHASES,
  /** `TLS handshake: 81 ms, 171 ms to 252 ms`. */
  phaseTitle: (name: string, phase: keyof typeof PHASES, start: number, end: number): string => `${name}: ${PHASES[phase]}, ${HELP[phase]}: ${duration(end - start)}, ${clock(start)} to ${clock(end)}`,
  phaseLabel: (phase: keyof typeof PHASES, ns: number): string => `${PHASES[phase]} ${duration(ns)}`,
  legend: { path: 'decides the end', own: 'the chosen request', ahead: 'still to come', idle: 'open, idle', waits: 'a request waits for it' },
  columns: {
    requests: { name: 'Request', note: 'Status', total: 'Total' },
    connections: { name: 'Connection', note: 'Carried', total: 'In use' },
  },
  table: 'As a table', columnStart: 'Start', columnPath: 'On the path', columnWaited: 'Waited for', columnOpened: 'Opened',
  more: (n: number): string => `${whole(n)} more rows are not shown.`,
  time: 'Time',
  /** Status of a row: the number, the error's name, or that nothing came. */
  status: (status: number | null, error: string | null, ended: boolean): string => error ?? (status !== null ? String(status) : ended ? 'done' : 'no end'),
  cached: 'cache', notEnded: 'open',
  carried: (n: number): string => requests(n),
  connectionName: (n: number, host: string, port: number): string => `${n} to ${host}:${port}`,
  waiter: (name: string, ns: number): string => `${name} waits ${duration(ns)}`,
  moreWaiters: (n: number): string => `${whole(n)} more ${n === 1 ? 'waits' : 'wait'}`,
  document: 'document', ahead: 'a connection opened ahead',
  /** The line at the top, and what decides the end. */
  summary: (n: number, ns: number): string => `${requests(n)}, ${duration(ns)}.`,
  path: (page: string, steps: readonly PathStep[], between: number): string => {
    const parts = steps.map((s) => `${s.name} ${duration(s.ns)}`);
    if (between > 0) parts.push(`the browser between them ${duration(between)}`);
    return `The path to the end${page ? ` of ${page}` : ''}: ${parts.join(', ')}.`;
  },
  noPath: 'Not every request has ended: nothing decides the end yet.',
  choose: 'Choose a request: its phases are told here.',
  single: (name: string, steps: readonly PathStep[]): string => `${name}: ${steps.map((s) => `${s.name} ${duration(s.ns)}`).join(', ')}.`,
  crowd: (n: number, p50: number, p95: number, slowest: number, failures: number, open: number): string =>
    `${requests(n)}: p50${NBSP}${duration(p50)}, p95${NBSP}${duration(p95)}, slowest ${duration(slowest)}; ${failures === 0 ? 'none failed' : `${whole(failures)} failed`}${open > 0 ? `, ${whole(open)} without an end` : ''}.`,
  connectionSummary: (n: number, carried: number, waited: number): string => `${count(n, 'connection', 'connections')} ${n === 1 ? 'carries' : 'carry'} ${requests(carried)}${waited > 0 ? `; ${whole(waited)} had to wait for one` : ''}.`,
  label: (view: 'requests' | 'connections'): string => (view === 'requests' ? 'Requests in time. Up and down move, Enter selects.' : 'Connections in time. Up and down move, Enter selects the next request on it.'),
  /** A row read aloud. */
  row: (name: string, status: string, start: number, total: number, phases: readonly PathStep[], onPath: number): string =>
    `${name}, ${status}, begins at ${clock(start)}, takes ${duration(total)}: ${phases.map((p) => `${p.name} ${duration(p.ns)}`).join(', ')}${onPath > 0 ? `; ${duration(onPath)} of the path` : ''}`,
  connectionRow: (name: string, carried: readonly string[], waited: readonly string[]): string => `Connection ${name}, carries ${carried.length > 0 ? carried.join(', ') : 'nothing'}${waited.length > 0 ? `; waited for by ${waited.join(', ')}` : ''}`,
} as const;
