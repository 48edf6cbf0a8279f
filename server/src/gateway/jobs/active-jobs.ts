import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { isFault, type TallyError, toTallyError } from '../../errors.ts';
import { analyse } from '../analysis/analyse.ts';
import type { AnalysisDependencies } from '../analysis/analysis-run.ts';
import { dropPartialResult } from '../analysis/attempt.ts';
import { cancelRecord, type JobRecord, type ReadonlyRecord } from '../job-record.ts';
import { isFileSource } from '../job-source.ts';
import { hasEnded, type JobEvent, stateName } from '../job-state.ts';
import { ActiveJob } from './active-job.ts';
import type { JobHub } from './job-hub.ts';
import type { JobMetrics } from './job-metrics.ts';
import { UnstoredJobs } from './unstored-jobs.ts';

/** When the server stops, a job that still works after this time is aborted. */
const CLOSE_MS = 3_500;

export interface JobsDependencies extends AnalysisDependencies {
  hub: JobHub;
  metrics: JobMetrics;
  /** How many bytes of uploads stay after their jobs have succeeded. */
  keepUploads: number;
  /** The address of a resumable upload on this server. */
  uploadUrl(jobId: string): string;
}

/** Runs the jobs that have not ended: starts their analysis, ends them, publishes and stores their changes. */
export class ActiveJobs {
  readonly #deps: JobsDependencies;
  readonly #active = new Map<string, ActiveJob>();
  /** Ended jobs whose work may not have stopped yet. The promise resolves when it has. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** Jobs whose last change is not in the store yet. */
  readonly unstored: UnstoredJobs;

  readonly #onEnded: (record: ReadonlyRecord) => void;

  /** @param onEnded is told of a job that has ended */
  constructor(dependencies: JobsDependencies, onEnded: (record: ReadonlyRecord) => void = () => {}) {
    this.#deps = dependencies;
    this.#onEnded = onEnded;
    this.unstored = new UnstoredJobs(dependencies.store, dependencies.log);
  }

  /** Keeps a job in memory until it has ended. */
  add(record: JobRecord): ActiveJob {
    const active = new ActiveJob(record);
    this.#active.set(record.job.id, active);
    return active;
  }

  get(id: string): ActiveJob | undefined {
    return this.#active.get(id);
  }

  /** The jobs that have not ended. */
  ids(): string[] {
    return [...this.#active.keys()];
  }

  /** The record of a job in memory; undefined if the store has the newest one. */
  newest(id: string): ReadonlyRecord | undefined {
    return this.#active.get(id)?.record ?? this.unstored.get(id);
  }

  /** Forgets a job that is deleted. */
  remove(id: string): void {
    this.#active.delete(id);
  }

  /** How many jobs have not ended, by state. */
  countByState(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { record } of this.#active.values()) {
      const name = stateName(record.job.state);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** Stops all work. The jobs keep their state and their checkpoints: the next process recovers them. */
  async close(reason: TallyError): Promise<void> {
    const active = [...this.#active.values()];
    this.#active.clear();
    for (const job of active) job.pause(reason);
    const timer = setTimeout(() => active.forEach((job) => void job.abort(reason)), CLOSE_MS);
    await Promise.all([...active.map((job) => job.idle()), ...this.#leaving.values()]);
    clearTimeout(timer);
    await this.unstored.close();
  }

  /** Resolves when the work of an ended job has stopped. Only then may the job begin again. */
  async left(id: string): Promise<void> {
    await this.#leaving.get(id);
  }

  /** Ends a job whose upload cannot be resumed, and removes the bytes that came. */
  async uploadLost(active: ActiveJob, reason: TallyError): Promise<void> {
    active.writer.dropFile();
    await this.fail(active, reason, reason.cause);
    await active.idle();
    await this.#deps.spool.remove(active.record.job.id);
  }

  /** Starts the analysis of a job's upload, bytes still to come included. A second call does nothing. */
  startAnalysis(active: ActiveJob): void {
    if (active.analysis) return;
    const tell = (event: JobEvent) => {
      this.apply(active, event).catch((error) => this.fail(active, toTallyError(error), error));
    };
    const observer = {
      onStarted: () => {
        active.hasThread = true;
        tell({ kind: 'started' });
      },
      onWaiting: () => {
        active.hasThread = false;
        tell({ kind: 'waiting' });
      },
      onProgress: () => {
        const { dialect, doubts } = active.record.job;
        if (dialect || doubts.length > 0) active.tell();
        this.#deps.hub.publish(active.record);
      },
    };
    const { writer, upload, signal, pauseSignal } = active;
    active.analysis = active.track(
      analyse({ writer, upload, signals: { abort: signal, pause: pauseSignal }, observer }, this.#deps)
        .then((resultId) => this.#succeed(active, resultId))
        .catch((error) => this.#analysisFailed(active, error)),
    );
  }

  async #analysisFailed(active: ActiveJob, error: unknown): Promise<void> {
    // The server is stopping: the next process goes on with the job.
    if (active.pauseSignal.aborted) return;
    const reason = toTallyError(error);
    // The rejected rows show what is wrong: they stay, as a result without totals.
    if (reason.code === 'NO_ROW_COUNTS') active.writer.keepPartialResult();
    await this.fail(active, reason, error);
    await dropPartialResult(active.writer, this.#deps.store);
  }

  async #succeed(active: ActiveJob, resultId: number): Promise<void> {
    // The server is stopping: the next process comes to the same result from the last checkpoint.
    if (active.pauseSignal.aborted) return;
    if (!this.#isActive(active)) return await this.#deps.store.dropResult(resultId);
    active.writer.setResult(resultId);
    const { source } = active.record.job;
    if (this.#deps.keepUploads === 0 && !isFileSource(source)) active.writer.dropFile();
    await this.end(active, { kind: 'succeeded' });
    if (this.#deps.keepUploads > 0 || isFileSource(source)) return;
    // Until the end of the job is stored, a new process may have to read the upload again.
    const { id } = active.record.job;
    if (this.unstored.get(id)) this.unstored.whenStored(id, () => void this.#removeUpload(id));
    else await this.#removeUpload(id);
  }

  /** Removes a job's upload, unless the job has begun again. The janitor removes one that cannot be removed now. */
  async #removeUpload(id: string): Promise<void> {
    if (this.#active.has(id)) return;
    await this.#deps.spool
      .remove(id)
      .catch((err) => this.#deps.log.warn({ err, jobId: id }, 'an upload could not be removed'));
  }

  /** Fails an active job; does nothing for any other. @param cause is logged if the reason is a fault */
  async fail(active: ActiveJob, reason: TallyError, cause?: unknown): Promise<void> {
    if (!this.#isActive(active)) return;
    const log = { jobId: active.record.job.id, code: reason.code, ...(isFault(reason) && { err: cause }) };
    this.#deps.log.warn(log, 'a job failed');
    await this.end(active, { kind: 'failed' }, reason);
  }

  /** Ends a job, even if its end cannot be stored yet. @param reason stops its work; the error of a failed job */
  async end(active: ActiveJob, event: JobEvent, reason?: TallyError): Promise<void> {
    const { job } = active.record;
    const isChanged = active.writer.end(event, event.kind === 'failed' ? reason : undefined);
    if (reason) active.abort(reason);
    try {
      if (isChanged) await this.changed(active);
      this.#deps.metrics.jobEnded(stateName(job.state), job.error?.code ?? '');
      if (job.state === JobState.SUCCEEDED) this.#deps.metrics.rows(job.rowsProcessed, job.rowsRejected);
    } finally {
      active.tell();
      if (this.#active.get(job.id) === active) this.#active.delete(job.id);
      this.#leave(active);
      this.#onEnded(active.record);
    }
  }

  /** Cancels a job that could not be deleted from the store, and keeps it visible to readers. */
  stopped(record: JobRecord): void {
    cancelRecord(record);
    this.unstored.keep(record);
    this.#deps.hub.publish(record);
  }

  #leave(active: ActiveJob): void {
    const { id } = active.record.job;
    const left = active.idle().then(() => {
      if (this.#leaving.get(id) === left) this.#leaving.delete(id);
    });
    this.#leaving.set(id, left);
  }

  /** Whether the job has neither ended nor been deleted or retried since. */
  #isActive(active: ActiveJob): boolean {
    return this.#active.get(active.record.job.id) === active && !hasEnded(active.record.job.state);
  }

  /** Applies an event and stores the change; does nothing without a transition for it. @throws as {@link changed} */
  async apply(active: ActiveJob, event: JobEvent): Promise<void> {
    if (active.writer.apply(event)) await this.changed(active);
  }

  /**
   * Publishes the job to watchers and stores it. A full disk undoes no change, and no fault undoes the end of a job: such
   * a change is stored later. Does nothing for a job that is no longer active.
   *
   * @throws {@link TallyError} if a job that has not ended cannot be stored, except for DISK_FULL
   */
  async changed({ record }: ActiveJob): Promise<void> {
    // A job that was deleted meanwhile must not come back.
    if (!this.#isKnown(record)) return;
    this.#deps.hub.publish(record);
    await this.keep(record);
  }

  /** Publishes a new job and stores it. @throws {@link TallyError} if it cannot be stored */
  async created({ record }: ActiveJob): Promise<void> {
    this.#deps.hub.publish(record);
    await this.#deps.store.put(record);
  }

  /** Stores a change that is of no interest to watchers. @throws as {@link changed} */
  async keep(record: ReadonlyRecord): Promise<void> {
    if (!this.#isKnown(record)) return;
    const reason = await this.unstored.put(record);
    if (reason && reason.code !== 'DISK_FULL' && !hasEnded(record.job.state)) throw reason;
  }

  #isKnown(record: ReadonlyRecord): boolean {
    return this.#active.get(record.job.id)?.record === record;
  }
}
