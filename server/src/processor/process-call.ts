import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type ProcessCsvOptions,
  type ProcessCsvRequest,
  type ProcessCsvResponse,
  ProcessCsvResponseSchema,
  TotalsBatchSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { type KernelReject, MAX_RECORD_BYTES } from '../../../kernel/kernel.ts';
import { checkOptions } from '../../../kernel/options.ts';
import { kernelMemoryBytes } from '../../../kernel/wasm/memory-layout.ts';
import { TallyError } from '../errors.ts';
import { toAnalysisOptions, toProgress, topCount, toReject, toSummary } from '../process-csv/kernel-messages.ts';
import { Outbox } from './outbox.ts';
import type { ThreadJob } from './threads/kernel-thread.ts';
import type { ThreadPool } from './threads/thread-pool.ts';

/** Between two progress messages of a call. */
const PROGRESS_INTERVAL_MS = 100;
/** Departments in one message: some 100 kB. */
const TOTALS_BATCH = 1000;
/** Rejected rows in one message; with 1,000 bytes each it stays below gRPC's usual limit of 4 MB a message. */
const REJECTS_BATCH = 1000;
/** So much of a checkpoint is kept of a call that has no place yet. */
const MAX_RESUME_WITHOUT_PLACE = 1024 * 1024;
/** Checkpoints that a call may wait for at once; more are asked for when these have come. */
const MAX_CHECKPOINTS = 4;
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
 * `responses`. A caller that is read no faster than `room` says keeps the memory of a call bounded. A place on a thread is
 * taken with the first byte of the file: a call that only begins costs nobody anything.
 */
export class ProcessCall {
  /** The responses to send, in order. Ends with the summary, or throws why there is none. */
  readonly responses = new Outbox<ProcessCsvResponse | EncodedTotals>();
  readonly #pool: ThreadPool;
  readonly #limits: { maxDepartments: number };
  readonly #caller: string;
  readonly #ended = new AbortController();
  #job: ThreadJob | undefined;
  /** The way to a place on a thread, and from there to an open analysis. */
  #placing: Promise<void> | undefined;
  #opening: Promise<void> | undefined;
  #options: ProcessCsvOptions | undefined;
  /** The parts of the checkpoint that the call goes on from. */
  #resume: Uint8Array[] = [];
  #resumeBytes = 0;
  /** When bytes came last. */
  #lastBytesAt = performance.now();
  #isOpen = false;
  #isWhole = false;
  #topCount = topCount(undefined);
  #timer: NodeJS.Timeout | undefined;
  #isDirty = false;
  /** The progress that was asked for last, until it is in the outbox. */
  #reporting: Promise<void> | undefined;
  /** The checkpoints that were asked for, until they are in the outbox. */
  readonly #checkpoints = new Set<Promise<void>>();
  #sending: Promise<void> = Promise.resolve();

  /**
   * @param caller places are shared out fairly among callers
   * @param signal ends the call with its reason
   */
  constructor(pool: ThreadPool, limits: { maxDepartments: number }, caller: string, signal: AbortSignal) {
    this.#pool = pool;
    this.#limits = limits;
    this.#caller = caller;
    if (signal.aborted) this.fail(signal.reason);
    const onAbort = () => this.fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', onAbort), { once: true });
    // Headers go out with the first message, and the caller wants to see that its call has begun.
    this.responses.sendLatest(queuedProgress(pool.isFull));
  }

  /**
   * Takes up a message that carries no chunk.
   *
   * @returns when the next message may come
   * @throws {@link TallyError} if it may not come now, or at all
   */
  message({ message }: ProcessCsvRequest): Promise<void> | undefined {
    switch (message.case) {
      case 'options':
        return this.#takeOptions(message.value);
      case 'resume':
        return this.#addResume(message.value);
      case 'checkpointRequest':
        return this.#takeCheckpointRequest(message.value.id);
      default:
        throw new TallyError('REQUEST_INVALID', 'A message of the stream carries neither options nor a chunk.');
    }
  }

  /** Takes as many bytes of the file as there is room for, and says how many. */
  write(bytes: Uint8Array): number {
    this.#lastBytesAt = performance.now();
    this.#isDirty = true;
    // A call that has failed takes whatever is still on its way, and forgets it.
    if (this.#ended.signal.aborted) return bytes.length;
    // An empty chunk behind a checkpoint asks for what is known of the file.
    if (bytes.length > 0 || this.#resume.length > 0) void this.#open();
    return this.#isOpen ? (this.#job?.write(bytes) ?? 0) : 0;
  }

  /** Resolves when there is room for more, or the call has ended. */
  async room(): Promise<void> {
    await this.#opening;
    await this.#job?.room();
  }

  /** The file has ended: sends the result. */
  async end(): Promise<void> {
    this.#isWhole = true;
    await this.#open();
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

  /** @throws KernelError OPTION_INVALID, ENCODING_UNKNOWN; {@link TallyError} REQUEST_INVALID */
  #takeOptions(options: ProcessCsvOptions): Promise<void> | undefined {
    if (this.#opening || this.#options) {
      throw new TallyError('REQUEST_INVALID', 'options may only be the first message of the stream.');
    }
    checkOptions(toAnalysisOptions(options.csv, this.#limits.maxDepartments));
    this.#options = options;
    this.#topCount = topCount(options.csv);
    return options.resume.length > 0 ? this.#keepResume(options.resume) : undefined;
  }

  /** @throws {@link TallyError} REQUEST_INVALID, CHECKPOINT_INVALID */
  #addResume(part: Uint8Array): Promise<void> | undefined {
    if (this.#opening || this.#resume.length === 0) {
      throw new TallyError('REQUEST_INVALID', 'resume may only follow options that begin a checkpoint.');
    }
    if (part.length === 0) throw new TallyError('REQUEST_INVALID', 'A part of a checkpoint is empty.');
    return this.#keepResume(part);
  }

  #keepResume(part: Uint8Array): Promise<void> | undefined {
    this.#resume.push(part);
    this.#resumeBytes += part.length;
    this.#lastBytesAt = performance.now();
    const { maxDepartments } = toAnalysisOptions(this.#options?.csv, this.#limits.maxDepartments);
    if (this.#resumeBytes <= kernelMemoryBytes({ maxRecordBytes: MAX_RECORD_BYTES, maxDepartments })) {
      return this.#resumeBytes > MAX_RESUME_WITHOUT_PLACE ? this.#place() : undefined;
    }
    throw new TallyError('CHECKPOINT_INVALID', 'the checkpoint is larger than any of a job with these limits.');
  }

  /** Resolves when another one may be asked for. */
  async #takeCheckpointRequest(id: bigint): Promise<void> {
    const sent: Promise<void> = this.#sendCheckpoint(id)
      .catch((error) => this.fail(error))
      .finally(() => this.#checkpoints.delete(sent));
    this.#checkpoints.add(sent);
    while (this.#checkpoints.size >= MAX_CHECKPOINTS) await Promise.race(this.#checkpoints);
  }

  /** Takes a place on a thread. Resolves when that is done, or the call has ended. */
  #place(): Promise<void> {
    this.#placing ??= this.#takePlace().catch((error) => this.fail(error));
    return this.#placing;
  }

  async #takePlace(): Promise<void> {
    if (this.#pool.isFull) this.responses.sendLatest(queuedProgress(true));
    const job: ThreadJob = await this.#pool.acquire(
      {
        onConsumed: (rejects) => {
          // The last bytes written may be worked on after the last report.
          this.#isDirty = true;
          return this.#sendRejects(rejects);
        },
        onFailed: (error) => this.fail(error),
        idleMs: () => (this.#isWhole || !this.#job?.isIdle ? 0 : performance.now() - this.#lastBytesAt),
        onTaken: (reason) => this.fail(reason),
      },
      this.#caller,
      this.#ended.signal,
    );
    if (this.#ended.signal.aborted) return job.close();
    this.#job = job;
    this.#lastBytesAt = performance.now();
  }

  /** Takes a place and opens the analysis there. Resolves when that is done, or the call has ended. */
  #open(): Promise<void> {
    this.#opening ??= this.#openAnalysis();
    return this.#opening;
  }

  async #openAnalysis(): Promise<void> {
    await this.#place();
    if (!this.#job || this.#ended.signal.aborted) return;
    const resume = this.#resume.length > 1 ? Buffer.concat(this.#resume) : this.#resume[0];
    this.#resume = [];
    this.#job.open(toAnalysisOptions(this.#options?.csv, this.#limits.maxDepartments), resume);
    this.#isOpen = true;
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
    await this.#open();
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

/** The progress of a call whose file nobody reads yet. */
function queuedProgress(queued: boolean): ProcessCsvResponse {
  return response({ case: 'progress', value: { queued, total: '0' } });
}

function response(message: ResponseMessage): ProcessCsvResponse {
  return create(ProcessCsvResponseSchema, { message });
}
