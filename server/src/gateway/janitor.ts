import { setTimeout as wait } from 'node:timers/promises';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { toTallyError } from '../errors.ts';
import type { Log } from '../log.ts';
import { hasEnded } from './job-state.ts';
import type { Jobs } from './jobs.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SWEEP_INTERVAL_MS = 60 * 60 * 1000;
const PAGE_SIZE = 100;

/**
 * Removes jobs that ended longer ago than the retention, with all that belongs to them; jobs that run are never touched.
 *
 * @param nowMs the time to judge by, milliseconds since 1970
 * @returns how many were removed
 */
export async function removeOldJobs(jobs: Jobs, retentionDays: number, nowMs: number): Promise<number> {
  const limitMs = nowMs - retentionDays * DAY_MS;
  let removed = 0;
  let pageToken = '';
  do {
    const page = await jobs.list({ pageSize: PAGE_SIZE, pageToken, states: [] });
    for (const { id, state, finishTime } of page.jobs) {
      if (!hasEnded(state) || !finishTime || timestampMs(finishTime) > limitMs) continue;
      await jobs.delete(id);
      removed++;
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return removed;
}

/** Sweeps now and every hour until the signal says stop. */
export async function runJanitor(jobs: Jobs, retentionDays: number, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const removed = await removeOldJobs(jobs, retentionDays, Date.now());
      if (removed > 0) log.info({ removed, retentionDays }, 'jobs past their retention were removed');
    } catch (error) {
      log.error({ err: toTallyError(error).cause ?? error }, 'old jobs could not be removed');
    }
    await wait(SWEEP_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
