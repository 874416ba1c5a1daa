/**
 * Hashes of traces: 64 bits as hexadecimal text, the same on every engine. Law: integers only; a prefix hash covers
 * what was known when the prefix ended (model decision 2), so two runs that part later have it in common.
 */
import { fold, hashText, mix32 } from '../base/hash';
import type { EventId } from '../model/ids';
import type { Trace } from '../model/trace';

class Hasher {
  private high = 0x6a09e667;
  private low = 0xbb67ae85;
  number(n: number): void {
    this.high = fold(this.high, n);
    this.low = mix32(Math.imul(this.low ^ this.high, 0x27d4eb2f) + 0x165667b1);
  }
  text(text: string): void {
    this.number(hashText(text));
    this.number(hashText(text, 0x9747b28c));
    this.number(text.length);
  }
  hex(): string {
    const word = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
    return word(this.high) + word(this.low);
  }
}

/** Hash of the events before `until` and of the packets and messages made by then. */
export function prefixHash(trace: Trace, until: EventId): string {
  const hasher = new Hasher();
  events(trace, Math.min(until, trace.kind.length), hasher);
  for (const pdu of trace.pdus) {
    // a copy is made by the rule that duplicates, whose event is the one after the sending
    if ((pdu.copyOf < 0 ? pdu.sentEvent : pdu.sentEvent + 1) >= until) break;
    for (const n of [pdu.flow, pdu.direction, pdu.from, pdu.to, pdu.bytes, pdu.payload, pdu.streamStart, pdu.flags, pdu.key, pdu.transmission, pdu.sentAt]) hasher.number(n);
    hasher.text(pdu.name);
  }
  return hasher.hex();
}

/** Hash of everything in the trace: columns and side tables. */
export function traceHash(trace: Trace): string {
  const hasher = new Hasher();
  events(trace, trace.kind.length, hasher);
  for (const host of trace.hosts) hasher.text(`${host.name} ${host.kind} ${host.address}`);
  for (const link of trace.links) hasher.text(`${link.name} ${link.a} ${link.b.join()}`);
  for (const chart of trace.charts) hasher.text(`${chart.id} ${chart.leaves.join()}`);
  for (const e of trace.endpoints) {
    hasher.text(`${e.layer} ${e.protocol} ${e.title}`);
    for (const n of [e.host, e.flow, e.chart, e.createdAt, e.createdEvent]) hasher.number(n);
  }
  for (const f of trace.flows) hasher.text(`${f.name} ${f.below}`);
  for (const t of trace.timers) {
    hasher.text(t.name);
    hasher.number(t.endpoint);
  }
  for (const r of trace.resources) hasher.text(`${r.host} ${r.name} ${r.servers}`);
  for (const p of trace.pdus) {
    hasher.text(p.name);
    for (const n of [
      p.flow, p.direction, p.from, p.to, p.sender, p.bytes, p.payload, p.streamStart, p.flags, p.key, p.transmission, p.link, p.sentEvent, p.sentAt, p.queueNs,
      p.serializationNs, p.propagationNs, p.extraNs, p.fateAt, p.fate, p.fateEvent, p.copyOf, p.rule,
    ]) hasher.number(n);
  }
  for (const m of trace.messages) {
    hasher.text(`${m.protocol} ${m.name}`);
    for (const n of [m.bytes, m.flow, m.direction, m.start, m.end, m.parent, m.writtenEvent]) hasher.number(n);
  }
  for (const r of trace.requests) {
    hasher.text(`${r.method} ${r.url} ${r.resource} ${r.protocol} ${r.status} ${r.error?.code ?? ''}`);
    for (const n of [r.startEvent, r.startNs, r.endEvent, r.endNs, r.flow, r.bytesUp, r.bytesDown, r.initiator, r.fromCache ? 1 : 0]) hasher.number(n);
    for (const p of r.phases) {
      hasher.text(p.phase);
      hasher.number(p.startNs);
      hasher.number(p.endNs);
    }
  }
  for (const q of trace.queries) {
    hasher.text(`${q.sql} ${q.chosen?.node ?? ''} ${q.chosen?.index ?? ''}`);
    for (const n of [q.host, q.endpoint, q.startEvent, q.endEvent, q.rows]) hasher.number(n);
    for (const r of q.runs) {
      hasher.text(`${r.relation} ${r.kind}`);
      for (const n of [r.level, r.block, r.count, r.hits, r.reads, r.tuples, r.event]) hasher.number(n);
    }
  }
  for (const text of trace.texts) hasher.text(text);
  for (const [event, joined] of trace.joined) for (const n of [event, ...joined]) hasher.number(n);
  hasher.text(`${trace.outcome} ${trace.stopReason ?? ''}`);
  hasher.number(trace.endNs);
  return hasher.hex();
}

function events(trace: Trace, until: EventId, hasher: Hasher): void {
  const names = trace.kinds.map((k) => hashText(k.name));
  for (let e = 0; e < until; e++) {
    hasher.number(trace.time.at(e));
    hasher.number(names[trace.kind.at(e)]!);
    hasher.number(trace.where.at(e));
    hasher.number(trace.cause.at(e));
    hasher.number(trace.subject.at(e));
    hasher.number(trace.a.at(e));
    hasher.number(trace.b.at(e));
  }
}
