/**
 * QUIC connections as qlog: version 0.3, which qvis reads (draft-ietf-quic-qlog-main-schema-03), and the current drafts with a file schema
 * (-14). Both ends of each connection, what injected faults did as `simulation:marker`. Law: what one end logs is what it knew.
 */
import { en } from '../explain';
import { FATE_NAMES, Fate, type PduRow } from '../model/pdu';
import { packetLength, payloadLength, spaceOf, TAG_BYTES, type DatagramBody, type Level, type QuicPacket } from '../model/quic/packet';
import { quicErrorName, QUIC_ERRORS } from '../model/quic/errors';
import { frameLength, type QuicFrame } from '../model/quic/frame';
import { beginning, type Flow, type Message } from '../model/stream';
import type { TraceIndex } from '../trace';
import { http3Frames } from './qlog-http3';
import { isoDate, type Exporter, type ExportInput } from './exporter';

type Version = '0.3' | 'current';
interface Entry {
  readonly time: number;
  readonly name: string;
  readonly data: unknown;
}
const PACKET_TYPE: Readonly<Record<Level, string>> = { Initial: 'initial', '0-RTT': '0RTT', Handshake: 'handshake', '1-RTT': '1RTT' };
const ms = (ns: number): number => ns / 1e6;
const SCHEMAS = ['quic', 'http3', 'simulation'].map((name) => `urn:ietf:params:qlog:events:${name === 'simulation' ? 'simulation' : `${name}-${name === 'quic' ? 13 : 11}`}`);

function frame(f: QuicFrame, v: Version): unknown {
  const old = v === '0.3';
  const frame_type = f.type.toLowerCase();
  switch (f.type) {
    case 'PADDING': return { frame_type, ...(old ? { payload_length: f.length } : { raw: { length: f.length } }) };
    case 'ACK': return { frame_type, ack_delay: f.delay / 1000, acked_ranges: [...f.ranges].reverse().map(([low, high]) => (low === high ? [low] : [low, high])) };
    case 'CRYPTO': return { frame_type, offset: f.offset, ...(old ? { length: f.length } : { raw: { length: frameLength(f), payload_length: f.length } }) };
    case 'STREAM': return { frame_type, stream_id: f.stream, offset: f.offset, ...(old ? { length: f.length } : { raw: { length: frameLength(f), payload_length: f.length } }), fin: f.fin };
    case 'RESET_STREAM': return { frame_type, stream_id: f.stream, ...(old ? { error_code: f.error } : { error: 'unknown', error_code: f.error }), final_size: f.finalSize };
    case 'STOP_SENDING': return { frame_type, stream_id: f.stream, ...(old ? { error_code: f.error } : { error: 'unknown', error_code: f.error }) };
    case 'NEW_TOKEN': return { frame_type, token: { type: 'resumption', raw: { length: f.token.length / 2, data: f.token } } };
    case 'MAX_DATA': return { frame_type, maximum: f.limit };
    case 'MAX_STREAM_DATA': return { frame_type, stream_id: f.stream, maximum: f.limit };
    case 'MAX_STREAMS_BIDI': case 'MAX_STREAMS_UNI': return { frame_type: 'max_streams', stream_type: f.type.endsWith('UNI') ? 'unidirectional' : 'bidirectional', maximum: f.limit };
    case 'STREAMS_BLOCKED_BIDI': case 'STREAMS_BLOCKED_UNI': return { frame_type: 'streams_blocked', stream_type: f.type.endsWith('UNI') ? 'unidirectional' : 'bidirectional', limit: f.limit };
    case 'DATA_BLOCKED': return { frame_type, limit: f.limit };
    case 'STREAM_DATA_BLOCKED': return { frame_type, stream_id: f.stream, limit: f.limit };
    case 'NEW_CONNECTION_ID': return { frame_type, sequence_number: f.sequence, retire_prior_to: f.retirePriorTo, connection_id: f.id, stateless_reset_token: f.token };
    case 'RETIRE_CONNECTION_ID': return { frame_type, sequence_number: f.sequence };
    case 'PATH_CHALLENGE': case 'PATH_RESPONSE': return { frame_type, data: f.data };
    case 'CONNECTION_CLOSE': return { frame_type, error_space: 'transport', ...(old ? { error_code: f.error } : { ...(f.error < Object.keys(QUIC_ERRORS).length ? { error: quicErrorName(f.error).toLowerCase() } : {}), error_code: f.error }), reason: f.reason };
    case 'CONNECTION_CLOSE_APP': return { frame_type: 'connection_close', error_space: 'application', ...(old ? { error_code: f.error } : { error: 'unknown', error_code: f.error }), reason: f.reason };
    default: return { frame_type };
  }
}
/** Version 0.3 has no lengths of frames; qvis reads them under their older name. */
const framesOf = (p: QuicPacket, v: Version): unknown[] => p.frames.map((f) => (v === '0.3' ? { ...(frame(f, v) as object), frame_size: frameLength(f) } : frame(f, v)));
const rawOf = (p: QuicPacket): unknown => ({ length: packetLength(p), payload_length: payloadLength(p.frames) + TAG_BYTES });
const header = (p: QuicPacket): unknown => ({
  packet_type: PACKET_TYPE[p.level], packet_number: p.number, ...(p.level === '1-RTT' ? {} : { version: p.version.toString(16).padStart(8, '0'), ...id('sc', p.source) }), ...id('dc', p.destination),
});
const id = (which: 'sc' | 'dc', value: string): Record<string, unknown> => (value === '' ? { [`${which}il`]: 0 } : { [`${which}il`]: value.length / 2, [`${which}id`]: value });
const bodyOf = (pdu: PduRow): DatagramBody => (pdu.body as { message: Message }).message.body as DatagramBody;

/** Events of one end. */
function entriesOf(index: TraceIndex, quic: Flow, side: 0 | 1, v: Version): Entry[] {
  const { trace } = index;
  const old = v === '0.3', transport = old ? 'transport' : 'quic', recovery = old ? 'recovery' : 'quic';
  const endpoint = trace.endpoints.find((e) => e.flow === quic.id && e.protocol === 'quic' && e.host === (side === 0 ? quic.initiator : quic.responder));
  const list: Entry[] = [];
  const add = (ns: number, name: string, data: unknown): void => void list.push({ time: ms(ns), name, data });
  const kindName = trace.kinds.map((k) => k.name);
  const unread = new Set<string>(), seen = new Set<string>();
  for (let e = 0; e < trace.kind.length; e++) {
    if (trace.where.at(e) !== endpoint?.id) continue;
    const subject = trace.subject.at(e), a = trace.a.at(e), b = trace.b.at(e), at = trace.time.at(e);
    switch (kindName[trace.kind.at(e)]) {
      case 'quic.undecryptable': if (b === 0) unread.add(`${subject} ${trace.texts[a]}`); break;
      case 'quic.acknowledged': add(at, `${recovery}:${old ? 'metrics_updated' : 'recovery_metrics_updated'}`, { smoothed_rtt: ms(b) }); break;
      case 'quic.in_flight': add(at, `${recovery}:${old ? 'metrics_updated' : 'recovery_metrics_updated'}`, { congestion_window: a, bytes_in_flight: b }); break;
      case 'quic.packet_lost': {
        const packet = bodyOf(trace.pdus[subject]!).packets.find((p) => p.number === a);
        if (packet) add(at, `${recovery}:packet_lost`, { header: { packet_type: PACKET_TYPE[packet.level], packet_number: a } });
        break;
      }
    }
  }
  for (const pdu of trace.pdus) {
    if (beginning(trace, pdu.flow) !== quic.below) continue;
    const { packets } = bodyOf(pdu), mine = pdu.direction === side;
    if (mine && pdu.copyOf < 0) for (const p of packets) add(pdu.sentAt, `${transport}:packet_sent`, { header: header(p), frames: framesOf(p, v), raw: rawOf(p) });
    if (mine || pdu.fate !== Fate.delivered) continue;
    for (const p of packets) {
      const key = `${spaceOf(p.level)} ${p.number}`, dropped = unread.has(`${pdu.id} ${p.level}`) || seen.has(key);
      if (dropped) add(pdu.fateAt, `${transport}:packet_dropped`, { header: header(p), raw: { length: packetLength(p) }, trigger: old ? (seen.has(key) ? 'general' : 'decryption_failure') : seen.has(key) ? 'duplicate' : 'key_unavailable' });
      else add(pdu.fateAt, `${transport}:packet_received`, { header: header(p), frames: framesOf(p, v), raw: rawOf(p) });
      if (!dropped) seen.add(key);
    }
  }
  for (const { at, what, data } of http3Frames(trace, quic, side, old)) add(at, `${old ? 'http' : 'http3'}:${what}`, data);
  return list;
}
/** What faults did to datagrams of the connection: nobody's knowledge, so both traces have it. */
function markers(index: TraceIndex, quic: Flow): Entry[] {
  const { pdus, links } = index.trace;
  return pdus.filter((p) => beginning(index.trace, p.flow) === quic.below && p.fate > Fate.delivered).map((p) => ({
    time: ms(p.fateAt), name: 'simulation:marker',
    data: { type: p.rule >= 0 ? 'fault' : FATE_NAMES[p.fate], message: `${FATE_NAMES[p.fate]} on link ${links[p.link]!.name}: ${p.direction === 0 ? 'client' : 'server'}, ${p.name}, ${bodyOf(p).packets.map((q) => q.number).join(', ')}` },
  }));
}
const TYPES = ['client', 'server'] as const;
function traces({ scenario, runs, options }: ExportInput, v: Version): unknown[] {
  const all = runs.flatMap(({ title, index }) => {
    const connections = index.trace.flows.filter((f) => f.protocol === 'quic');
    return connections.flatMap((quic) => ([0, 1] as const).map((side) => {
      const first = index.trace.pdus.find((p) => p.flow === quic.below && p.direction === 0);
      const group_id = first ? (bodyOf(first).packets[0]?.destination ?? '') : '';
      const begin: Entry = { time: 0, name: 'simulation:scenario', data: { name: scenario.id, details: { title: scenario.title, run: title, connection: quic.name } } };
      const events = [begin, ...[...entriesOf(index, quic, side, v), ...markers(index, quic)].sort((a, b) => a.time - b.time)];
      const vantage_point = { name: index.trace.hosts[side === 0 ? quic.initiator : quic.responder]!.name, type: TYPES[side] };
      const name = `${title}: ${quic.name}, ${TYPES[side]}`;
      return v === '0.3'
        ? { title: name, vantage_point, common_fields: { protocol_type: ['QUIC', 'HTTP3'], time_format: 'relative', reference_time: options.epochMs, group_id }, events }
        : { title: name, vantage_point, event_schemas: SCHEMAS, common_fields: { time_format: 'relative_to_epoch', reference_time: { clock_type: 'system', epoch: isoDate(options.epochMs, 0) }, group_id }, events };
    }));
  });
  return all.length > 0 ? all : [{ error_description: en.exporters.qlog.none }];
}
const file = (head: Record<string, unknown>, input: ExportInput, v: Version): string => `${JSON.stringify({ ...head, title: `${input.scenario.title} (simulated)`, traces: traces(input, v) }, null, 1)}\n`;

/** For qvis. */
export const qlog: Exporter = (input) => file({ qlog_version: '0.3', qlog_format: 'JSON' }, input, '0.3');
/** As the drafts have it now. */
export const qlogCurrent: Exporter = (input) => file({ file_schema: 'urn:ietf:params:qlog:file:contained', serialization_format: 'application/qlog+json' }, input, 'current');
