/** A frame as the inspector shows it. */
import type { HeaderField } from '../../model/header-compression/field';
import type { H3Frame } from '../../model/http3/frame';
import type { MessageField } from '../../model/stream';

/** Name, value and where each is defined; of HEADERS the header fields, in order. */
export function h3Fields(f: H3Frame, fields: readonly HeaderField[]): MessageField[] {
  switch (f.type) {
    case 'DATA': return [{ name: 'Data', value: `${f.content} bytes`, spec: 'RFC 9114 §7.2.1' }];
    case 'HEADERS': return fields.map(([name, value]) => ({ name: name.toLowerCase(), value, spec: name.startsWith(':') ? 'RFC 9114 §4.3' : 'RFC 9110' }));
    case 'SETTINGS': return f.settings.map(([name, value]) => ({ name, value, spec: name.startsWith('QPACK') ? 'RFC 9204 §5' : 'RFC 9114 §7.2.4.1' }));
    case 'GOAWAY': return [{ name: 'ID', value: f.id, spec: 'RFC 9114 §5.2' }];
    case 'PRIORITY_UPDATE': return [{ name: 'Prioritized Element ID', value: f.prioritized, spec: 'RFC 9218 §7.2' }, { name: 'Priority Field Value', value: f.value, spec: 'RFC 9218 §4' }];
  }
}
