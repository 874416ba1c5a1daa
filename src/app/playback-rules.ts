/** Guards and assigns of playback. */
import type { Rules } from '../machines/table';

export interface PlaybackContext {
  /** Playing goes on after a scrub that interrupted it. */
  resume: boolean;
}
export interface PlaybackEvent {
  readonly type: string;
}
export const playbackRules: Rules<PlaybackContext, PlaybackEvent> = {
  guards: { wasPlaying: (context) => context.resume },
  assigns: { remember: { resume: () => true }, forget: { resume: () => false } },
};
