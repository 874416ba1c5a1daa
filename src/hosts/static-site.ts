/**
 * A site's own resources: files from the page cache at their cost on the CPU, or from disk when the kernel does not have them yet; everything
 * else after a fixed think time; 404 for what is not there. Law: a file that was read stays in the page cache; who needs it while it is being read waits for
 * that read (the lock of a page in the kernel's cache; here for the whole file).
 */
import { serializationNs } from '../base/time';
import type { EndpointId, HostId, ResourceId } from '../model/ids';
import type { ResourceHandler, World } from '../model/world';
import type { ServerResponse } from '../model/http/exchange';
import type { RequestHead } from '../model/http/request';
import { errorPage, validatorOf, type ResponseHead } from '../model/http/response';
import { SITE_KINDS } from './kinds';
import type { NginxWorkers } from './nginx-workers';
import { hostDefault } from './params';
import { findResource } from './site';
import type { Site, SiteResource } from './workload';

/** The page that nginx writes for a status of its own. */
export const pageFor = (status: number): ServerResponse => ({
  head: { status, type: 'text/html', length: errorPage(status).length, file: false, maxAge: -1, keepAlive: true }, links: [],
});

/** Somewhere else (nginx return 301 …). */
export const movedTo = (location: string, status: number): ServerResponse => ({ head: { ...pageFor(status).head, location }, links: [] });

/** What a file may be asked for with (ngx_http_static_module.c). */
const READS: readonly string[] = ['GET', 'HEAD'];

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
  /** True: the answer comes within this turn of the worker's loop. */
  answer(request: RequestHead, respond: (response: ServerResponse) => void): boolean {
    const { world, host } = this;
    const { params } = world.hostOf(host);
    const path = request.path.split('?')[0]!;
    const found = findResource(this.site, path)?.resource;
    const answer = (): void => respond(found?.file && !READS.includes(request.method) ? pageFor(405) : !found ? pageFor(404) : found.redirect ? movedTo(found.redirect.to, found.redirect.status) : responseTo(request, found, world.now));
    const tag = this.waiting.push(answer) - 1;
    const setting = (key: 'fileCost' | 'thinkTime' | 'gzipRate'): number => Number(params[key] ?? hostDefault(key));
    const file = setting('fileCost') + (found && gzipOf(request, found) === 'on-the-fly' ? serializationNs(found.bytes, setting('gzipRate')) : 0);
    const think = !found || found.file ? 0 : found.think + setting('thinkTime');
    if (think > 0) world.think(think, `make ${path}`, this.endpoint, this, tag);
    else if (found?.file && this.cached && !this.cached.has(path)) this.fromDisk(path, found, file, tag);
    else this.read(path, file, tag);
    return think <= 0;
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

/** Whether and how this answer is compressed: the client must take it, and a proxy is not given what has no length (nginx gzip_http_version, gzip_static). */
function gzipOf(request: RequestHead, r: SiteResource): 'static' | 'on-the-fly' | null {
  if (r.compressed === undefined || request.client !== 'browser') return null;
  const how = r.gzip ?? 'on-the-fly';
  return how === 'on-the-fly' && request.proxied ? null : how;
}
/** 200 with the content, or 304 when the client has it already (ngx_http_not_modified_filter_module.c). */
function responseTo(request: RequestHead, r: SiteResource, now: number): ServerResponse {
  const gzip = gzipOf(request, r);
  const modified = r.changedAt !== undefined && now >= r.changedAt ? { modified: Math.floor(r.changedAt / 1e9) } : {};
  const length = gzip ? r.compressed! : r.bytes;
  // compressed while it is sent, the file is the same in meaning only: its own tag, made weak (ngx_http_weak_etag)
  const { etag } = validatorOf({ ...modified, length: gzip === 'on-the-fly' ? r.bytes : length }), tag = gzip === 'on-the-fly' ? `W/${etag}` : etag;
  const head: ResponseHead = {
    status: 200, type: r.type, length, file: r.file, maxAge: r.maxAge, keepAlive: true,
    ...(r.caching ? { caching: r.caching } : {}), ...(r.inView ? { inView: r.inView } : {}), ...(gzip ? { gzip: true } : {}), ...(gzip === 'on-the-fly' ? { chunked: true } : {}),
    ...modified, ...(r.file ? { tag } : {}),
  };
  if (!r.file || request.validator?.etag !== tag) return { head, links: r.links };
  const { gzip: _, chunked: __, ...rest } = head;
  return { head: { ...rest, status: 304, length: 0 }, links: [] };
}
