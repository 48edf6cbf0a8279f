import { setTimeout as wait } from 'node:timers/promises';
import { timestampMs, timestampNow } from '@bufbuild/protobuf/wkt';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Progress, Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { TallyError, toTallyError } from '../errors.ts';
import type { FairQueue } from '../fair-queue.ts';
import type { Log } from '../log.ts';
import { feed } from './feeder.ts';
import type { Processors } from './processors.ts';
import { RateMeter } from './rate-meter.ts';
import type { Spool } from './spool.ts';
import type { JobRecord, JobStore } from './store/job-store.ts';

export interface AnalysisDependencies {
  store: JobStore;
  spool: Spool;
  processors: Processors;
  /** Streams that a gateway has open to processors; jobs beyond that wait in line. */
  streams: FairQueue;
  /** The most that a gzip file may decompress to. */
  maxUploadBytes: number;
  log: Log;
}

export interface AnalysisRun {
  record: JobRecord;
  signal: AbortSignal;
  /** Whether the upload stands still, so that the place would be of more use to somebody else. */
  isIdle(): boolean;
  /** Resolves when the upload goes on. */
  moreBytes(): Promise<void>;
  /** A kernel thread has the job now. */
  onStarted(): void;
  /** The job waits for a kernel thread, for the first time or again. */
  onWaiting(): void;
  /** Figures of the job have changed. */
  onProgress(): void;
}

/** A job that takes its processor down so often is given up. */
const MAX_CRASHES = 3;
/** How often a job that holds a place is asked whether it could do without. */
const YIELD_CHECK_MS = 1_000;
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

/**
 * Analyses a job's upload, as often as it takes while processors come and go, and sets the job's figures.
 *
 * @returns the id of the complete result, which the caller makes count
 * @throws {@link TallyError} why the file cannot be analysed; the signal's reason
 */
export async function analyse(run: AnalysisRun, dependencies: AnalysisDependencies): Promise<number> {
  const { store, streams, log } = dependencies;
  const { job } = run.record;
  let crashes = 0;
  let retryMs = MIN_RETRY_MS;
  while (true) {
    const release = await streams.acquire(run.signal);
    const resultId = await store.beginResult(job.id);
    run.record.partialResultId = resultId;
    const yielding = new AbortController();
    const timer = setInterval(() => {
      if (streams.hasWaiting && run.isIdle()) yielding.abort();
    }, YIELD_CHECK_MS);
    try {
      const summary = await feedOnce(run, resultId, yielding.signal, dependencies);
      setSummary(job, summary);
      return resultId;
    } catch (error) {
      run.record.partialResultId = undefined;
      await store.dropResult(resultId);
      run.signal.throwIfAborted();
      if (yielding.signal.aborted) {
        log.info({ jobId: job.id }, 'an upload that stands still gives its place to a job that waits');
        release();
        run.onWaiting();
        await run.moreBytes();
        continue;
      }
      const { code } = toTallyError(error);
      if (code === 'PROCESSOR_CRASHED') crashes++;
      else if (code !== 'PROCESSOR_UNAVAILABLE' && code !== 'STOPPING') throw error;
      if (crashes >= MAX_CRASHES) {
        throw new TallyError('PROCESSOR_CRASHED', `The processor ended ${crashes} times while it worked on this file.`);
      }
      log.warn({ jobId: job.id, code, crashes, retryMs }, 'the analysis broke off and is tried again');
    } finally {
      clearInterval(timer);
      release();
    }
    run.onWaiting();
    await wait(retryMs, undefined, { signal: run.signal }).catch(() => run.signal.throwIfAborted());
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }
}

async function feedOnce(
  run: AnalysisRun,
  resultId: number,
  yieldSignal: AbortSignal,
  dependencies: AnalysisDependencies,
): Promise<Summary> {
  const { store, spool, processors, maxUploadBytes, log } = dependencies;
  const { job, isGzip } = run.record;
  const meter = new RateMeter();
  let isStarted = false;
  return await feed({
    job,
    isGzip,
    maxUploadBytes,
    log,
    processors,
    spool,
    store,
    resultId,
    signal: AbortSignal.any([run.signal, yieldSignal]),
    onProgress(progress, processedBytes) {
      if (!progress.queued && !isStarted) {
        isStarted = true;
        job.startTime ??= timestampNow();
        run.onStarted();
      }
      setProgress(job, progress, processedBytes);
      job.bytesPerSecond = meter.sample(performance.now(), processedBytes);
      run.onProgress();
    },
  });
}

function setProgress(job: Job, progress: Progress, processedBytes: number): void {
  job.processedBytes = BigInt(processedBytes);
  setCounters(job, progress);
}

function setSummary(job: Job, summary: Summary): void {
  job.processedBytes = job.receivedBytes;
  setCounters(job, summary);
  job.rejectsStored = summary.rejectsReported;
  job.blankLines = summary.blankLines;
  job.dialect = summary.dialect;
  const startedMs = job.startTime ? timestampMs(job.startTime) : Date.now();
  job.bytesPerSecond = Number(job.processedBytes) / Math.max(0.001, (Date.now() - startedMs) / 1000);
}

/** What a snapshot and the summary both tell. */
function setCounters(job: Job, counters: Progress | Summary): void {
  job.rowsProcessed = counters.rows;
  job.rowsRejected = counters.rowsRejected;
  job.rejectedByReason = counters.rejectedByReason;
  job.departments = counters.departments;
  job.total = counters.total;
  job.top = counters.top;
}
