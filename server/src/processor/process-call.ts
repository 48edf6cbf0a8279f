import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type CsvOptions,
  type ProcessCsvOptions,
  type ProcessCsvRequest,
  type ProcessCsvResponse,
  ProcessCsvResponseSchema,
  TotalsBatchSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { TallyError } from '../errors.ts';
import { type KernelReject, MAX_RECORD_BYTES } from '../kernel/kernel.ts';
import { kernelMemoryBytes } from '../kernel/memory-layout.ts';
import { totalLength } from '../total-length.ts';
import { Outbox } from './outbox.ts';
import type { ThreadJob } from './thread-host.ts';
import type { ThreadPool } from './thread-pool.ts';
import { toAnalysisOptions, toProgress, topCount, toReject, toSummary } from './wire.ts';

/** Between two progress messages of a call. */
const PROGRESS_INTERVAL_MS = 100;
/** Departments in one message: some 100 kB. */
const TOTALS_BATCH = 1000;
/** Rejected rows in one message; with 1,000 bytes each it stays below gRPC's usual limit of 4 MB a message. */
const REJECTS_BATCH = 1000;
/** Of a checkpoint in one message: the same limit has room for it. */
const CHECKPOINT_PART_BYTES = 1024 * 1024;

type ResponseMessage = NonNullable<MessageInitShape<typeof ProcessCsvResponseSchema>['message']>;

/** A response with totals, as it came from a thread. */
export class EncodedTotals {
  /** A TotalsBatch of processor.proto. */
  readonly batch: Uint8Array;

  constructor(batch: Uint8Array) {
    this.batch = batch;
  }

  decoded(): ProcessCsvResponse {
    return response({ case: 'totals', value: fromBinary(TotalsBatchSchema, this.batch) });
  }
}

/**
 * One call of ProcessCsv, whatever protocol it came by: what is written goes to a kernel thread, what comes back is in
 * `responses`. A caller that is read no faster than `room` says keeps the memory of a call bounded.
 */
export class ProcessCall {
  /** What to send, in order. Ends with the summary, or throws why there is none. */
  readonly responses = new Outbox<ProcessCsvResponse | EncodedTotals>();
  readonly #pool: ThreadPool;
  readonly #limits: { maxDepartments: number };
  readonly #ended = new AbortController();
  #job: ThreadJob | undefined;
  #isOpen = false;
  /** Options whose checkpoint may go on in the next message. */
  #resuming: Resuming | undefined;
  #topCount = topCount(undefined);
  #timer: NodeJS.Timeout | undefined;
  #isDirty = false;
  /** The progress that was asked for last, until it is in the outbox. */
  #reporting: Promise<void> | undefined;
  /** The checkpoints that were asked for, until they are in the outbox. */
  readonly #checkpoints = new Set<Promise<void>>();
  #sending: Promise<void> = Promise.resolve();

  /** @param signal ends the call with its reason */
  constructor(pool: ThreadPool, limits: { maxDepartments: number }, signal: AbortSignal) {
    this.#pool = pool;
    this.#limits = limits;
    if (signal.aborted) this.fail(signal.reason);
    const onAbort = () => this.fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', onAbort), { once: true });
    // Headers go out with the first message, and the caller wants to see that its call has begun.
    this.responses.sendLatest(response({ case: 'progress', value: { queued: pool.isFull, total: '0' } }));
  }

  /** Waits for a place on a kernel thread; nothing may be written before. */
  async begin(): Promise<void> {
    const job = await this.#pool.acquire(
      {
        onConsumed: (rejects) => {
          // What was written last may be worked on after the last report.
          this.#isDirty = true;
          return this.#sendRejects(rejects);
        },
        onFailed: (error) => this.fail(error),
      },
      this.#ended.signal,
    );
    if (this.#ended.signal.aborted) job.close();
    else this.#job = job;
  }

  /** Takes up a message that carries no chunk. @throws {@link TallyError} if it may not come now, or at all */
  message({ message }: ProcessCsvRequest): void {
    if (message.case === 'options') {
      if (this.#isOpen || this.#resuming) {
        throw new TallyError('REQUEST_INVALID', 'options may only be the first message of the stream.');
      }
      this.#topCount = topCount(message.value.csv);
      if (message.value.resume.length > 0) this.#resuming = { options: message.value, parts: [message.value.resume] };
      else this.#open(message.value.csv, undefined);
    } else if (message.case === 'resume') {
      this.#addResume(message.value);
    } else if (message.case === 'checkpointRequest') {
      this.#ensureOpen();
      const sent: Promise<void> = this.#sendCheckpoint(message.value.id)
        .catch((error) => this.fail(error))
        .finally(() => this.#checkpoints.delete(sent));
      this.#checkpoints.add(sent);
    } else {
      throw new TallyError('REQUEST_INVALID', 'A message of the stream carries neither options nor a chunk.');
    }
  }

  /** Takes as many bytes of the file as there is room for, and says how many. */
  write(bytes: Uint8Array): number {
    this.#ensureOpen();
    this.#isDirty = true;
    // A call that has failed takes whatever is still on its way, and forgets it.
    return this.#ended.signal.aborted ? bytes.length : (this.#job?.write(bytes) ?? 0);
  }

  /** Resolves when there is room for more, or the call has ended. */
  async room(): Promise<void> {
    await this.#job?.room();
  }

  /** The file has ended: sends the result. */
  async end(): Promise<void> {
    this.#ensureOpen();
    const job = this.#job;
    if (!job) return;
    clearInterval(this.#timer);
    const finished = await job.finish(this.#topCount);
    await this.#sendRejects(finished.rejects);
    // All that the thread had to say of the file is in the outbox now, before the result.
    await Promise.all(this.#checkpoints);
    await this.#sending;
    await this.#reporting;
    // A million totals take seconds to sort, send and store: meanwhile the caller knows that the file is done.
    this.responses.sendLatest(response({ case: 'progress', value: toProgress(finished.snapshot) }));
    // The thread makes the next batch while this one is sent.
    let next = job.nextTotals(TOTALS_BATCH);
    while (true) {
      const batch = await next;
      if (batch.length === 0) break;
      next = job.nextTotals(TOTALS_BATCH);
      next.catch(() => {});
      await this.responses.send(new EncodedTotals(batch));
    }
    await this.responses.send(response({ case: 'summary', value: toSummary(finished) }));
    this.responses.end();
  }

  /** Ends the call with an error. */
  fail(error: unknown): void {
    this.responses.fail(error);
    this.close();
  }

  /** Frees all that the call holds. */
  close(): void {
    clearInterval(this.#timer);
    this.#ended.abort(new TallyError('CANCELED', 'The call has ended.'));
    this.#job?.close();
  }

  /** @throws {@link TallyError} REQUEST_INVALID, CHECKPOINT_INVALID */
  #addResume(part: Uint8Array): void {
    if (!this.#resuming) {
      throw new TallyError('REQUEST_INVALID', 'resume may only follow options that begin a checkpoint.');
    }
    const { options, parts } = this.#resuming;
    parts.push(part);
    const { maxDepartments } = toAnalysisOptions(options.csv, this.#limits.maxDepartments);
    if (totalLength(parts) <= kernelMemoryBytes({ maxRecordBytes: MAX_RECORD_BYTES, maxDepartments })) return;
    throw new TallyError('CHECKPOINT_INVALID', 'the checkpoint is larger than any of a job with these limits.');
  }

  #ensureOpen(): void {
    if (this.#isOpen) return;
    const resuming = this.#resuming;
    this.#resuming = undefined;
    this.#open(resuming?.options.csv, resuming && joined(resuming.parts));
  }

  #open(csv: CsvOptions | undefined, resume: Uint8Array | undefined): void {
    this.#isOpen = true;
    this.#job?.open(toAnalysisOptions(csv, this.#limits.maxDepartments), resume);
    this.#timer = setInterval(() => this.#report(), PROGRESS_INTERVAL_MS);
    // Out of the line now, if it ever was in it.
    this.#isDirty = true;
    this.#report();
  }

  #report(): void {
    if (!this.#isDirty || this.#reporting || !this.#job) return;
    this.#isDirty = false;
    this.#reporting = this.#sendProgress(this.#job).finally(() => (this.#reporting = undefined));
  }

  async #sendProgress(job: ThreadJob): Promise<void> {
    try {
      const snapshot = await job.snapshot(this.#topCount);
      this.responses.sendLatest(response({ case: 'progress', value: toProgress(snapshot) }));
    } catch {
      // The call has ended, and says why by itself.
    }
  }

  async #sendCheckpoint(id: bigint): Promise<void> {
    const checkpoint = await this.#job?.checkpoint();
    if (!checkpoint) return;
    const { bytes, state } = checkpoint;
    await this.#inOrder(async () => {
      for (let start = 0; start < state.length; start += CHECKPOINT_PART_BYTES) {
        const end = start + CHECKPOINT_PART_BYTES;
        const part = { id, bytes: BigInt(bytes), state: state.subarray(start, end), more: end < state.length };
        await this.responses.send(response({ case: 'checkpoint', value: part }));
      }
    });
  }

  async #sendRejects(rejects: KernelReject[]): Promise<void> {
    if (rejects.length === 0) return;
    await this.#inOrder(async () => {
      for (let start = 0; start < rejects.length; start += REJECTS_BATCH) {
        const batch = rejects.slice(start, start + REJECTS_BATCH).map(toReject);
        await this.responses.send(response({ case: 'rejects', value: { rejects: batch } }));
      }
    });
  }

  /** Sends one after the other what the thread has answered, also while the reader is behind. */
  #inOrder(send: () => Promise<void>): Promise<void> {
    this.#sending = this.#sending.then(send);
    return this.#sending;
  }
}

interface Resuming {
  options: ProcessCsvOptions;
  /** Of the checkpoint. */
  parts: Uint8Array[];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

function response(message: ResponseMessage): ProcessCsvResponse {
  return create(ProcessCsvResponseSchema, { message });
}
