import { setTimeout as wait } from 'node:timers/promises';
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Progress, Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { isNoRowCounts } from '../../../../kernel/analysis/no-row-counts.ts';
import { type ErrorCode, TallyError, toTallyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Processors } from '../../processor-client/processors.ts';
import type { FairQueue } from '../../queue/fair-queue.ts';
import type { Spool } from '../spool/spool.ts';
import type { Checkpoint, JobRecord, JobStore } from '../store/job-store.ts';
import { feed } from './feeder.ts';
import { RateMeter } from './rate-meter.ts';
import { MAX_CRASHES, type Suspect, type Suspects } from './suspects.ts';
import { Unanswered } from './unanswered.ts';

export interface AnalysisDependencies {
  store: JobStore;
  spool: Spool;
  processors: Processors;
  /** Streams that a gateway has open to processors; jobs beyond that wait in line. */
  streams: FairQueue;
  suspects: Suspects;
  /** Between two checkpoints of a job, at least. */
  checkpointMs: number;
  metrics: AnalysisMetrics;
  /** The most that a compressed file may decompress to. */
  maxUploadBytes: number;
  log: Log;
}

/** The counters over all analyses. */
export interface AnalysisMetrics {
  /** Bytes of files, decompressed, went to a processor. */
  fed(bytes: number): void;
  checkpointKept(): void;
  /** An analysis went on from a checkpoint that covers so many bytes of the file. */
  resumed(bytes: number): void;
  /** This many bytes of a job's file are with a processor and in no checkpoint. */
  unsaved(jobId: string, bytes: number): void;
  /** An analysis broke off and will be tried again. */
  brokeOff(code: ErrorCode): void;
}

export interface AnalysisRun {
  record: JobRecord;
  /** The time of an event that happens to the job now; it never goes back. */
  now(): Timestamp;
  /** Ends the analysis at once. */
  signal: AbortSignal;
  /** Ends the analysis in a checkpoint, from which another process goes on. */
  pauseSignal: AbortSignal;
  /**
   * Whether the upload gives next to nothing, so that the place would be of more use to somebody else.
   *
   * @param sinceMs when it got the place, on the clock of `performance.now`
   */
  isIdle(sinceMs: number): boolean;
  /** Resolves when the upload goes on. */
  moreBytes(): Promise<void>;
  /** Resolves when there is room, or so much of the upload is there that it is worth a place. */
  worthAPlace(hasRoom: () => boolean): Promise<void>;
  /** A kernel thread has the job now. */
  onStarted(): void;
  /** The job waits for a kernel thread, for the first time or again. */
  onWaiting(): void;
  /** Figures of the job have changed. */
  onProgress(): void;
}

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
  const { job } = run.record;
  const either = AbortSignal.any([run.signal, run.pauseSignal]);
  const suspect = suspects.newJob();
  let retryMs = MIN_RETRY_MS;
  let maxRetryMs = MAX_RETRY_MS;
  while (true) {
    const hasRoom = () => streams.freeShare > FREE_SHARE;
    await run.worthAPlace(hasRoom);
    await suspect.begin(either);
    const release = await streams.acquire(either, run.record.owner).catch((error) => {
      suspect.end();
      throw error;
    });
    const placedAt = performance.now();
    const yielding = new AbortController();
    const timer = setInterval(() => {
      const isWanted = !hasRoom() || (suspect.crashes > 0 && suspects.waitingCount > 0);
      if (isWanted && run.isIdle(placedAt)) yielding.abort(new TallyError('STOPPING', 'The place is wanted.'));
    }, YIELD_CHECK_MS);
    try {
      return await analyseOnce(run, suspect, yielding.signal, dependencies);
    } catch (error) {
      either.throwIfAborted();
      if (yielding.signal.aborted) {
        log.info({ jobId: job.id }, 'an upload that stands still gives its place to a job that waits');
      } else {
        const code = retryableCode(error, suspect, run.record);
        if (code === 'DISK_FULL') [retryMs, maxRetryMs] = [Math.max(retryMs, MIN_ROOM_RETRY_MS), MAX_ROOM_RETRY_MS];
        else [retryMs, maxRetryMs] = [Math.min(retryMs, MAX_RETRY_MS), MAX_RETRY_MS];
        if (code === 'CHECKPOINT_INVALID') await dropPartialResult(run.record, store);
        metrics.brokeOff(code);
        const { crashes } = suspect;
        log.warn({ jobId: job.id, code, crashes, retryMs }, 'the analysis broke off and is tried again');
      }
    } finally {
      clearInterval(timer);
      suspect.end();
      release();
    }
    run.onWaiting();
    if (yielding.signal.aborted) {
      await run.moreBytes();
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
function retryableCode(error: unknown, { crashes }: Suspect, { isResumable }: JobRecord): ErrorCode {
  const { code } = toTallyError(error);
  if (code === 'DISK_FULL' && isResumable) return code;
  if (!RETRYABLE.includes(code)) throw error;
  if (crashes < MAX_CRASHES) return code;
  throw new TallyError(
    'PROCESSOR_CRASHED',
    `The processor ended ${crashes} times at the same place of this file, each time with this file alone.`,
  );
}

/** One call to a processor. @throws as {@link feed} */
async function analyseOnce(
  run: AnalysisRun,
  suspect: Suspect,
  yieldSignal: AbortSignal,
  dependencies: AnalysisDependencies,
): Promise<number> {
  const { store, spool, processors, checkpointMs, maxUploadBytes, metrics, log } = dependencies;
  const { job, isGzip } = run.record;
  const meter = new RateMeter();
  const checkpoint = await resumableCheckpoint(run, dependencies);
  const resultId = checkpoint?.resultId ?? (await store.beginResult(job.id));
  run.record.partialResultId = resultId;
  let isStarted = false;
  let isResumed = false;
  const startBytes = checkpoint?.bytes ?? 0;
  job.processedBytes = BigInt(checkpoint?.uploadBytes ?? 0);
  let sentBytes = startBytes;
  let savedBytes = startBytes;
  const unanswered = new Unanswered(startBytes);
  try {
    const summary = await feed({
      job,
      isGzip,
      maxUploadBytes,
      log,
      processors,
      spool,
      store,
      resultId,
      checkpoint,
      checkpointMs,
      checkpointAtBytes: suspect.provenAtBytes,
      unanswered,
      signal: run.signal,
      pauseSignal: AbortSignal.any([run.pauseSignal, yieldSignal]),
      onProgress(progress, processedBytes) {
        if (!progress.queued && !isStarted) {
          isStarted = true;
          job.startTime ??= run.now();
          run.onStarted();
        }
        // Until the checkpoint is loaded the processor knows of nothing, while all that it covers is done.
        if (Number(progress.bytes) < startBytes) return;
        if (checkpoint && !isResumed) metrics.resumed(startBytes);
        isResumed = true;
        suspect.reached(startBytes);
        setProgress(job, progress, processedBytes);
        job.bytesPerSecond = meter.sample(performance.now(), processedBytes);
        run.onProgress();
      },
      onSent(bytes) {
        metrics.fed(bytes - sentBytes);
        metrics.unsaved(job.id, bytes - savedBytes);
        sentBytes = bytes;
      },
      onCheckpoint(bytes) {
        metrics.checkpointKept();
        savedBytes = bytes;
        metrics.unsaved(job.id, sentBytes - savedBytes);
        suspect.reached(bytes);
      },
    });
    setSummary(job, summary, run.now());
    job.rejectsStored = BigInt(await store.countRejects(resultId));
    if (summary.rejectsReported !== job.rejectsStored) {
      const [stored, reported] = [job.rejectsStored, summary.rejectsReported].map(Number);
      log.error({ jobId: job.id, stored, reported }, 'rejected rows are missing in the store');
    }
    // For a job that is a failure.
    const none = summary.doubts.find(isNoRowCounts);
    if (none) throw new TallyError('NO_ROW_COUNTS', none.message);
    return resultId;
  } catch (error) {
    const isCrash = toTallyError(error).code === 'PROCESSOR_CRASHED';
    // A file that rests has not ended its processor, however often that ends.
    if (isCrash && unanswered.isBeingRead) suspect.crashed(unanswered.provenAtBytes);
    throw error;
  } finally {
    metrics.unsaved(job.id, 0);
  }
}

/** The checkpoint to go on from, with its result brought back to it; undefined to begin anew. */
async function resumableCheckpoint(
  { record }: AnalysisRun,
  { store }: AnalysisDependencies,
): Promise<Checkpoint | undefined> {
  const checkpoint = await store.checkpoint(record.job.id);
  if (checkpoint) await store.rewindResult(checkpoint.resultId, checkpoint.lastRejectOffset);
  else await dropPartialResult(record, store);
  return checkpoint;
}

/** Drops the data that the tries of a job so far have left, if any. */
export async function dropPartialResult(record: JobRecord, store: JobStore): Promise<void> {
  const { partialResultId } = record;
  record.partialResultId = undefined;
  if (partialResultId !== undefined) await store.dropResult(partialResultId);
}

function setProgress(job: Job, progress: Progress, processedBytes: number): void {
  job.processedBytes = BigInt(processedBytes);
  setCounters(job, progress);
}

function setSummary(job: Job, summary: Summary, now: Timestamp): void {
  job.processedBytes = job.receivedBytes;
  setCounters(job, summary);
  job.blankLines = summary.blankLines;
  const seconds = (timestampMs(now) - timestampMs(job.startTime ?? now)) / 1000;
  job.bytesPerSecond = Number(job.processedBytes) / Math.max(0.001, seconds);
}

/** Sets the counters that a snapshot and the summary both carry. */
function setCounters(job: Job, counters: Progress | Summary): void {
  job.rowsProcessed = counters.rows;
  job.rowsRejected = counters.rowsRejected;
  job.rejectedByReason = counters.rejectedByReason;
  job.departments = counters.departments;
  job.total = counters.total;
  job.top = counters.top;
  job.dialect = counters.dialect ?? job.dialect;
  // A job that fails with it needs no doubt beside it.
  job.doubts = counters.doubts.filter((doubt) => !isNoRowCounts(doubt));
}
