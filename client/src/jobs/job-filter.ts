import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { isRunning } from './job-phase.ts';

/** The jobs of a list that are shown. */
export type JobFilter = 'all' | 'running' | 'done' | 'ended';

/** All filters, in the order of their buttons. */
export const jobFilters: readonly JobFilter[] = ['all', 'running', 'done', 'ended'];

/** Whether a job is among those of a filter. */
export function passesFilter(job: Pick<Job, 'state'>, filter: JobFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return isRunning(job.state);
    case 'done':
      return job.state === JobState.SUCCEEDED;
    case 'ended':
      return job.state === JobState.FAILED || job.state === JobState.CANCELED;
  }
}

/** Whether the name of a job holds what was searched for, in upper or lower case. */
export function passesSearch(job: Pick<Job, 'filename'>, search: string): boolean {
  return job.filename.toLowerCase().includes(search.trim().toLowerCase());
}
