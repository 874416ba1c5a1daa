/**
 * What a browser learns when it lays a page out: which pictures are on the first screen. They were asked for like all pictures, and become urgent now
 * (Chromium ResourceFetcher::UpdateAllImageResourcePriorities). Law: layout waits for every stylesheet and script that the page is known to need.
 */
import type { Destination } from '../model/http/request';

/** What is to be done when; each once. */
export interface ScreenOwner<Picture> {
  /** Nothing holds the layout up any more; then `layoutDone` is to be called. */
  layOut(): void;
  /** These pictures are on the screen and not there yet. */
  raise(pictures: readonly Picture[]): void;
  /** No picture is missing on the screen. */
  complete(): void;
}
const holdsUp = (destination: Destination): boolean => destination === 'stylesheet' || destination === 'script';

export class FirstScreen<Picture> {
  private readonly missing: Set<string>;
  private readonly asked = new Map<string, Picture>();
  private holding = 0;
  private stage: 'parsing' | 'waiting' | 'laying out' | 'laid out' | 'complete' = 'parsing';

  constructor(inView: readonly string[], private readonly owner: ScreenOwner<Picture>) {
    this.missing = new Set(inView);
  }
  /** The page needs something. */
  needs(destination: Destination): void {
    if (holdsUp(destination)) this.holding++;
  }
  /** It is asked for. */
  asks(url: string, picture: Picture): void {
    if (this.missing.has(url)) this.asked.set(url, picture);
  }
  /** A redirect: it is to be had somewhere else. */
  moved(from: string, to: string): void {
    this.asked.delete(from);
    if (this.missing.delete(from)) this.missing.add(to);
  }
  /** It is there, or will not come. */
  over(url: string, destination: Destination): void {
    this.missing.delete(url);
    this.asked.delete(url);
    if (holdsUp(destination)) this.holding--;
    this.look();
  }
  /** All that the document itself refers to is known. */
  parsed(): void {
    this.stage = 'waiting';
    this.look();
  }
  layoutDone(): void {
    this.stage = 'laid out';
    if (this.asked.size > 0) this.owner.raise([...this.asked.values()]);
    this.look();
  }
  private look(): void {
    if (this.stage === 'waiting' && this.holding === 0) {
      this.stage = 'laying out';
      this.owner.layOut();
    } else if (this.stage === 'laid out' && this.missing.size === 0) {
      this.stage = 'complete';
      this.owner.complete();
    }
  }
}
