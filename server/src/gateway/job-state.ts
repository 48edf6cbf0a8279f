import { enumToJson } from '@bufbuild/protobuf';
import { JobState, JobStateSchema } from '#gen/tallystream/v1/gateway_pb.ts';

/** An event that can happen to a job. */
export type JobEvent =
  /** The last byte of the upload is stored; `isRunning` says whether a kernel thread has the job. */
  | { kind: 'uploaded'; isRunning: boolean }
  /** The machine lost its power before the last bytes were on the disk, and before the sender was told that they were. */
  | { kind: 'reopened' }
  /** A kernel thread has taken the job. */
  | { kind: 'started' }
  /** The job waits for a kernel thread (again): the processor is full, or not there. */
  | { kind: 'waiting' }
  | { kind: 'succeeded' }
  | { kind: 'failed' }
  | { kind: 'canceled' }
  /** Somebody wants it done again; `isUploaded` says whether the whole file is there. */
  | { kind: 'retried'; isUploaded: boolean };

const ENDED: readonly JobState[] = [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED];

/** Whether a job in this state has come to its end. */
export function hasEnded(state: JobState): boolean {
  return ENDED.includes(state);
}

/** `JOB_STATE_UPLOADING` and its like. */
export function stateName(state: JobState): string {
  return String(enumToJson(JobStateSchema, state));
}

/**
 * The state after an event; undefined if the event means nothing in that state, which is how late news about a job
 * that has ended is ignored.
 */
export function transition(state: JobState, event: JobEvent): JobState | undefined {
  if (hasEnded(state)) {
    if (event.kind !== 'retried' || state === JobState.SUCCEEDED) return undefined;
    return event.isUploaded ? JobState.QUEUED : JobState.UPLOADING;
  }
  switch (event.kind) {
    case 'uploaded':
      if (state !== JobState.UPLOADING) return undefined;
      return event.isRunning ? JobState.PROCESSING : JobState.QUEUED;
    case 'reopened':
      return state === JobState.UPLOADING ? undefined : JobState.UPLOADING;
    // While the upload runs, the analysis may run beside it or wait; the state tells of the upload.
    case 'started':
      return state === JobState.QUEUED ? JobState.PROCESSING : undefined;
    case 'waiting':
      return state === JobState.PROCESSING ? JobState.QUEUED : undefined;
    case 'succeeded':
      return state === JobState.UPLOADING ? undefined : JobState.SUCCEEDED;
    case 'failed':
      return JobState.FAILED;
    case 'canceled':
      return JobState.CANCELED;
    case 'retried':
      return undefined;
  }
}
