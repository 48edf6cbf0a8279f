import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { AppState } from '../app-state.ts';
import { type JobPhase, jobPhase } from './job-phase.ts';

/** The phase of a job in this tab. */
export function phaseOf(app: AppState, job: Job): JobPhase {
  return jobPhase(job, app.uploads.find(job.id)?.phase, app.jobs.figures(job.id).stalled);
}

/** The bytes that the bars of a job are drawn against; undefined while nobody knows. */
export function sizeOf(job: Job): number | undefined {
  if (job.sizeBytes !== undefined) return Number(job.sizeBytes);
  return job.uploadFinishTime === undefined ? undefined : Number(job.receivedBytes);
}

/** How much of a job is analysed, from 0 to 1; undefined while its size is not known. */
export function progressOf(job: Job): number | undefined {
  const size = sizeOf(job);
  if (size === undefined) return undefined;
  return size === 0 ? 1 : Math.min(1, Number(job.processedBytes) / size);
}

/** Bytes that have left: what the server has stored, or what this tab has sent where that is newer. */
export function uploadedBytes(app: AppState, job: Job): number {
  const upload = app.uploads.find(job.id);
  const sent = upload?.phase === 'sending' ? upload.sentBytes : 0;
  return Math.max(Number(job.receivedBytes), sent);
}
