import { type JobRecord, type ReadonlyRecord, RecordWriter } from '../job-record.ts';
import { UploadFlow } from './upload-flow.ts';

/** A job that has not ended, with what works on it in this process. */
export class ActiveJob {
  /** Every change of the record is made here. */
  readonly writer: RecordWriter;
  readonly upload: UploadFlow;
  /** Whether a kernel thread has the job. */
  hasThread = false;
  /** The analysis, once it has begun. */
  analysis: Promise<void> | undefined;
  readonly #told = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  readonly #pause = new AbortController();
  readonly #work = new Set<Promise<unknown>>();

  constructor(record: JobRecord) {
    this.writer = new RecordWriter(record);
    const isWhole = () => this.record.job.uploadFinishTime !== undefined;
    this.upload = new UploadFlow(AbortSignal.any([this.signal, this.pauseSignal]), isWhole);
  }

  get record(): ReadonlyRecord {
    return this.writer.record;
  }

  /** Tells the work to stop; its reason says why. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Tells the work to come to a point where another process can go on; its reason says why. */
  get pauseSignal(): AbortSignal {
    return this.#pause.signal;
  }

  /** Resolves when it is known how the file is read, with the doubts about that, or the job has ended. */
  get told(): Promise<void> {
    return this.#told.promise;
  }

  /** Says that it is known how the file is read. */
  tell(): void {
    this.#told.resolve();
  }

  /** Counts a piece of work as the job's until it ends. */
  track<T>(work: Promise<T>): Promise<T> {
    const ended: Promise<unknown> = work.then(
      () => this.#work.delete(ended),
      () => this.#work.delete(ended),
    );
    this.#work.add(ended);
    return work;
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  pause(reason: Error): void {
    this.#pause.abort(reason);
  }

  /** Resolves when nothing works on the job any more. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
