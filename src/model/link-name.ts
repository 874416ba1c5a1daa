/** What a link is called: its two ends; and its own name where another joins the same two (two networks of one phone). */
export interface NamedLink {
  readonly name: string;
  readonly a: string;
  readonly b: string | readonly string[];
}
const ends = ({ a, b }: NamedLink): string => `${a}|${[b].flat().join()}`;
/** True where a link is one of several between the same hosts. */
export const hasTwin = (links: readonly NamedLink[], link: NamedLink): boolean => links.some((other) => other.name !== link.name && ends(other) === ends(link));
/** The title, from titles of hosts; `join` puts two ends together. */
export function linkTitle(links: readonly NamedLink[], link: NamedLink, host: (name: string) => string, join: (a: string, b: string) => string): string {
  const both = join(host(link.a), [link.b].flat().map(host).join(', '));
  return hasTwin(links, link) ? `${link.name}: ${both}` : both;
}
/** Links as a scenario has them, with their names. */
export const namedLinks = (links: Readonly<Record<string, Omit<NamedLink, 'name'>>>): NamedLink[] => Object.entries(links).map(([name, { a, b }]) => ({ name, a, b }));
