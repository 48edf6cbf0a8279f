import { setTimeout as wait } from 'node:timers/promises';
import { type ErrorCode, TallyError, toTallyError } from '../../errors.ts';
import type { ReadonlyRecord } from '../job-record.ts';
import type { AnalysisDependencies, AnalysisRun } from './analysis-run.ts';
import { attempt, dropPartialResult } from './attempt.ts';
import { MAX_CRASHES, type Suspect } from './suspects.ts';

/** How often a job that holds a place is asked whether it could do without. */
const YIELD_CHECK_MS = 1_000;
/** Uploads that give next to nothing leave this share of the places free for others, which need not wait then. */
const FREE_SHARE = 0.25;
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** For a disk that is full: it takes somebody to make room, and each try reads again what no checkpoint covers. */
const MIN_ROOM_RETRY_MS = 5_000;
const MAX_ROOM_RETRY_MS = 30_000;
const RETRYABLE: readonly ErrorCode[] = [
  'PROCESSOR_CRASHED',
  'PROCESSOR_UNAVAILABLE',
  'STOPPING',
  // Without the checkpoint, that is.
  'CHECKPOINT_INVALID',
  // An upload that stands still, at a processor that others want.
  'CALL_IDLE',
];

/**
 * Analyses a job's upload, as often as it takes while processors come and go, and sets the job's figures. Each try goes
 * on where the last checkpoint of the one before is, be that of another process.
 *
 * @returns the id of the complete result, which the caller makes count
 * @throws {@link TallyError} why the file cannot be analysed; the reason of a signal. After a pause the result so far is
 * still there
 */
export async function analyse(run: AnalysisRun, dependencies: AnalysisDependencies): Promise<number> {
  const { store, streams, suspects, metrics, log } = dependencies;
  const { writer, upload, signals, observer } = run;
  const { job, owner } = writer.record;
  const either = AbortSignal.any([signals.abort, signals.pause]);
  const suspect = suspects.newJob();
  let retryMs = MIN_RETRY_MS;
  let maxRetryMs = MAX_RETRY_MS;
  while (true) {
    const hasRoom = () => streams.freeShare > FREE_SHARE;
    await upload.worthAPlace(hasRoom);
    await suspect.begin(either);
    const release = await streams.acquire(either, owner).catch((error) => {
      suspect.end();
      throw error;
    });
    const placedAt = performance.now();
    const yielding = new AbortController();
    const timer = setInterval(() => {
      const isWanted = !hasRoom() || (suspect.crashes > 0 && suspects.waitingCount > 0);
      if (isWanted && upload.isIdle(placedAt)) yielding.abort(new TallyError('STOPPING', 'The place is wanted.'));
    }, YIELD_CHECK_MS);
    try {
      return await attempt(run, suspect, yielding.signal, dependencies);
    } catch (error) {
      either.throwIfAborted();
      if (yielding.signal.aborted) {
        log.info({ jobId: job.id }, 'a stalled upload gives its place to a waiting job');
      } else {
        const code = retryableCode(error, suspect, writer.record);
        if (code === 'DISK_FULL') [retryMs, maxRetryMs] = [Math.max(retryMs, MIN_ROOM_RETRY_MS), MAX_ROOM_RETRY_MS];
        else [retryMs, maxRetryMs] = [Math.min(retryMs, MAX_RETRY_MS), MAX_RETRY_MS];
        if (code === 'CHECKPOINT_INVALID') await dropPartialResult(writer, store);
        metrics.brokeOff(code);
        const { crashes } = suspect;
        log.warn({ jobId: job.id, code, crashes, retryMs }, 'the analysis broke off and is retried');
      }
    } finally {
      clearInterval(timer);
      suspect.end();
      release();
    }
    observer.onWaiting();
    if (yielding.signal.aborted) {
      await upload.moreBytes();
      continue;
    }
    await wait(retryMs, undefined, { signal: either }).catch(() => either.throwIfAborted());
    retryMs = Math.min(retryMs * 2, maxRetryMs);
  }
}

/**
 * The code of a retryable error. An upload by tus waits for room on the disk, as its sender does.
 *
 * @throws the error, if another try would come to the same end; PROCESSOR_CRASHED for a job that is given up
 */
function retryableCode(error: unknown, { crashes }: Suspect, { isResumable }: ReadonlyRecord): ErrorCode {
  const { code } = toTallyError(error);
  if (code === 'DISK_FULL' && isResumable) return code;
  if (!RETRYABLE.includes(code)) throw error;
  if (crashes < MAX_CRASHES) return code;
  throw new TallyError(
    'PROCESSOR_CRASHED',
    `The processor crashed ${crashes} times at the same place in this file, each time with this file alone.`,
  );
}
