/** How much room the time ruler takes beside (or above) the diagram, px: shared with the host band. Above: a row for the clock, one for numbers, the axis. */
export const rulerWidth = (width: number, type: number, down: boolean): number => (down ? (width < 520 ? Math.max(44, Math.round(type * 2.6)) : type > 14 ? type * (width < 1100 ? 3.4 : 7.8) : 96) : Math.round(type * 3.7 + 10));
