import { Counter, type Registry } from 'prom-client';
import type { ErrorCode } from '../../errors.ts';
import { addGauge } from '../../metrics/registry.ts';
import type { FairQueue } from '../../queue/fair-queue.ts';
import type { AnalysisMetrics } from '../analysis/analysis-run.ts';
import type { JobHub } from './job-hub.ts';
import type { Jobs } from './jobs.ts';
import type { JobWatches } from './watch-jobs.ts';

/** The counters of a gateway since its start. Nothing in them tells of a user's data. */
export class JobMetrics implements AnalysisMetrics {
  readonly #uploaded: Counter;
  readonly #fed: Counter;
  readonly #rows: Counter;
  readonly #checkpoints: Counter;
  readonly #resumes: Counter;
  readonly #resumedBytes: Counter;
  readonly #brokenOff: Counter;
  readonly #ended: Counter;
  readonly #unsaved = new Map<string, number>();

  constructor(registry: Registry) {
    const counter = (name: string, help: string, labelNames: string[] = []) =>
      new Counter({ name: `tallystream_${name}_total`, help, labelNames, registers: [registry] });
    this.#uploaded = counter('uploaded_bytes', 'Bytes of uploads that were stored');
    this.#fed = counter('processed_bytes', 'Bytes of files, decompressed, that were sent to processors');
    this.#rows = counter('rows', 'Rows of jobs that succeeded, by what became of them', ['outcome']);
    this.#checkpoints = counter('checkpoints', 'Checkpoints that were kept');
    this.#resumes = counter('resumes', 'Analyses that went on from a checkpoint');
    this.#resumedBytes = counter('resumed_bytes', 'Bytes of files that checkpoints saved sending again');
    this.#brokenOff = counter('analyses_broken_off', 'Analyses that broke off and were tried again', ['code']);
    const unsaved = { name: 'unsaved_bytes', help: 'Bytes of files that processors have and no checkpoint covers' };
    addGauge(registry, unsaved, () => [...this.#unsaved.values()].reduce((sum, bytes) => sum + bytes, 0));
    this.#ended = counter('jobs_ended', 'Jobs that have ended, by state and error', ['state', 'code']);
  }

  uploaded(bytes: number): void {
    this.#uploaded.inc(bytes);
  }

  fed(bytes: number): void {
    this.#fed.inc(bytes);
  }

  checkpointKept(): void {
    this.#checkpoints.inc();
  }

  resumed(bytes: number): void {
    this.#resumes.inc();
    this.#resumedBytes.inc(bytes);
  }

  unsaved(jobId: string, bytes: number): void {
    if (bytes > 0) this.#unsaved.set(jobId, bytes);
    else this.#unsaved.delete(jobId);
  }

  brokeOff(code: ErrorCode): void {
    this.#brokenOff.inc({ code });
  }

  /** @param state by its name, such as `JOB_STATE_FAILED` */
  jobEnded(state: string, code: string): void {
    this.#ended.inc({ state, code });
  }

  rows(counted: bigint, rejected: bigint): void {
    this.#rows.inc({ outcome: 'counted' }, Number(counted));
    this.#rows.inc({ outcome: 'rejected' }, Number(rejected));
  }
}

/** Adds the figures of a gateway that are taken at the moment somebody asks. */
export function addJobGauges(
  registry: Registry,
  { jobs, streams, hub, watches }: { jobs: Jobs; streams: FairQueue; hub: JobHub; watches: JobWatches },
): void {
  addGauge(registry, { name: 'running_jobs', help: 'Jobs that have not ended, by state', label: 'state' }, () =>
    jobs.countByState(),
  );
  const waiting = { name: 'waiting_jobs', help: 'Jobs that wait for a stream to a processor' };
  addGauge(registry, waiting, () => streams.waitingCount);
  addGauge(registry, { name: 'watchers', help: 'Open calls of WatchJobs' }, () => hub.watchers);
  const serializations = { name: 'watch_messages_made', help: 'Messages of WatchJobs that were serialised' };
  addGauge(registry, serializations, () => watches.serializations);
}
