/** The scenarios that ship, by id; each is loaded when it is asked for. Adding one is one line and one file. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly load: () => Promise<{ default: unknown }>;
}
export const CATALOGUE: readonly CatalogueEntry[] = [
  { id: 'first-visit', title: 'First visit, everything cold', load: () => import('../../scenarios/first-visit.json') },
  { id: 'repeat-visit', title: 'Repeat visit, everything warm', load: () => import('../../scenarios/repeat-visit.json') },
  { id: 'lost-packet', title: 'One packet is lost', load: () => import('../../scenarios/lost-packet.json') },
  { id: 'slow-dns', title: 'A slow name server', load: () => import('../../scenarios/slow-dns.json') },
  { id: 'tls-1.2-or-1.3', title: 'TLS 1.2 or 1.3', load: () => import('../../scenarios/tls-1.2-or-1.3.json') },
];
