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
/** What people look for first: a request, an answer, hellos, the certificate. Change cipher spec only when nothing else is there. */
const WEIGHT: readonly RegExp[] = [/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT)\b/, /^\d{3}$/, /^(body|alert)/, /^(Client|Server)Hello|^HelloRetry/, /^Certificate$/, /^(Server|Client)KeyExchange/, /^Finished/, /^NewSessionTicket/];
const weight = (name: string): number => {
  const at = WEIGHT.findIndex((w) => w.test(name));
  return at < 0 ? (name === 'ChangeCipherSpec' ? WEIGHT.length + 1 : WEIGHT.length) : at;
};
/** Names in the order of what matters, each once. */
export function byWeight(names: readonly string[]): readonly string[] {
  const sorted = names.map((name, i) => ({ name, i })).sort((a, b) => weight(a.name) - weight(b.name) || a.i - b.i).map((n) => n.name);
  const unlike = [...new Set(sorted)];
  return unlike.length > 1 ? unlike.filter((n) => n !== 'ChangeCipherSpec') : unlike;
}
/** The names that matter, at most `most`. */
const shown = (f: PacketFacts, most: number): string => {
  const names = byWeight(f.carries).map(spoken);
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} …`;
};
/** Labels of a stroke, the longest first: `GET, Finished`, `GET`; questions of one kind together: `query A, AAAA`. */
export function strokeLabels(carries: readonly string[], name: string, count: number, transmission: number): readonly string[] {
  // how many, unless the names already tell
  const tail = `${count > Math.max(1, byWeight(carries).length) ? ` ×${count}` : ''}${transmission > 1 ? ` again (${transmission})` : ''}`;
  const words = carries.map((n) => n.split(' '));
  const kind = words[0]?.[0] ?? '';
  if (words.length > 1 && words.every((w) => w.length === 2 && w[0] === kind)) return [`${kind} ${words.map((w) => w[1]).join(', ')}${transmission > 1 ? ` again (${transmission})` : ''}`, kind];
  // Fast Open: a SYN that carries something
  const names = [...(name === 'SYN' && carries.length > 0 ? [name] : []), ...byWeight(carries).map(spoken)];
  if (names.length === 0) return [`${name}${tail}`, name];
  const two = names.length > 2 ? `${names.slice(0, 2).join(', ')} …` : names.join(', ');
  return [...new Set([`${two}${tail}`, `${names[0]}${names.length > 1 ? ' …' : ''}${tail}`, names[0]!])];
}

export interface PacketWords {
  /** In a sentence or as a head: `ServerHello, Certificate … (1 of 2)`. */
  title(f: PacketFacts): string;
  /** The same inside a sentence: with an article where people use one. */
  spoken(f: PacketFacts): string;
  /** On a stroke: as short as may be. */
  label(f: PacketFacts): string;
  /** As short as a sentence allows: its foremost name. */
  brief(f: PacketFacts): string;
  /** Several that travel together, inside a sentence. */
  together(list: readonly PacketFacts[]): string;
}

export const packets = {
  list: join,
  host: (title: string): string => (/^[A-Z]/.test(title) ? title : `the ${title}`),
  title(f: PacketFacts): string {
    const part = f.part ? `${NBSP}(${f.part.part} of ${f.part.of})` : '';
    if (f.datagram) return `${(f.carries[0] ?? f.name).replace(/^query/, 'question')}${f.about ? ` ${f.about === '.' ? 'of the root' : f.about}` : ''}${again(f)}`;
    if (f.payload === 0) return `${f.name}${again(f)}`;
    const names = shown(f, 2);
    return `${names === '' ? f.name : f.name === 'SYN' ? `SYN with ${names}` : names}${part}${again(f)}`;
  },
  spoken(f: PacketFacts): string {
    return f.datagram ? `the ${packets.title(f)}` : packets.title(f);
  },
  brief(f: PacketFacts): string {
    return f.datagram ? packets.spoken(f) : packets.title({ ...f, carries: byWeight(f.carries).slice(0, 1) });
  },
  together(list: readonly PacketFacts[]): string {
    const [first] = list;
    if (!first) return '';
    if (list.length === 1) return packets.spoken(first);
    const words = list.map((f) => (f.carries[0] ?? f.name).split(' '));
    if (first.datagram && words.every((w) => w.length === 2 && w[0] === words[0]![0])) {
      return `the ${words[0]![0]!.replace(/^query/, 'question')}s ${join(words.map((w) => w[1]!))}${first.about ? ` ${first.about === '.' ? 'of the root' : first.about}` : ''}${again(first)}`;
    }
    return packets.spoken({ ...first, carries: list.flatMap((f) => f.carries), part: null });
  },
  label(f: PacketFacts): string {
    if (f.datagram) return `${f.carries[0] ?? f.name}${again(f)}`;
    if (f.payload === 0) return `${f.name}${again(f)}`;
    const names = shown(f, 2);
    const part = f.part ? ` ${f.part.part}/${f.part.of}` : '';
    return `${names === '' ? f.name : f.name === 'SYN' ? `SYN, ${names}` : names}${part}${f.transmission > 1 ? ` again (×${f.transmission})` : ''}`;
  },
};
