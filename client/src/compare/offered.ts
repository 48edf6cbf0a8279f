import { type Accessor, createMemo } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { type Fit, fitOf, hasTotals } from './match.ts';

/** All other results that the page knows, by how they fit to one, the newest first. */
export function createOffered(jobs: Jobs, here: Accessor<Job>): Accessor<Record<Fit, readonly Job[]>> {
  return createMemo(() => {
    const found: Record<Fit, Job[]> = { sameQuestion: [], otherAmounts: [], otherGroups: [] };
    for (const id of jobs.ids()) {
      const job = jobs.find(id);
      if (job !== undefined && id !== here().id && hasTotals(job)) found[fitOf(here(), job)].push(job);
    }
    return found;
  });
}
