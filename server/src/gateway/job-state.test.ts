import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { type JobEvent, transition } from './job-state.ts';

const { UPLOADING, QUEUED, PROCESSING, SUCCEEDED, FAILED, CANCELED } = JobState;
const STATES = { UPLOADING, QUEUED, PROCESSING, SUCCEEDED, FAILED, CANCELED };

/** The next state for each event in each state; an event is ignored in the states that are not named. */
const TABLE: [JobEvent, Partial<Record<keyof typeof STATES, JobState>>][] = [
  [{ kind: 'uploaded', isRunning: true }, { UPLOADING: PROCESSING }],
  [{ kind: 'uploaded', isRunning: false }, { UPLOADING: QUEUED }],
  [{ kind: 'reopened' }, { QUEUED: UPLOADING, PROCESSING: UPLOADING }],
  [{ kind: 'started' }, { QUEUED: PROCESSING }],
  [{ kind: 'waiting' }, { PROCESSING: QUEUED }],
  [{ kind: 'succeeded' }, { QUEUED: SUCCEEDED, PROCESSING: SUCCEEDED }],
  [{ kind: 'failed' }, { UPLOADING: FAILED, QUEUED: FAILED, PROCESSING: FAILED }],
  [{ kind: 'canceled' }, { UPLOADING: CANCELED, QUEUED: CANCELED, PROCESSING: CANCELED }],
  [
    { kind: 'retried', isUploaded: true },
    { FAILED: QUEUED, CANCELED: QUEUED },
  ],
  [
    { kind: 'retried', isUploaded: false },
    { FAILED: UPLOADING, CANCELED: UPLOADING },
  ],
];

for (const [event, row] of TABLE) {
  for (const [name, state] of Object.entries(STATES)) {
    const next = row[name as keyof typeof STATES];
    test(`${name} + ${JSON.stringify(event)}`, () => expect(transition(state, event)).toBe(next));
  }
}
