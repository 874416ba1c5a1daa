/** What a server has at a path: exact paths first, then patterns such as `/orders/:id`, whose parts become parameters. */
import type { Site, SiteResource } from './workload';

export interface FoundResource {
  readonly resource: SiteResource;
  /** Parts of the path that a pattern names. */
  readonly parameters: Readonly<Record<string, string>>;
}
export function findResource(site: Site, path: string): FoundResource | null {
  const exact = Object.hasOwn(site, path) ? site[path] : undefined;
  if (exact) return { resource: exact, parameters: {} };
  const parts = path.split('/');
  for (const [pattern, resource] of Object.entries(site)) {
    if (!pattern.includes(':')) continue;
    const wanted = pattern.split('/');
    if (wanted.length !== parts.length) continue;
    const parameters: Record<string, string> = {};
    const fits = wanted.every((w, i) => {
      if (!w.startsWith(':')) return w === parts[i];
      parameters[w.slice(1)] = parts[i]!;
      return parts[i] !== '';
    });
    if (fits) return { resource, parameters };
  }
  return null;
}
