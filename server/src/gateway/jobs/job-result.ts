import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { TallyError } from '../../errors.ts';
import type { OwnJobs } from './own-jobs.ts';

/** A job with its result. @throws {@link TallyError} JOB_NOT_FOUND, JOB_HAS_NO_RESULT */
export async function withResult(jobs: OwnJobs, id: string) {
  const record = await jobs.get(id);
  if (record.resultId === 0 || record.job.state !== JobState.SUCCEEDED) {
    throw new TallyError('JOB_HAS_NO_RESULT', noResult(record.job));
  }
  return record;
}

/** A job with its rejected rows, which one that failed because no row counts has too. @throws as {@link withResult} */
export async function withRejects(jobs: OwnJobs, id: string) {
  const record = await jobs.get(id);
  if (record.resultId === 0 || !record.job.finishTime) throw new TallyError('JOB_HAS_NO_RESULT', noResult(record.job));
  return record;
}

function noResult(job: Job): string {
  if (job.error) return `Job "${job.id}" failed and has no result: ${job.error.message}`;
  return job.finishTime ? `Job "${job.id}" was canceled and has no result.` : `Job "${job.id}" has no result yet.`;
}
