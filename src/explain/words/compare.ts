/** English: runs beside each other. */
export const forkWords = {
  unchanged: 'as it was', on: 'on', off: 'off', seed: (n: number): string => `seed ${n}`,
  met: (packet: string, verdict: string): string => `${packet} ${({ drop: 'lost', delay: 'late', duplicate: 'doubled', corrupt: 'damaged' } as Readonly<Record<string, string>>)[verdict] ?? verdict}`,
  compare: 'Compare', compareHelp: 'Put the run before the last change beside this one.',
  keep: 'Set aside', keepHelp: 'Keep this run beside the next ones, up to four.',
  drop: (title: string): string => `Compare no longer with: ${title}`, resume: 'Go on from here', resumeHelp: (title: string): string => `Make the changes of this run the present ones: ${title}`,
  align: 'Aligned by', time: 'time', step: 'step', alignHelp: 'By time: one clock. By step: each run stands at the same packet.',
  differences: 'What differs', alike: 'Nothing that is counted differs.', measure: 'Measure',
} as const;

/** Names of what is counted, and how it is written. */
export const measureWords: Readonly<Record<string, string>> = {
  totalNs: 'time of the main request', packets: 'packets', lost: 'packets lost', retransmissions: 'sent again', bytes: 'bytes on the links', roundTrips: 'round trips waited for', requests: 'requests', errors: 'requests that failed',
};
