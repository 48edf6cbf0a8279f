import type { Progress } from '#gen/tallystream/v1/processor_pb.ts';
import { isNoRowCounts } from '../../../../kernel/analysis/no-row-counts.ts';
import { TallyError, toTallyError } from '../../errors.ts';
import type { RecordWriter } from '../job-record.ts';
import { isFileSource } from '../job-source.ts';
import type { Checkpoint, JobStore } from '../store/job-store.ts';
import type { AnalysisDependencies, AnalysisMetrics, AnalysisRun } from './analysis-run.ts';
import { type FeedObserver, feed } from './feeder.ts';
import { RateMeter } from './rate-meter.ts';
import { feedSource } from './source-feeder.ts';
import type { Suspect } from './suspects.ts';
import { Unanswered } from './unanswered.ts';

/** Of a file that is not ours: it need not be safe. */
const NO_SPOOL = { async sync() {} };

/**
 * Analyses a job's upload in one call to a processor, from the last checkpoint on.
 *
 * @param suspect collects the evidence on whether this job crashes processors
 * @param yieldSignal ends the call in a checkpoint, as the pause signal of the run does
 * @returns the id of the complete result
 * @throws as {@link feed}; {@link TallyError} NO_ROW_COUNTS if all rows of the file are rejected
 */
export async function attempt(
  run: AnalysisRun,
  suspect: Suspect,
  yieldSignal: AbortSignal,
  dependencies: AnalysisDependencies,
): Promise<number> {
  const { writer, signals } = run;
  const { job, isGzip } = writer.record;
  const { store, spool, processors, sourceOf, checkpointMs, maxUploadBytes, metrics, log } = dependencies;
  const checkpoint = await resumableCheckpoint(writer, store);
  const resultId = checkpoint?.resultId ?? (await store.beginResult(job.id));
  writer.beginAttempt(resultId, checkpoint?.uploadBytes ?? 0);
  const observer = new AttemptObserver(run, suspect, metrics, checkpoint?.bytes);
  try {
    const common = {
      resume: checkpoint,
      target: { store, resultId },
      signals: { abort: signals.abort, pause: AbortSignal.any([signals.pause, yieldSignal]) },
      observer,
      processors,
    };
    const source = await sourceOf(writer.record);
    const summary =
      source === undefined
        ? await feed({
            ...common,
            upload: { job, isGzip, spool, maxBytes: maxUploadBytes },
            checkpoints: { intervalMs: checkpointMs, askAtBytes: suspect.provenAtBytes },
            log,
          })
        : await feedSource({
            ...common,
            job,
            source,
            checkpointMs,
            spool: isFileSource(job.source) ? NO_SPOOL : spool,
          });
    const stored = await store.countRejects(resultId);
    writer.summarise(summary, stored);
    const reported = Number(summary.rejectsReported);
    if (stored !== reported)
      log.error(
        { jobId: job.id, stored, reported },
        'the store holds another number of rejected rows than the processor reported',
      );
    // The kernel reports this as a doubt; it fails the job.
    const none = summary.doubts.find(isNoRowCounts);
    if (none) throw new TallyError('NO_ROW_COUNTS', none.message);
    return resultId;
  } catch (error) {
    if (toTallyError(error).code === 'PROCESSOR_CRASHED') observer.crashed();
    throw error;
  } finally {
    metrics.unsaved(job.id, 0);
  }
}

/** Turns the events of one call into the job's figures, the metrics and the evidence against the job. */
class AttemptObserver implements FeedObserver {
  readonly #run: AnalysisRun;
  readonly #suspect: Suspect;
  readonly #metrics: AnalysisMetrics;
  readonly #startBytes: number;
  readonly #hasCheckpoint: boolean;
  readonly #meter = new RateMeter();
  readonly #unanswered: Unanswered;
  #sentBytes: number;
  #savedBytes: number;
  #isStarted = false;
  #isCheckpointLoaded = false;

  /** @param resumedBytes bytes of the file that the checkpoint covers; undefined if there is none */
  constructor(run: AnalysisRun, suspect: Suspect, metrics: AnalysisMetrics, resumedBytes: number | undefined) {
    this.#run = run;
    this.#suspect = suspect;
    this.#metrics = metrics;
    this.#hasCheckpoint = resumedBytes !== undefined;
    this.#startBytes = resumedBytes ?? 0;
    this.#sentBytes = this.#startBytes;
    this.#savedBytes = this.#startBytes;
    this.#unanswered = new Unanswered(this.#startBytes);
  }

  onSent(bytes: number): void {
    this.#unanswered.sent(bytes);
    this.#metrics.fed(bytes - this.#sentBytes);
    this.#sentBytes = bytes;
    this.#tellUnsaved();
  }

  onSentAll(): void {
    this.#unanswered.sentAll();
  }

  onProgress(progress: Progress, processedBytes: number): void {
    const { writer, observer } = this.#run;
    this.#unanswered.progressed(progress);
    if (!progress.queued && !this.#isStarted) {
      this.#isStarted = true;
      writer.noteThread();
      observer.onStarted();
    }
    // Before the processor has loaded the checkpoint, it reports fewer bytes than the checkpoint covers.
    if (Number(progress.bytes) < this.#startBytes) return;
    if (this.#hasCheckpoint && !this.#isCheckpointLoaded) this.#metrics.resumed(this.#startBytes);
    this.#isCheckpointLoaded = true;
    this.#suspect.reached(this.#startBytes);
    if (progress.sourceBytes > 0n) writer.setSourceBytes(progress.sourceBytes);
    writer.progress(progress, processedBytes, this.#meter.sample(performance.now(), processedBytes));
    observer.onProgress();
  }

  onCheckpointAsked(): void {
    this.#unanswered.asked();
  }

  onCheckpointReceived(): void {
    this.#unanswered.gotCheckpoint();
  }

  onCheckpointKept(bytes: number): void {
    this.#metrics.checkpointKept();
    this.#savedBytes = bytes;
    this.#tellUnsaved();
    this.#suspect.reached(bytes);
  }

  /** The processor has ended. A file that it was not reading is not to blame, however often that happens. */
  crashed(): void {
    if (this.#unanswered.isBeingRead) this.#suspect.crashed(this.#unanswered.provenAtBytes);
  }

  #tellUnsaved(): void {
    this.#metrics.unsaved(this.#run.writer.record.job.id, this.#sentBytes - this.#savedBytes);
  }
}

/**
 * Reads the job's checkpoint, and removes later rows from its result. Without a checkpoint it drops the partial result.
 *
 * @returns undefined if there is no checkpoint: the analysis begins at the first byte
 */
async function resumableCheckpoint(writer: RecordWriter, store: JobStore): Promise<Checkpoint | undefined> {
  const checkpoint = await store.checkpoint(writer.record.job.id);
  if (checkpoint) await store.rewindResult(checkpoint.resultId, checkpoint.lastRejectOffset);
  else await dropPartialResult(writer, store);
  return checkpoint;
}

/** Drops the partial result that earlier attempts of a job have left, if there is one. */
export async function dropPartialResult(writer: RecordWriter, store: JobStore): Promise<void> {
  const resultId = writer.takePartialResultId();
  if (resultId !== undefined) await store.dropResult(resultId);
}
