/** How much room the time ruler takes beside the diagram, px: shared with the host band above it. */
export const rulerWidth = (width: number, type: number, down: boolean): number => (down ? (width < 520 ? 44 : type > 14 ? type * 7.8 : 96) : 44);
