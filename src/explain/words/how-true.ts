/** English: the page "How true is this?": predictions beside measurements, the rules and where they stand, what is left out. */
import { fixed, NBSP, significant, whole } from '../format';

const of = (n: number, all: number): string => `${whole(n)} of ${whole(all)}`;

export const howTrue = {
  title: 'How true is this?', product: 'Roundtrip', back: 'Back to the simulator', contents: 'On this page',
  lead: 'Every packet and every millisecond in Roundtrip is computed, none is scripted. Here its predictions stand beside measurements of real systems: Linux, curl, nginx, OpenSSL, unbound and PostgreSQL on an emulated link. The limits were fixed beforehand; none is fitted to a case.',
  verdict: (passed: number, judged: number, error: number): string => `${of(passed, judged)} measured cases are predicted within their limits. Half of all times are off by less than ${fixed(error * 100, 1)}${NBSP}%.`,
  packets: (equal: number, listed: number): string => `Of ${whole(listed)} cases with a recorded packet list, ${whole(equal)} have the same packets in the same order, of the same length, at the same times.`,
  scatter: 'Measured and predicted time, each case one mark', scatterNote: 'A right prediction lies on the line. Both scales are logarithmic.', measuredAxis: 'measured', predictedAxis: 'predicted',
  tick: (ms: number): string => (ms < 1000 ? `${significant(ms)}${NBSP}ms` : `${significant(ms / 1000)}${NBSP}s`),
  families: 'Case by case', familiesNote: 'Each mark is a case, at the number that is farthest off: in the middle it is exact, between the lines it is within its limit. The farthest off stand first.',
  family: {
    fetch: 'curl to nginx: HTTP/1.1, HTTP/2, TLS 1.2 and 1.3, 1 kB to 1 MB', tls: 'an OpenSSL client: full, resumed, early data', dns: 'name look-ups with and without losses', proxy: 'nginx before an app server', page: 'Chromium: a page with 30 images, over HTTP/1.1, HTTP/2 and HTTP/3',
    loss: 'one named packet lost, late or doubled', 'syn-schedule': 'when a SYN is sent again', rate: '1 MB through slow links with queues', flights: 'segments in each round trip of 1 MB', 'random-loss': 'distributions under random loss',
    quic: 'curl over HTTP/3 and HTTP/2, with losses', 'quic-browser': 'Chromium over HTTP/3', 'alt-svc': 'how HTTP/3 is found', postgres: 'B-tree and heap shapes, buffers, plans, cost of inserts', 'pg-wire': 'connect, authenticate, query', errors: 'what curl reports, and when',
  } as Readonly<Record<string, string>>,
  share: (passed: number, judged: number): string => `${of(passed, judged)} within`,
  notJudged: (unsupported: number, informational: number): string => [unsupported > 0 ? `${whole(unsupported)} not modelled` : '', informational > 0 ? `${whole(informational)} shown, not judged` : ''].filter(Boolean).join(', '),
  below: 'below its share', status: { pass: 'within', fail: 'outside', unsupported: 'not modelled', informational: 'not judged' },
  columns: { case: 'Case', status: 'Verdict', metric: 'Farthest off', measured: 'Measured', predicted: 'Predicted', error: 'Error', limit: 'Limit', packets: 'Packets', name: 'Number' },
  value: (x: number, time: boolean): string => (time ? `${fixed(x, x < 1000 ? 2 : 1)}${NBSP}ms` : significant(x)),
  range: (min: number, max: number, time: boolean): string => (time ? `${fixed(min, 1)} to ${fixed(max, 1)}${NBSP}ms` : `${significant(min)} to ${significant(max)}`),
  error: (off: number, measured: number, time: boolean): string => `${off > 0 ? '+' : ''}${time ? `${fixed(off, 2)}${NBSP}ms` : significant(off)}${measured > 0 && off !== 0 ? ` (${off > 0 ? '+' : ''}${fixed((off / measured) * 100, 1)}${NBSP}%)` : ''}`,
  limit: (x: number, time: boolean): string => (x <= 0 ? 'equal' : `±${NBSP}${time ? `${fixed(x, 1)}${NBSP}ms` : significant(x)}`),
  spread: 'within the spread of the runs', missing: 'no prediction',
  packetsEqual: (n: number): string => `${whole(n)} equal`, packetsDiffer: 'they part', firstDifference: 'First difference', given: 'Conditions', note: 'Note', why: 'Why not judged', miss: 'Why it misses', ends: (client: string, server: string, n: number): string => `${client}, ${server}${n > 1 ? `; ${whole(n)} runs` : ''}`,
  all: 'All numbers of the case',
  stripLabel: (family: string, passed: number, judged: number): string => `${family}: ${of(passed, judged)} within their limits`,
  rules: 'The rules, and where they stand', rulesNote: 'The rule that the simulator runs is the text behind “the code”; the specification or kernel function is named beside it.', code: 'the code', closeCode: 'Close',
  simplifications: 'What is left out', simplificationsNote: 'Each of these is a place where the simulator is simpler than the real thing. Scenarios name their own assumptions beside the run.',
  systems: 'What was measured', systemsNote: 'Client and server stood on separate hosts, joined by an emulated link that keeps its round trip to 0.2 ms. Time that such hosts need for themselves (starting a process, computing a signature) is a named preset, fixed on the cases with 10 ms and then left alone.',
} as const;
