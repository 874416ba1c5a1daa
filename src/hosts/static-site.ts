/**
 * A site's own resources: files from the page cache at their cost on the CPU, or from disk when the kernel does not have them yet; everything
 * else after a fixed think time; 404 for what is not there. Law: a file that was read stays in the page cache.
 */
import { serializationNs } from '../base/time';
import type { EndpointId, HostId, ResourceId } from '../model/ids';
import type { ResourceHandler, World } from '../model/world';
import { errorPage, type RequestHead } from '../protocols/http1/codec';
import type { ServerResponse } from '../protocols/http1/server';
import { hostDefault } from './params';
import { findResource } from './site';
import type { Site, SiteResource } from './workload';

/** The page that nginx writes for a status of its own. */
export const pageFor = (status: number): ServerResponse => ({
  head: { status, type: 'text/html', length: errorPage(status).length, file: false, maxAge: -1, keepAlive: true }, links: [],
});

export class StaticSite implements ResourceHandler {
  private readonly site: Site;
  private readonly waiting: (() => void)[] = [];
  /** Paths whose files the kernel has; null: all of them, as after long use. */
  private readonly cached: Set<string> | null;
  private disk: ResourceId = -1;

  constructor(private readonly world: World, private readonly host: HostId, private readonly endpoint: EndpointId) {
    const { params } = world.hostOf(host);
    this.site = (params.site ?? {}) as unknown as Site;
    this.cached = params.pageCache === 'cold' ? new Set() : null;
  }
  answer(request: RequestHead, respond: (response: ServerResponse) => void): void {
    const { world, host } = this;
    const { params } = world.hostOf(host);
    const path = request.path.split('?')[0]!;
    const found = findResource(this.site, path)?.resource;
    const answer = (): void => respond(found ? responseOf(found) : pageFor(404));
    const tag = this.waiting.push(answer) - 1;
    const file = Number(params.fileCost ?? hostDefault('fileCost'));
    const think = !found || found.file ? 0 : found.think + Number(params.thinkTime ?? hostDefault('thinkTime'));
    if (think > 0) world.think(think, `make ${path}`, this.endpoint, this, tag);
    else if (found?.file && this.cached && !this.cached.has(path)) this.fromDisk(path, found, file, tag);
    else this.read(path, file, tag);
  }
  private read(path: string, cost: number, tag: number): void {
    const { world, host } = this;
    if (cost > 0) world.use(world.cpu(host), cost, `read ${path}`, this.endpoint, this, tag);
    else this.resourceDone(tag);
  }
  /** sendfile(2) of what is not in the page cache: the disk reads it first. */
  private fromDisk(path: string, file: SiteResource, cost: number, tag: number): void {
    const { world, host } = this;
    const { params } = world.hostOf(host);
    if (this.disk < 0) this.disk = world.resource(host, 'disk', 1, -1, 'disk');
    const time = Number(params.fileRead ?? hostDefault('fileRead')) + serializationNs(file.bytes, Number(params.fileReadRate ?? hostDefault('fileReadRate')));
    const then = this.waiting.push(() => {
      this.cached!.add(path);
      this.read(path, cost, tag);
    }) - 1;
    world.use(this.disk, time, `fetch ${path}`, this.endpoint, this, then);
  }
  resourceDone(tag: number): void {
    this.waiting[tag]!();
  }
}
const responseOf = (r: SiteResource): ServerResponse => ({ head: { status: 200, type: r.type, length: r.bytes, file: r.file, maxAge: r.maxAge, keepAlive: true }, links: r.links });
