/** Registry: the exporters, one line each. What one needs is loaded when it is used, so adding one never grows the first load. */
import { en } from '../explain';
import type { Exporter } from './exporter';

export interface ExporterEntry {
  /** What `--format` takes. */
  readonly id: keyof typeof en.exporters & string;
  /** Name for people, and words by which it is found. */
  readonly title: string;
  readonly keywords: string;
  /** Without the dot. */
  readonly extension: string;
  readonly mime: string;
  /** Bytes, not text. */
  readonly binary: boolean;
  /** Holds the first of the given runs only. */
  readonly oneRun: boolean;
  readonly load: () => Promise<Exporter>;
}
type Named = 'pcapng' | 'keylog' | 'har' | 'qlog' | 'qlog-current' | 'chrome-trace' | 'text';
const line = (id: Named, extension: string, mime: string, traits: { binary?: boolean; oneRun?: boolean }, load: () => Promise<Exporter>): ExporterEntry => ({
  id, title: en.exporters[id].title, keywords: en.exporters[id].keywords, extension, mime, binary: traits.binary ?? false, oneRun: traits.oneRun ?? false, load,
});

export const EXPORTERS: readonly ExporterEntry[] = [
  line('text', 'txt', 'text/plain', {}, async () => (await import('./text')).text),
  line('pcapng', 'pcapng', 'application/vnd.tcpdump.pcap', { binary: true, oneRun: true }, async () => (await import('./pcapng')).pcapng),
  line('keylog', 'keys', 'text/plain', { oneRun: true }, async () => (await import('./keylog')).keylog),
  line('har', 'har', 'application/json', {}, async () => (await import('./har')).har),
  line('qlog', 'qlog', 'application/json', {}, async () => (await import('./qlog')).qlog),
  line('qlog-current', 'current.qlog', 'application/json', {}, async () => (await import('./qlog')).qlogCurrent),
  line('chrome-trace', 'trace.json', 'application/json', {}, async () => (await import('./chrome-trace')).chromeTrace),
];
export const exporterNamed = (id: string): ExporterEntry | undefined => EXPORTERS.find((e) => e.id === id);
