import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';

/** How the upload of a job stands in this tab. */
export type UploadPhase = 'waiting' | 'sending' | 'retrying' | 'stopped' | 'done' | 'failed';

/** Where a job stands as its reader sees it: the server's state, refined by the source of the upload. */
export type JobPhase =
  /** This tab waits with the upload until another one of its uploads is through. */
  | 'uploadQueued'
  /** This tab uploads. */
  | 'uploading'
  /** This tab uploads, but the server does not answer at the moment. */
  | 'retrying'
  /** This tab has stopped its upload, which can still be called back. */
  | 'stopped'
  /** Nothing has arrived, and this tab does not upload. */
  | 'awaiting'
  /** Bytes arrive, from another tab or a script. */
  | 'elsewhere'
  /** A part has arrived, and nobody seems to upload any more. */
  | 'interrupted'
  | 'queued'
  | 'processing'
  | 'succeeded'
  /** Analysed, and there was no row in it. */
  | 'empty'
  /** Analysed, and every row was rejected. */
  | 'uncounted'
  | 'failed'
  | 'canceled';

/** The error of a file of which no row counts. */
export const noRowCounts = 'NO_ROW_COUNTS';

/**
 * Works out the phase of a job.
 * @param upload - how its upload stands in this tab; undefined if another one uploads it
 * @param stalled - true if no byte has arrived for some time
 */
export function jobPhase(job: JobFacts, upload: UploadPhase | undefined, stalled: boolean): JobPhase {
  switch (job.state) {
    case JobState.QUEUED:
      return 'queued';
    case JobState.PROCESSING:
      return 'processing';
    case JobState.SUCCEEDED:
      return job.rowsProcessed === 0n ? 'empty' : 'succeeded';
    case JobState.FAILED:
      return job.error?.code === noRowCounts ? 'uncounted' : 'failed';
    case JobState.CANCELED:
      return 'canceled';
    default:
      return uploadingPhase(job, upload, stalled);
  }
}

type JobFacts = Pick<Job, 'state' | 'rowsProcessed' | 'receivedBytes' | 'error'>;

function uploadingPhase(job: JobFacts, upload: UploadPhase | undefined, stalled: boolean): JobPhase {
  switch (upload) {
    case 'waiting':
      return 'uploadQueued';
    case 'sending':
    case 'done':
      return 'uploading';
    case 'retrying':
      return 'retrying';
    case 'stopped':
      return 'stopped';
    case 'failed':
      return 'interrupted';
    case undefined:
      if (job.receivedBytes === 0n) return 'awaiting';
      return stalled ? 'interrupted' : 'elsewhere';
  }
}

/** True in phases in which bytes move, so that there is a speed and a time left to speak of. */
export function isMoving(phase: JobPhase): boolean {
  return phase === 'uploading' || phase === 'elsewhere' || phase === 'processing';
}

/** True if the file of a job that ended without a result is still there, to be analysed once more. */
export function canRetry(job: Pick<Job, 'state' | 'fileKept'>): boolean {
  const hasEnded = job.state === JobState.FAILED || job.state === JobState.CANCELED;
  return hasEnded && job.fileKept;
}

/** True while a job can still change by itself. */
export function isRunning(state: JobState): boolean {
  return state === JobState.UPLOADING || state === JobState.QUEUED || state === JobState.PROCESSING;
}
