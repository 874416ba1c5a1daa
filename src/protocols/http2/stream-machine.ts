/**
 * One stream of an HTTP/2 connection (RFC 9113 §5.1), the same on both ends. The reserved states are missing: nobody here pushes, and
 * Chromium and curl forbid it (SETTINGS_ENABLE_PUSH 0). HEADERS that end the stream are two inputs: the fields, and the end.
 */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../../machines/define';
import { STREAM_EFFECTS, streamRules, type StreamContext, type StreamEvent } from './stream-rules';

const spec = (description: string): { meta: { spec: string }; description: string } => ({ meta: { spec: 'RFC 9113 §5.1' }, description });
const OVER = { target: 'CLOSED', actions: 'tellClosed' } as const;
const RESET = { SEND_RST_STREAM: OVER, RECV_RST_STREAM: OVER, LOST: OVER } as const;

export const machine = setup({
  types: { context: {} as StreamContext, events: {} as StreamEvent },
  guards: xstateGuards(streamRules),
  actions: xstateActions(streamRules, STREAM_EFFECTS),
}).createMachine({
  id: 'http2-stream',
  context: {},
  initial: 'IDLE',
  states: {
    IDLE: { ...spec('The number is free; no frame has used it.'), on: { SEND_HEADERS: 'OPEN', RECV_HEADERS: 'OPEN' } },
    OPEN: { ...spec('Both ends may send.'), on: { SEND_END_STREAM: 'HALF_CLOSED_LOCAL', RECV_END_STREAM: 'HALF_CLOSED_REMOTE', ...RESET } },
    HALF_CLOSED_LOCAL: { ...spec('This end has said all; the other end may send.'), on: { RECV_END_STREAM: OVER, ...RESET } },
    HALF_CLOSED_REMOTE: { ...spec('The other end has said all; this end may send.'), on: { SEND_END_STREAM: OVER, ...RESET } },
    CLOSED: { type: 'final', ...spec('The stream is over; its number is never used again.') },
  },
});
export const exampleEvents: readonly StreamEvent[] = ['SEND_HEADERS', 'RECV_HEADERS', 'SEND_END_STREAM', 'RECV_END_STREAM', 'SEND_RST_STREAM', 'RECV_RST_STREAM', 'LOST', 'UNHEARD_OF'].map((type) => ({ type }));
