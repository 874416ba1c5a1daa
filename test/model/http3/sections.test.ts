/** Every section that a run of HTTP/3 sends decodes to what its message says, in the order in which its stream's ends speak. */
import { expect, it } from 'vitest';
import type { HeaderField } from '../../../src/model/header-compression/field';
import { QpackDecoder } from '../../../src/model/http3/qpack-decoder';
import type { H3Body } from '../../../src/protocols/http3/connection';
import { lanesOf } from '../../support/lanes';

it.each(['page-load', 'multiplexing', 'many-ways-to-https'])('%s', async (id) => {
  for (const [lane, trace] of Object.entries(await lanesOf(id))) {
    for (const direction of [0, 1] as const) {
      const streams = trace.flows.filter((f) => f.protocol.startsWith('quic-stream-'));
      for (const connection of new Set(streams.map((f) => f.below))) {
        const own = streams.filter((f) => f.below === connection).flatMap((f) => f.content[direction].messages.map((message) => ({ flow: f, message, body: message.body as H3Body })));
        const decoder = new QpackDecoder(65_536);
        for (const { body } of own) if (body.instructions && body.streamType === undefined && own.some((o) => o.body.streamType === 'QPACK encoder' && o.flow.content[direction].messages.some((m) => m.body === body))) expect(decoder.instructions(body.instructions)).toBe('');
        for (const { flow, message, body } of own) {
          if (body.frame?.type !== 'HEADERS') continue;
          const said = message.fields.map((f): HeaderField => [f.name, String(f.value)]);
          expect(decoder.decode(Number(flow.protocol.split('-').at(-1)), body.frame.section), `${lane} ${flow.name}`).toEqual(said);
        }
      }
    }
  }
});
