/** Whose event it is: by its endpoint, else by its packet, whose sender does the sending. */
import { describe, expect, it } from 'vitest';
import { hostOfEvent, indexTrace } from '../../src/trace';
import { tcpPair } from '../support/tcp-pair';

describe('an event that no endpoint noted', () => {
  const trace = tcpPair({ rttMs: 30, bytes: 100, listens: false });
  const index = indexTrace(trace);
  const rst = trace.pdus.find((p) => p.name === 'RST')!;
  it('is the sender’s when it is the sending of a packet', () => {
    expect(trace.where.at(rst.sentEvent)).toBe(-1);
    expect(hostOfEvent(index, rst.sentEvent)).toBe(rst.from);
  });
  it('is the receiver’s when it is the arrival', () => expect(hostOfEvent(index, rst.fateEvent)).toBe(rst.to));
});
