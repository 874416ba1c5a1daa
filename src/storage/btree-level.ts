/**
 * One level of a B+tree: which page holds the item of a rank, and in what order pages came into being (their block numbers follow).
 * Law: a level of n items is a function of n; built and ascending levels by arithmetic, randomly grown ones by their profile.
 */

/** Items are rows on the leaves, child pages above. */
export interface Level {
  readonly items: number;
  readonly pages: number;
  /** Page, in key order, of the item of this rank. */
  pageOf(item: number): number;
  /** Rank of the first item of a page; `start(pages)` is `items`. */
  start(page: number): number;
  /** When the page was made: 0 for the first of its level. */
  order(page: number): number;
  /** Items there were when the page of this order was made, and how many pages when there were so many items. */
  madeAt(order: number): number;
  pagesAt(items: number): number;
}

/**
 * Pages filled one after the other with `per` items, in key order (`per` may be a mean). The second page is made when there are
 * `secondAt` items, further ones each `per` later; the last page holds up to `edgeMax`.
 */
export function regularLevel(items: number, per: number, edgeMax: number, firstAt: number, secondAt: number): Level {
  const pages = items <= edgeMax ? 1 : 1 + Math.ceil((items - edgeMax) / per - 1e-9);
  const start = (page: number): number => (page >= pages ? items : Math.ceil(page * per - 1e-9));
  return {
    items, pages, start,
    pageOf: (item) => {
      let page = Math.min(pages - 1, Math.floor(item / per));
      if (page + 1 < pages && start(page + 1) <= item) page++;
      else if (start(page) > item) page--;
      return page;
    },
    order: (page) => page,
    madeAt: (order) => (order === 0 ? firstAt : Math.min(items, Math.ceil(secondAt + (order - 1) * per - 1e-9))),
    pagesAt: (n) => (n < firstAt ? 0 : n >= items ? pages : n < secondAt ? 1 : Math.min(pages, 2 + Math.floor((n - secondAt) / per))),
  };
}

/** The most of something that fulfils a rising condition: first index in [0, n) where `reached` holds, or n. */
export function firstWhere(n: number, reached: (i: number) => boolean): number {
  let low = 0, high = n;
  while (low < high) {
    const mid = Math.floor((low + high) / 2);
    if (reached(mid)) high = mid;
    else low = mid + 1;
  }
  return low;
}
