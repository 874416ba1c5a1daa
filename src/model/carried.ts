/**
 * What a packet carries: the messages whose bytes overlap its payload. One answer for selectors (engine),
 * captions and the inspector (trace, views).
 */
import type { Layer } from './ids';
import type { Pdu } from './pdu';
import type { Flow, Message } from './stream';

/** A message inside another (a handshake message in a record), with its range relative to the outer one. */
export interface ChildRange {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Layer of the inner message when it is not the outer one's (HTTP inside a TLS record). */
  readonly layer?: Layer;
}

/** Messages of `flow` of which `pdu` carries some bytes, in order. A datagram's is `body.message`. */
export function carriedMessages(pdu: Pdu, flow: Flow): Message[] {
  if (pdu.streamStart < 0) {
    const message = (pdu.body as { message?: Message } | null)?.message;
    return message ? [message] : [];
  }
  if (pdu.payload === 0) return [];
  const content = flow.content[pdu.direction];
  const end = pdu.streamStart + pdu.payload;
  const found: Message[] = [];
  let i = content.indexAt(pdu.streamStart);
  if (i < 0) return found;
  for (; i < content.messages.length && content.messages[i]!.start < end; i++) found.push(content.messages[i]!);
  return found;
}

/** The parts of a message (`body.children`), or none. */
export const childrenOf = (message: Message): readonly ChildRange[] => (message.body as { children?: readonly ChildRange[] } | null)?.children ?? [];

/** Names of those messages and, where they say so (`body.children`), of the parts inside that the packet touches. */
export function carriedNames(pdu: Pdu, flow: Flow): string[] {
  const names: string[] = [];
  const add = (name: string): void => {
    if (!names.includes(name)) names.push(name);
  };
  for (const message of carriedMessages(pdu, flow)) {
    const children = childrenOf(message);
    if (children.length === 0) {
      add(message.name);
      continue;
    }
    const from = pdu.streamStart - message.start;
    const to = from + pdu.payload;
    for (const child of children) if (child.start < to && child.end > from) add(child.name);
  }
  return names;
}
