/** The URL's form of a fault, `drop(link=client,select=ServerHello,nth=1)`; read again by `faults.ts`. */
import type { ScenarioFault } from './schema';

/** The URL's form of a fault. */
export function faultText(f: ScenarioFault): string {
  const parts: string[] = [];
  const put = (key: string, value: unknown): void => {
    if (value === undefined) return;
    parts.push(`${key}=${encodeURIComponent(Array.isArray(value) ? value.join('-') : String(value))}`);
  };
  if ('where' in f) for (const [key, value] of Object.entries(f.where)) put(key, value);
  for (const [key, value] of Object.entries(f)) if (key !== 'do' && key !== 'where') put(key === 'from' && 'where' in f ? 'since' : key, value);
  return `${f.do}(${parts.join(',')})`;
}
