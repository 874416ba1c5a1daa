/** English: packets, hosts and lists. */
import { NBSP } from '../format';
import type { PacketFacts } from '../facts';

const join = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;

/** What TLS and HTTP call their parts, where people say it otherwise. */
const SPOKEN: Readonly<Record<string, string>> = {
  ChangeCipherSpec: 'change cipher spec', body: 'page body', NewSessionTicket: 'session ticket', 'alert close_notify': 'close notify',
};
const spoken = (name: string): string => SPOKEN[name] ?? name;
const again = (f: PacketFacts): string => (f.transmission > 1 ? ` again (×${f.transmission})` : f.isCopy ? ' (a copy)' : '');
/** The names that matter: no change cipher spec, each once, at most `most`. */
const shown = (f: PacketFacts, most: number): string => {
  const names = [...new Set(f.carries.filter((n) => n !== 'ChangeCipherSpec').map(spoken))];
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} …`;
};

export interface PacketWords {
  /** In a sentence or as a head: `ServerHello, Certificate … (1 of 2)`. */
  title(f: PacketFacts): string;
  /** The same inside a sentence: with an article where people use one. */
  spoken(f: PacketFacts): string;
  /** On a stroke: as short as may be. */
  label(f: PacketFacts): string;
}

export const packets = {
  list: join,
  host: (title: string): string => (/^[A-Z]/.test(title) ? title : `the ${title}`),
  title(f: PacketFacts): string {
    const part = f.part ? `${NBSP}(${f.part.part} of ${f.part.of})` : '';
    if (f.datagram) return `${(f.carries[0] ?? f.name).replace(/^query/, 'question')}${f.about ? ` ${f.about === '.' ? 'of the root' : f.about}` : ''}${again(f)}`;
    if (f.payload === 0) return `${f.name}${again(f)}`;
    const names = shown(f, 2);
    return `${names === '' ? f.name : names}${part}${again(f)}`;
  },
  spoken(f: PacketFacts): string {
    return f.datagram ? `the ${packets.title(f)}` : packets.title(f);
  },
  label(f: PacketFacts): string {
    if (f.datagram) return `${f.carries[0] ?? f.name}${again(f)}`;
    if (f.payload === 0) return `${f.name}${again(f)}`;
    const names = shown(f, 2);
    const part = f.part ? ` ${f.part.part}/${f.part.of}` : '';
    return `${names === '' ? f.name : names}${part}${f.transmission > 1 ? ` again (×${f.transmission})` : ''}`;
  },
};
