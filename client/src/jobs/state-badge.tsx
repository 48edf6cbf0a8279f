import { texts } from '../texts.ts';
import type { JobPhase } from './job-phase.ts';

type Tone = 'active' | 'waiting' | 'good' | 'bad' | 'quiet';

const tones: Record<JobPhase, Tone> = {
  uploadQueued: 'waiting',
  uploading: 'active',
  retrying: 'waiting',
  stopped: 'quiet',
  awaiting: 'waiting',
  elsewhere: 'active',
  interrupted: 'waiting',
  queued: 'waiting',
  processing: 'active',
  succeeded: 'good',
  empty: 'waiting',
  uncounted: 'bad',
  failed: 'bad',
  canceled: 'quiet',
};

/** The word for a phase. */
export function stateWord(phase: JobPhase): string {
  return phase === 'retrying' || phase === 'elsewhere' ? texts.states.uploading : texts.states[phase];
}

/** The state of a job as a word with a coloured dot. */
export function StateBadge(props: { phase: JobPhase }) {
  return (
    <span class="badge" data-tone={tones[props.phase]}>
      <span class="badge-dot" aria-hidden="true" />
      {stateWord(props.phase)}
    </span>
  );
}
