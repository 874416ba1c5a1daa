/** English: lanes and parameters. */
export const laneWords = {
  setBy: (lanes: string): string => `Lanes set this themselves (${lanes}). A change here holds in all lanes.`,
} as const;
