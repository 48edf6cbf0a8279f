import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { isFault, type TallyError, toTallyError } from '../../errors.ts';
import { analyse } from '../analysis/analyse.ts';
import type { AnalysisDependencies } from '../analysis/analysis-run.ts';
import { dropPartialResult } from '../analysis/attempt.ts';
import { cancelRecord, type JobRecord, type ReadonlyRecord } from '../job-record.ts';
import { hasEnded, type JobEvent, stateName } from '../job-state.ts';
import { ActiveJob } from './active-job.ts';
import type { JobHub } from './job-hub.ts';
import type { JobMetrics } from './job-metrics.ts';
import { UnstoredJobs } from './unstored-jobs.ts';

/** Jobs that have not come to a checkpoint in this time are cut off when the server stops. */
const CLOSE_MS = 3_500;

export interface JobsDependencies extends AnalysisDependencies {
  hub: JobHub;
  metrics: JobMetrics;
  /** Whether an upload stays after its job has succeeded. */
  keepUploads: boolean;
  /** The address of a resumable upload on this server. */
  uploadUrl(jobId: string): string;
}

/** The jobs that have not ended: their analysis, their end, and the watchers that are told of every change. */
export class ActiveJobs {
  readonly #deps: JobsDependencies;
  readonly #active = new Map<string, ActiveJob>();
  /** Jobs that have ended, of whose work something may still be on its way. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** Jobs that are further than the store knows. */
  readonly unstored: UnstoredJobs;

  constructor(dependencies: JobsDependencies) {
    this.#deps = dependencies;
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

  /** A job as memory has it, if that is newer than what is stored. */
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

  /** Stops all work and leaves the jobs as they are, with what was done in checkpoints, to be recovered. */
  async close(reason: TallyError): Promise<void> {
    const active = [...this.#active.values()];
    this.#active.clear();
    for (const job of active) job.pause(reason);
    const timer = setTimeout(() => active.forEach((job) => void job.abort(reason)), CLOSE_MS);
    await Promise.all([...active.map((job) => job.idle()), ...this.#leaving.values()]);
    clearTimeout(timer);
    await this.unstored.close();
  }

  /** Resolves when nothing works on a job that has ended any more, so that it may begin anew. */
  async left(id: string): Promise<void> {
    await this.#leaving.get(id);
  }

  /** Ends a job whose upload cannot be resumed, and removes the bytes that came. */
  async uploadLost(active: ActiveJob, reason: TallyError): Promise<void> {
    await this.fail(active, reason, reason.cause);
    await active.idle();
    await this.#deps.spool.remove(active.record.job.id);
  }

  /** Sends the bytes of a job's upload to a processor, also those still to come; again if need be. */
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
    // The next process goes on with it.
    if (active.pauseSignal.aborted) return;
    const reason = toTallyError(error);
    // The rejected rows say what is wrong: they stay, as the result without totals that they are.
    if (reason.code === 'NO_ROW_COUNTS') active.writer.keepPartialResult();
    await this.fail(active, reason, error);
    await dropPartialResult(active.writer, this.#deps.store);
  }

  async #succeed(active: ActiveJob, resultId: number): Promise<void> {
    // A server that stops has nothing active any more: the next one comes to the same end, from the last checkpoint.
    if (active.pauseSignal.aborted) return;
    if (!this.#isActive(active)) return await this.#deps.store.dropResult(resultId);
    active.writer.setResult(resultId);
    await this.end(active, { kind: 'succeeded' });
    if (this.#deps.keepUploads) return;
    // Until the result is stored, a new process may need the upload to come to it again.
    const { id } = active.record.job;
    if (this.unstored.get(id)) this.unstored.whenStored(id, () => void this.#removeUpload(id));
    else await this.#removeUpload(id);
  }

  /** A job that has begun anew meanwhile needs its upload, and the janitor takes what cannot be removed now. */
  async #removeUpload(id: string): Promise<void> {
    if (this.#active.has(id)) return;
    await this.#deps.spool.remove(id).catch((err) => this.#deps.log.warn({ err, jobId: id }, 'an upload stays'));
  }

  /** Ends a job with what is wrong with it; one that has ended stays as it is. */
  async fail(active: ActiveJob, reason: TallyError, cause?: unknown): Promise<void> {
    if (!this.#isActive(active)) return;
    const log = { jobId: active.record.job.id, code: reason.code, ...(isFault(reason) && { err: cause }) };
    this.#deps.log.warn(log, 'a job failed');
    await this.end(active, { kind: 'failed' }, reason);
  }

  /** The last thing that happens to a job, stored or not; its running work is told why. */
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
    }
  }

  /** Keeps a job in sight that was stopped to be deleted, and is still in the store. */
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

  /** Applies an event; ignored if the state machine has no such transition. */
  async apply(active: ActiveJob, event: JobEvent): Promise<void> {
    if (active.writer.apply(event)) await this.changed(active);
  }

  /**
   * Publishes the job to watchers and stores it. Want of room, and any fault that meets the end of a job, does not undo
   * what has happened: it is stored later.
   *
   * @throws {@link TallyError} why a job that goes on could not be stored
   */
  async changed({ record }: ActiveJob): Promise<void> {
    // A job that was deleted meanwhile must not come back.
    if (!this.#isKnown(record)) return;
    this.#deps.hub.publish(record);
    await this.keep(record);
  }

  /** Publishes a new job and stores it. @throws {@link TallyError} why it could not be stored */
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
