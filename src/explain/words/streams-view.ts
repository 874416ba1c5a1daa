/** English: the view of shared connections: whose bytes come when, and who waits for whose loss. */
import { bytes, capital, NBSP, significant, whole } from '../format';

const answers = (n: number): string => (n === 1 ? 'one answer' : `${whole(n)} answers`);

export const streamsView = {
  title: 'Streams', nothing: 'No connection of this run has carried an answer.', connection: 'Connection',
  picture: (run: string): string => `Answers over time${run ? `, ${run}` : ''}. One row for each request: what has come, and what waits behind something that is missing. Up and down go from packet to packet; the table below has them all.`,
  protocols: { h1: 'HTTP/1.1', h2: 'HTTP/2', h3: 'HTTP/3' },
  /** Heading of a connection's rows. */
  heading: (protocol: string, n: number): string => `${protocol}, ${n === 1 ? 'one connection' : `${whole(n)} connections`}`,
  row: (path: string, stream: number): string => (stream < 0 ? path : `${path} · ${stream}`),
  legend: { came: 'came', waits: 'came and waits (height: bytes)', lost: 'lost', again: 'sent again', asked: 'asked for' },
  /** The large sentence: what is the matter at this moment. */
  claim: (facts: { readonly before: boolean; readonly over: boolean; readonly under: number; readonly connections: number; readonly waiting: number; readonly waiters: number; readonly innocent: number; readonly tcp: boolean; readonly name: string; readonly held: number; readonly heldInnocent: number }): string => {
    const { before, over, under, connections, waiting, waiters, innocent, tcp, name, held, heldInnocent } = facts;
    if (before) return 'Nothing has been asked for yet.';
    const wait = waiters === 1 ? 'one answer waits' : `${whole(waiters)} answers wait`;
    if (waiting > 0 && tcp) {
      const though = innocent === 0 ? '' : innocent === waiters ? (innocent === 1 ? ', though it has lost nothing' : ', though none of them has lost anything') : `, though ${whole(innocent)} of them ${innocent === 1 ? 'has' : 'have'} lost nothing`;
      return `A hole in TCP’s stream: ${wait} with ${bytes(waiting)}${though}.`;
    }
    if (waiting > 0) return waiters === 1 ? `${capital(name)} waits for a lost packet: ${bytes(waiting)} behind it. ${under > 1 ? `The ${under === 2 ? 'other goes' : `other ${whole(under - 1)} go`} on.` : ''}`.trim() : `${capital(wait)} for what ${waiters === 1 ? 'it has' : 'they have'} lost, ${bytes(waiting)} in all; ${under > waiters ? `the other ${whole(under - waiters)} go on` : 'no other is under way'}.`;
    if (under === 0 && !over) return 'Nothing is under way.';
    if (over) return `Everything that was asked for is there.${held === 0 ? '' : ` ${held === 1 ? 'One answer' : `${whole(held)} answers`} had to wait for something lost${heldInnocent === 0 ? '' : heldInnocent === held ? (held === 1 ? ', and had lost nothing itself' : ', and none of them had lost anything') : `; ${whole(heldInnocent)} of them had lost nothing`}.`}`;
    return `${capital(answers(under))} under way on ${connections === 1 ? 'one connection' : `${whole(connections)} connections`}; nothing waits for anything lost.`;
  },
  parted: 'parts here from the run most like it',
  cut: 'How it is cut', cutHelp: 'Packets around this moment, end to end. An open edge goes on.',
  layers: { h1: { packets: 'TCP segments', records: 'TLS records', frames: '', messages: 'HTTP/1.1'  }, h2: { packets: 'TCP segments', records: 'TLS records', frames: '', messages: 'HTTP/2 frames'  }, h3: { packets: 'UDP datagrams', records: '', frames: 'QUIC frames', messages: 'HTTP/3 frames'  } },
  control: 'connection', packet: (n: string, lost: boolean): string => (lost ? `${n}, lost` : n),
  box: (name: string, stream: number, path: string, n: number): string => `${name}${stream < 0 ? '' : `, stream ${stream}`}${path ? `, ${path}` : ''}: ${bytes(n)}`,
  table: 'As a table', columns: { time: 'Time', request: 'Request', what: 'What', bytes: 'Bytes', waiting: 'Waits then' }, none: '–', go: (what: string): string => `Go to: ${what}`, more: (n: number): string => `${whole(n)} more rows are not shown.`,
  events: { came: 'comes', lost: 'is lost', again: 'comes, sent again' }, kB: (n: number): string => `${significant(n / 1000)}${NBSP}kB`, msTick: (ns: number): string => `${significant(ns / 1e6)}${NBSP}ms`,
} as const;
