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

/** The time between two progress messages of a call. */
const PROGRESS_INTERVAL_MS = 100;
/** Departments in one message: some 100 kB. */
const TOTALS_BATCH = 1000;
/** Rejected rows in one message; with 1,000 bytes each it stays below gRPC's usual limit of 4 MB a message. */
const REJECTS_BATCH = 1000;
/** Bytes of a checkpoint that a call may send before it needs a place on a thread. */
const MAX_RESUME_WITHOUT_PLACE = 1024 * 1024;
/** Open checkpoint requests that a call may have; its next message waits until one is answered. */
const MAX_CHECKPOINTS = 4;
/** Bytes of a checkpoint in one message: below gRPC's usual limit of 4 MB too. */
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
 * One call of ProcessCsv, by whatever protocol. Written bytes go to a kernel thread; its answers are in `responses`. Memory
 * stays bounded if requests are read only while there is `room`. The call takes a place on a thread when it has work for
 * it: a first byte, a checkpoint request, a large checkpoint, or the end. Until then it holds none.
 */
export class ProcessCall {
  /** The responses to send, in order. They end after the summary, or throw the error of the call. */
  readonly responses = new Outbox<ProcessCsvResponse | EncodedTotals>();
  readonly #pool: ThreadPool;
  readonly #limits: { maxDepartments: number };
  readonly #caller: string;
  readonly #ended = new AbortController();
  #job: ThreadJob | undefined;
  /** Resolves when the call has a place on a thread, or has ended. */
  #placing: Promise<void> | undefined;
  /** Resolves when the analysis is open on that thread, or the call has ended. */
  #opening: Promise<void> | undefined;
  #options: ProcessCsvOptions | undefined;
  /** The parts of the checkpoint that the call goes on from. */
  #resume: Uint8Array[] = [];
  #resumeBytes = 0;
  /** The time of the last bytes, or of taking the place if that was later. */
  #lastBytesAt = performance.now();
  #isOpen = false;
  #isFileComplete = false;
  #topCount = topCount(undefined);
  #timer: NodeJS.Timeout | undefined;
  #hasUnreported = false;
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
   * @returns a promise that resolves when the next message may come; undefined if it may come at once
   * @throws {@link TallyError} REQUEST_INVALID, CHECKPOINT_INVALID; KernelError OPTION_INVALID, ENCODING_UNKNOWN
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
        throw new TallyError('REQUEST_INVALID', 'A message of the stream is empty or of an unknown kind.');
    }
  }

  /** Takes as many bytes of the file as there is room for, and says how many. */
  write(bytes: Uint8Array): number {
    this.#lastBytesAt = performance.now();
    this.#hasUnreported = true;
    // A call that has ended discards the bytes that still come.
    if (this.#ended.signal.aborted) return bytes.length;
    // An empty chunk after a checkpoint loads the checkpoint, so that progress is reported.
    if (bytes.length > 0 || this.#resume.length > 0) void this.#open();
    return this.#isOpen ? (this.#job?.write(bytes) ?? 0) : 0;
  }

  /** Resolves when there is room for more, or the call has ended. */
  async room(): Promise<void> {
    await this.#opening;
    await this.#job?.room();
  }

  /** Finishes the analysis and sends the result. @throws {@link TallyError} if the analysis fails */
  async end(): Promise<void> {
    this.#isFileComplete = true;
    await this.#open();
    const job = this.#job;
    if (!job) return;
    clearInterval(this.#timer);
    const finished = await job.finish(this.#topCount);
    await this.#sendRejects(finished.rejects);
    // Everything that the thread has reported must be in the outbox before the result.
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
      throw new TallyError('REQUEST_INVALID', 'options must be the first message of the stream.');
    }
    checkOptions(toAnalysisOptions(options.csv, this.#limits.maxDepartments));
    this.#options = options;
    this.#topCount = topCount(options.csv);
    return options.resume.length > 0 ? this.#keepResume(options.resume) : undefined;
  }

  /** @throws {@link TallyError} REQUEST_INVALID, CHECKPOINT_INVALID */
  #addResume(part: Uint8Array): Promise<void> | undefined {
    if (this.#opening || this.#resume.length === 0) {
      throw new TallyError('REQUEST_INVALID', 'resume must follow options that begin a checkpoint, before any chunk.');
    }
    if (part.length === 0) throw new TallyError('REQUEST_INVALID', 'A part of a checkpoint is empty.');
    return this.#keepResume(part);
  }

  #keepResume(part: Uint8Array): Promise<void> | undefined {
    this.#resume.push(part);
    this.#resumeBytes += part.length;
    this.#lastBytesAt = performance.now();
    const { maxDepartments, amounts } = toAnalysisOptions(this.#options?.csv, this.#limits.maxDepartments);
    if (this.#resumeBytes <= kernelMemoryBytes({ maxRecordBytes: MAX_RECORD_BYTES, maxDepartments, amounts })) {
      return this.#resumeBytes > MAX_RESUME_WITHOUT_PLACE ? this.#place() : undefined;
    }
    throw new TallyError('CHECKPOINT_INVALID', 'The checkpoint is larger than these limits allow.');
  }

  /** Answers a checkpoint request. Resolves when the call may make another one. */
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
          // The thread may work on the last bytes after the last report: one more is due.
          this.#hasUnreported = true;
          return this.#sendRejects(rejects);
        },
        onFailed: (error) => this.fail(error),
        idleMs: () => (this.#isFileComplete || !this.#job?.isIdle ? 0 : performance.now() - this.#lastBytesAt),
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
    // The call is no longer queued: report that.
    this.#hasUnreported = true;
    this.#report();
  }

  #report(): void {
    if (!this.#hasUnreported || this.#reporting || !this.#job) return;
    this.#hasUnreported = false;
    this.#reporting = this.#sendProgress(this.#job).finally(() => (this.#reporting = undefined));
  }

  async #sendProgress(job: ThreadJob): Promise<void> {
    try {
      const snapshot = await job.snapshot(this.#topCount);
      this.responses.sendLatest(response({ case: 'progress', value: toProgress(snapshot) }));
      // A call that rests would otherwise end up with sums over time of before.
      if (snapshot.course === 'later') this.#hasUnreported = true;
    } catch {
      // The call has ended; its responses carry the error.
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
        const batch = rejects.slice(start, start + REJECTS_BATCH).map((reject) => toReject(reject));
        await this.responses.send(response({ case: 'rejects', value: { rejects: batch } }));
      }
    });
  }

  /** Runs sends one after the other, in the order of the calls. Resolves when this one is done. */
  #inOrder(send: () => Promise<void>): Promise<void> {
    this.#sending = this.#sending.then(send);
    return this.#sending;
  }
}

/** The progress of a call that has no place yet. @param queued whether it must wait for one */
function queuedProgress(queued: boolean): ProcessCsvResponse {
  return response({ case: 'progress', value: { queued, total: '0' } });
}

function response(message: ResponseMessage): ProcessCsvResponse {
  return create(ProcessCsvResponseSchema, { message });
}
