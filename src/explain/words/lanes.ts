/** English: lanes beside each other: what they differ by, and what they set themselves. */
export const laneWords = {
  crowdsDiffer: (first: string, second: string, a: string, b: string): string => `${first}: 95 % of the documents are there within ${a}. ${second}: ${b}.`,
  differ: (first: string, second: string, by: string, what: string, why: string, less: string): string => `“${first}” is done ${by} before “${second}”. The wait that differs most: ${what}, ${less}${why ? ` (${why})` : ''}.`, attemptBefore: 'The attempt before', share: (a: string, b: string): string => `${a}, not ${b}`, alike: 'All take equally long.',
  setBy: (lanes: string): string => `Lanes set this themselves (${lanes}). A change here holds in all lanes.`,
} as const;
