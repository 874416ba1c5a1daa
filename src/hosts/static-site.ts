/**
 * A site's own resources: files from the page cache at their cost on the CPU, or from disk when the kernel does not have them yet; everything
 * else after a fixed think time; 404 for what is not there. Law: a file that was read stays in the page cache; who needs it while it is being read waits for
 * that read (the lock of a page in the kernel's cache; here for the whole file).
 */
import { serializationNs } from '../base/time';
import type { EndpointId, HostId, ResourceId } from '../model/ids';
import type { ResourceHandler, World } from '../model/world';
import { errorPage, type RequestHead } from '../protocols/http1/codec';
import type { ServerResponse } from '../protocols/http1/server';
import { SITE_KINDS } from './kinds';
import type { NginxWorkers } from './nginx-workers';
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
  /** Files that are being read, and who waits for them. */
  private readonly fetching = new Map<string, (() => void)[]>();
  private readonly kinds;

  constructor(private readonly world: World, private readonly host: HostId, private readonly endpoint: EndpointId, private readonly workers: NginxWorkers) {
    const { params } = world.hostOf(host);
    this.site = (params.site ?? {}) as unknown as Site;
    this.cached = params.pageCache === 'cold' ? new Set() : null;
    this.kinds = world.kinds(SITE_KINDS);
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
    this.workers.compute(cost, `read ${path}`, () => this.resourceDone(tag));
  }
  /** sendfile(2) of what is not in the page cache: the disk reads it first. */
  private fromDisk(path: string, file: SiteResource, cost: number, tag: number): void {
    const { world, host } = this;
    const { params } = world.hostOf(host);
    const others = this.fetching.get(path);
    if (others) return this.awaitFile(path, others, () => this.read(path, cost, tag));
    const waiting: (() => void)[] = [];
    this.fetching.set(path, waiting);
    if (this.disk < 0) this.disk = world.resource(host, 'disk', 1, -1, 'disk');
    const time = Number(params.fileRead ?? hostDefault('fileRead')) + serializationNs(file.bytes, Number(params.fileReadRate ?? hostDefault('fileReadRate')));
    this.workers.read(this.disk, time, cost, path, () => {
      this.cached!.add(path);
      this.fetching.delete(path);
      const { cause } = world;
      this.resourceDone(tag);
      for (const go of waiting) {
        world.cause = cause;
        go();
      }
    });
  }
  private awaitFile(path: string, waiting: (() => void)[], then: () => void): void {
    const { world, kinds, endpoint } = this;
    const began = world.note(kinds.file_awaited, endpoint, -1, world.text(path));
    waiting.push(() => {
      const delivered = world.cause;
      world.cause = began;
      world.cause = world.note(kinds.file_delivered, endpoint, -1, world.text(path));
      world.join(world.cause, [delivered]);
      then();
    });
  }
  /** Power off: what was being read is not being read any more, and the kernel starts without files. */
  stopped(): void {
    this.fetching.clear();
    this.cached?.clear();
  }
  resourceDone(tag: number): void {
    this.waiting[tag]!();
  }
}
const responseOf = (r: SiteResource): ServerResponse => ({ head: { status: 200, type: r.type, length: r.bytes, file: r.file, maxAge: r.maxAge, keepAlive: true }, links: r.links });
