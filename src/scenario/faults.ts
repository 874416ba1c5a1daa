/** Faults from the scenario file to the plan. The URL's form is read by `fault-parse`, which a first visit does not need. */
import { parseQuantity } from '../base/quantity';
import type { Fault, PduFault } from '../model/fault';
import type { ScenarioFault } from './schema';

/** A file's fault as the engine's. */
export function planFault(f: ScenarioFault): Fault {
  const time = (text: string | undefined, otherwise: number | null): number | null => (text === undefined ? otherwise : parseQuantity(text, 'duration'));
  switch (f.do) {
    case 'drop':
    case 'delay':
    case 'duplicate':
    case 'corrupt': {
      const verdict: PduFault['verdict'] = f.do === 'drop' ? { do: 'drop', at: f.at ?? 0 } : f.do === 'delay' ? { do: 'delay', by: parseQuantity(f.by, 'duration')! } : { do: f.do };
      return { type: 'pdu', where: f.where, nth: f.nth ?? 1, count: f.count ?? 1, verdict };
    }
    case 'stop':
    case 'silent':
      return { type: 'host', host: f.host, verdict: f.do, from: time(f.from, 0)!, until: time(f.until, null) };
    case 'down':
      return { type: 'link', link: f.link, verdict: 'down', from: time(f.from, 0)!, until: time(f.until, null) };
    default:
      return { type: 'answer', host: f.host, verdict: f.do, ...(f.name ? { name: f.name } : {}) };
  }
}
