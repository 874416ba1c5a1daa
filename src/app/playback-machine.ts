/** Playback: a run is computed whole and then viewed, so playing is only a moving point in time. */
import { setup } from 'xstate';
import { xstateActions, xstateGuards } from '../machines/define';
import { playbackRules, type PlaybackContext, type PlaybackEvent } from './playback-rules';

export const machine = setup({
  types: { context: {} as PlaybackContext, events: {} as PlaybackEvent },
  guards: xstateGuards(playbackRules),
  actions: xstateActions(playbackRules, ['rewind']),
}).createMachine({
  id: 'playback',
  context: { resume: false },
  initial: 'PAUSED',
  states: {
    PAUSED: { description: 'Time stands still.', on: { PLAY: 'PLAYING', SCRUB: { target: 'SCRUBBING', actions: 'forget' }, END: 'ENDED' } },
    PLAYING: { description: 'Time moves.', on: { PAUSE: 'PAUSED', END: 'ENDED', SCRUB: { target: 'SCRUBBING', actions: 'remember' } } },
    SCRUBBING: { description: 'Somebody holds the playhead.', on: { RELEASE: [{ guard: 'wasPlaying', target: 'PLAYING' }, { target: 'PAUSED' }], PAUSE: { actions: 'forget' } } },
    ENDED: { description: 'At the end of the run.', on: { PLAY: { target: 'PLAYING', actions: 'rewind' }, SCRUB: { target: 'SCRUBBING', actions: 'forget' }, PAUSE: 'PAUSED' } },
  },
});
export const exampleEvents: readonly PlaybackEvent[] = ['PLAY', 'PAUSE', 'END', 'SCRUB', 'RELEASE', 'UNHEARD_OF'].map((type) => ({ type }));
