import { setTimeout as wait } from 'node:timers/promises';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { TallyError, toTallyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { hasEnded } from '../job-state.ts';
import type { Spool } from '../spool/spool.ts';
import type { Jobs } from './jobs.ts';
import { UPLOAD_EXPIRATION_MS } from './new-upload.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SWEEP_INTERVAL_MS = 60 * 60 * 1000;
const PAGE_SIZE = 100;
/** An upload that gets no byte in this time is not one that is only slow. */
const ABANDONED_MS = DAY_MS;
const NEW_FILE_MS = 60 * 60 * 1000;

export interface JanitorDependencies {
  jobs: Jobs;
  spool: Spool;
  retentionDays: number;
  log: Log;
}

/**
 * Removes jobs that ended longer ago than the retention, with all that belongs to them; jobs that run are never touched.
 *
 * @param nowMs the time to judge by, milliseconds since 1970
 * @returns how many were removed
 */
export async function removeOldJobs(jobs: Jobs, retentionDays: number, nowMs: number): Promise<number> {
  const limitMs = nowMs - retentionDays * DAY_MS;
  let removed = 0;
  for await (const { id, state, finishTime } of allJobs(jobs, [])) {
    if (!hasEnded(state) || !finishTime || timestampMs(finishTime) > limitMs) continue;
    await jobs.delete(id);
    removed++;
  }
  return removed;
}

/**
 * Fails uploads that may not be gone on with any more, and that have got no byte for a day. A sender that was still
 * active when the time was up may finish.
 *
 * @returns how many were abandoned
 */
export async function failAbandonedUploads(jobs: Jobs, spool: Spool, nowMs: number): Promise<number> {
  const writtenMs = new Map<string, number>();
  for await (const file of spool.list()) writtenMs.set(file.id, file.writtenMs);
  let failed = 0;
  for await (const job of allJobs(jobs, [JobState.UPLOADING])) {
    const createMs = job.createTime ? timestampMs(job.createTime) : 0;
    const isExpired = createMs + UPLOAD_EXPIRATION_MS < nowMs;
    const isIdle = (writtenMs.get(job.id) ?? createMs) + ABANDONED_MS < nowMs;
    // An upload in one request ends with its request.
    if (!job.uploadUrl || !isExpired || !isIdle) continue;
    await jobs.uploadFailed(job.id, abandoned());
    failed++;
  }
  return failed;
}

/**
 * Removes files that no job needs: what is left when a process ends between the end of a job and its clearing up, and
 * files of no job at all, unless they are new: a job's file is there shortly before the job.
 *
 * @param startMs when this process began: files written before are not new
 * @returns how many were removed
 */
export async function removeUnneededFiles(jobs: Jobs, spool: Spool, nowMs: number, startMs = 0): Promise<number> {
  const newMs = Math.max(startMs, nowMs - NEW_FILE_MS);
  let removed = 0;
  for await (const { id, writtenMs } of spool.list()) {
    if (writtenMs > newMs) continue;
    if (await jobs.removeUnneededUpload(id)) removed++;
  }
  return removed;
}

async function* allJobs(jobs: Jobs, states: JobState[]): AsyncGenerator<Job> {
  let pageToken = '';
  do {
    const page = await jobs.list({ pageSize: PAGE_SIZE, pageToken, states, owner: undefined });
    yield* page.jobs;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

function abandoned(): TallyError {
  const days = UPLOAD_EXPIRATION_MS / DAY_MS;
  const text = `The upload began more than ${days} days ago and nothing more has arrived: upload the file again.`;
  return new TallyError('UPLOAD_INTERRUPTED', text);
}

/** Sweeps now and every hour until the signal says stop. */
export async function runJanitor(
  { jobs, spool, retentionDays, log }: JanitorDependencies,
  signal: AbortSignal,
): Promise<void> {
  const startMs = Date.now();
  const sweeps: [string, () => Promise<number>][] = [
    ['jobs past their retention were removed', () => removeOldJobs(jobs, retentionDays, Date.now())],
    ['uploads that nobody went on with have failed', () => failAbandonedUploads(jobs, spool, Date.now())],
    ['files that no job needs were removed', () => removeUnneededFiles(jobs, spool, Date.now(), startMs)],
  ];
  while (!signal.aborted) {
    for (const [what, sweep] of sweeps) {
      try {
        const count = await sweep();
        if (count > 0) log.info({ count }, what);
      } catch (error) {
        log.error({ err: toTallyError(error).cause ?? error }, `a sweep failed: ${what}`);
      }
    }
    await wait(SWEEP_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
