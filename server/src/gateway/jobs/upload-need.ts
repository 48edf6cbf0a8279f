import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { ReadonlyRecord } from '../job-record.ts';
import { hasEnded } from '../job-state.ts';

/**
 * Whether somebody may still want the upload of a job: a job that runs, one that could be tried again with it, or one
 * whose upload is kept for the next question.
 */
export function isUploadNeeded({ job, isResumable }: ReadonlyRecord): boolean {
  if (!hasEnded(job.state)) return true;
  if (job.state === JobState.SUCCEEDED) return job.fileKept;
  // Jobs of before do not say that their file is kept.
  if (job.uploadFinishTime) return true;
  return job.state === JobState.FAILED && isResumable;
}
