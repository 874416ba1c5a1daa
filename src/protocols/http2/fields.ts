/** A frame as the inspector shows it. */
import type { HeaderField } from '../../model/header-compression/field';
import { streamOf, type Frame } from '../../model/http2/frame';
import type { MessageField } from '../../model/stream';

/** Name, value and where each is defined; of HEADERS the header fields, in order. */
export function frameFields(f: Frame, fields: readonly HeaderField[]): MessageField[] {
  const stream = { name: 'Stream Identifier', value: streamOf(f), spec: 'RFC 9113 §5.1.1' };
  switch (f.type) {
    case 'DATA': return [stream, ...end(f.endStream), { name: 'Data', value: `${f.content} bytes`, spec: 'RFC 9113 §6.1' }];
    case 'HEADERS': return [stream, ...end(f.endStream), ...fields.map(([name, value]) => ({ name: name.toLowerCase(), value, spec: name.startsWith(':') ? 'RFC 9113 §8.3' : 'RFC 9110' }))];
    case 'PRIORITY': return [stream, { name: 'Stream Dependency', value: `${f.priority.dependsOn}${f.priority.exclusive ? ', exclusive' : ''}`, spec: 'RFC 7540 §6.3' }, { name: 'Weight', value: f.priority.weight, spec: 'RFC 7540 §6.3' }];
    case 'RST_STREAM': return [stream, { name: 'Error Code', value: f.error, spec: 'RFC 9113 §7' }];
    case 'SETTINGS': return f.ack ? [{ name: 'ACK', value: 1, spec: 'RFC 9113 §6.5.3' }] : f.settings.map(([name, value]) => ({ name, value, spec: 'RFC 9113 §6.5.2' }));
    case 'PING': return [{ name: 'ACK', value: f.ack ? 1 : 0, spec: 'RFC 9113 §6.7' }];
    case 'GOAWAY': return [{ name: 'Last-Stream-ID', value: f.lastStream, spec: 'RFC 9113 §6.8' }, { name: 'Error Code', value: f.error, spec: 'RFC 9113 §7' }];
    case 'WINDOW_UPDATE': return [stream, { name: 'Window Size Increment', value: f.increment, spec: 'RFC 9113 §6.9' }];
    case 'PRIORITY_UPDATE': return [{ name: 'Prioritized Stream ID', value: f.prioritized, spec: 'RFC 9218 §7.1' }, { name: 'Priority Field Value', value: f.value, spec: 'RFC 9218 §4' }];
  }
}
const end = (yes: boolean): MessageField[] => (yes ? [{ name: 'END_STREAM', value: 1, spec: 'RFC 9113 §5.1' }] : []);
