import { Worker } from 'node:worker_threads';
import { create, fromBinary } from '@bufbuild/protobuf';
import {
  type ProcessCsvResponse,
  ProcessCsvResponseSchema,
  type ProcessSourceRequest,
} from '#gen/tallystream/v1/processor_pb.ts';
import { checkOptions } from '../../../kernel/options.ts';
import { TallyError } from '../errors.ts';
import type { Log } from '../log.ts';
import { toAnalysisOptions, topCount } from '../process-csv/kernel-messages.ts';
import type { FairQueue } from '../queue/fair-queue.ts';
import type { FolderRules } from '../source/allowed-folders.ts';
import { Outbox } from './outbox.ts';
import { EncodedTotals } from './process-call.ts';
import type { SourceMessage, SourceTask } from './source-worker.ts';

export interface SourceCallSettings {
  /** Which files the caller may have read. */
  rules: FolderRules;
  maxDepartments: number;
  /** The most that a compressed file may unpack to. */
  maxBytes: number;
  /** Threads for one source. */
  threads: number;
  checkpointKey: string;
  hasLowPriority: boolean;
  /** Sources that are read at once; more wait. */
  places: FairQueue;
  log: Log;
}

/** A caller that reads nothing for so long gives its place to others that wait. */
const MAX_UNREAD_MS = 10_000;
const LOOK_MS = 1_000;
const UNREAD_TEXT = 'Nothing of the responses was read for 10 seconds while others waited: call again, and read them.';

/**
 * One call of ProcessSource, by whatever protocol. The source is read by a thread of the call, which ends with it, whatever it
 * is doing.
 */
export class SourceCall {
  /** The responses to send, in order. They end after the summary, or throw the error of the call. */
  readonly responses = new Outbox<ProcessCsvResponse | EncodedTotals>();
  readonly #ended = new AbortController();
  /** When a response began to wait for room. */
  #sendingSince: number | undefined;

  /**
   * @param request as it is, or on its way
   * @param caller places are shared out fairly among callers
   * @param signal ends the call with its reason
   */
  constructor(
    request: ProcessSourceRequest | Promise<ProcessSourceRequest>,
    settings: SourceCallSettings,
    caller: string,
    signal: AbortSignal,
  ) {
    const onAbort = () => this.fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', onAbort), { once: true });
    if (signal.aborted) onAbort();
    this.#run(request, settings, caller).catch((error) => this.fail(error));
  }

  /** Ends the call with an error. */
  fail(error: unknown): void {
    this.responses.fail(error);
    this.close();
  }

  /** Frees all that the call holds. */
  close(): void {
    this.#ended.abort(new TallyError('CANCELED', 'The call has ended.'));
  }

  async #run(
    request: ProcessSourceRequest | Promise<ProcessSourceRequest>,
    settings: SourceCallSettings,
    caller: string,
  ): Promise<void> {
    const task = toTask(await request, settings);
    // Headers go out with the first message, and the caller wants to see that its call has begun.
    this.responses.sendLatest(firstProgress(settings.places.isFull));
    const release = await settings.places.acquire(this.#ended.signal, caller);
    try {
      await this.#runThread(task, settings);
    } finally {
      release();
    }
  }

  /** Resolves when the thread has ended, and all that it has said is sent. */
  async #runThread(task: SourceTask, { log, places }: SourceCallSettings): Promise<void> {
    const worker = new Worker(new URL('./source-worker.ts', import.meta.url), { workerData: task });
    const over = Promise.withResolvers<void>();
    let sending = Promise.resolve();
    worker.on('message', (message: SourceMessage) => {
      sending = sending.then(() => this.#handOn(message)).then(() => worker.postMessage('taken'));
      sending.catch(over.reject);
      if (message.kind === 'ended') sending.then(over.resolve, () => {});
    });
    worker.on('error', (error) => {
      log.error({ err: error }, 'a thread that read a source died');
      over.reject(new TallyError('PROCESSOR_CRASHED', 'The thread that read these files ended unexpectedly: retry.'));
    });
    worker.on('exit', () => over.reject(new TallyError('CANCELED', 'The call has ended.')));
    const timer = setInterval(() => {
      if (places.waitingCount === 0 || this.#unreadMs() < MAX_UNREAD_MS) return;
      over.reject(new TallyError('CALL_IDLE', UNREAD_TEXT));
    }, LOOK_MS);
    const end = () => over.reject(this.#ended.signal.reason);
    this.#ended.signal.addEventListener('abort', end, { once: true });
    if (this.#ended.signal.aborted) end();
    try {
      await over.promise;
    } finally {
      clearInterval(timer);
      await worker.terminate();
    }
  }

  /** For how long the caller has not read what waits for it, in milliseconds. */
  #unreadMs(): number {
    return this.#sendingSince === undefined ? 0 : performance.now() - this.#sendingSince;
  }

  async #handOn(message: SourceMessage): Promise<void> {
    this.#sendingSince = performance.now();
    try {
      await this.#sendOn(message);
    } finally {
      this.#sendingSince = undefined;
    }
  }

  async #sendOn(message: SourceMessage): Promise<void> {
    switch (message.kind) {
      case 'response': {
        const response = fromBinary(ProcessCsvResponseSchema, message.bytes);
        if (message.isLatest) this.responses.sendLatest(response);
        else await this.responses.send(response);
        return;
      }
      case 'totals':
        return await this.responses.send(new EncodedTotals(message.batch));
      case 'failed':
        throw new TallyError(message.code, message.message);
      case 'ended':
        this.responses.end();
    }
  }
}

/** @throws KernelError OPTION_INVALID, ENCODING_UNKNOWN */
function toTask(request: ProcessSourceRequest, settings: SourceCallSettings): SourceTask {
  const { source, csv, resume, checkpointMs } = request;
  const { rules, maxDepartments, maxBytes, threads, checkpointKey, hasLowPriority } = settings;
  const options = toAnalysisOptions(csv, maxDepartments);
  checkOptions(options);
  return {
    source,
    rules,
    options,
    topCount: topCount(csv),
    threads,
    checkpointKey,
    resume: resume.length > 0 ? Buffer.concat(resume) : undefined,
    checkpointMs,
    maxBytes,
    hasLowPriority,
  };
}

function firstProgress(queued: boolean): ProcessCsvResponse {
  return create(ProcessCsvResponseSchema, { message: { case: 'progress', value: { queued, total: '0' } } });
}
