/** Keeps what is lit in sight. Law: moves only the pane's own scroller, never the page, and only as far as needed. */

/** Scrolls `pane` until `part` lies inside it; nothing where the pane does not scroll. */
export function keepInside(pane: HTMLElement, part: HTMLElement): void {
  if (pane.scrollHeight <= pane.clientHeight) return;
  const outer = pane.getBoundingClientRect(), inner = part.getBoundingClientRect();
  if (inner.top < outer.top) pane.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) pane.scrollTop += Math.min(inner.bottom - outer.bottom, inner.top - outer.top);
}
