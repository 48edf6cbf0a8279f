import { Worker } from 'node:worker_threads';
import { TallyError } from '../errors.ts';
import type { AnalysisOptions, Dialect } from '../kernel/analysis.ts';
import type { KernelReject, KernelTotal } from '../kernel/kernel.ts';
import type { Log } from '../log.ts';
import type { AnalysisSnapshot, ThreadRequest, ThreadResponse } from './thread-messages.ts';

/** What a finished analysis knows besides its totals. */
export interface FinishedAnalysis {
  snapshot: AnalysisSnapshot;
  rejects: KernelReject[];
  dialect: Dialect | undefined;
}

/** One analysis on a kernel thread. Calls are answered in order; a failed analysis rejects them all. */
export interface ThreadJob {
  open(options: AnalysisOptions): Promise<void>;
  /** Takes up a chunk, whose memory goes to the thread if it owns a whole ArrayBuffer. Resolves once it is consumed. */
  push(bytes: Uint8Array): Promise<KernelReject[]>;
  snapshot(topCount: number): Promise<AnalysisSnapshot>;
  finish(topCount: number): Promise<FinishedAnalysis>;
  /** The next batch of totals after `finish`; empty after the last. */
  nextTotals(batchSize: number): Promise<KernelTotal[]>;
  /** Drops the analysis and frees its place. May be called at any time, more than once. */
  close(): void;
}

interface Pending {
  resolve(response: ThreadResponse): void;
  reject(reason: unknown): void;
}

/** The main thread's side of a kernel thread. A thread that dies is replaced at once; its jobs fail. */
export class KernelThread {
  readonly #log: Log;
  readonly #pending = new Map<number, Pending[]>();
  #worker: Worker;
  #nextJob = 1;
  #closed = false;

  constructor(log: Log) {
    this.#log = log;
    this.#worker = this.#start();
  }

  get jobCount(): number {
    return this.#pending.size;
  }

  /** Makes a place for a job; `onClosed` is called when it is free again. */
  open(onClosed: () => void): ThreadJob {
    const job = this.#nextJob++;
    const worker = this.#worker;
    this.#pending.set(job, []);
    const ask = <K extends ThreadResponse['kind']>(request: ThreadRequest, transfer: ArrayBuffer[] = []) =>
      new Promise<Extract<ThreadResponse, { kind: K }>>((resolve, reject) => {
        const pending = this.#pending.get(job);
        if (!pending || worker !== this.#worker) return reject(threadDied());
        pending.push({ resolve: resolve as Pending['resolve'], reject });
        worker.postMessage(request, transfer);
      });
    return {
      open: async (options) => void (await ask<'opened'>({ kind: 'open', job, options })),
      push: async (bytes) => (await ask<'consumed'>({ kind: 'chunk', job, bytes }, transferable(bytes))).rejects,
      snapshot: async (topCount) => (await ask<'snapshot'>({ kind: 'snapshot', job, topCount })).snapshot,
      finish: (topCount) => ask<'finished'>({ kind: 'finish', job, topCount }),
      nextTotals: async (batchSize) => (await ask<'totals'>({ kind: 'totals', job, batchSize })).totals,
      close: () => {
        if (!this.#pending.delete(job)) return;
        if (worker === this.#worker) worker.postMessage({ kind: 'close', job } satisfies ThreadRequest);
        onClosed();
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./kernel-thread.ts', import.meta.url));
    worker.on('message', (response: ThreadResponse) => this.#settle(response));
    worker.on('error', (error) => this.#log.error({ err: error }, 'a kernel thread died'));
    worker.on('exit', () => this.#replace(worker));
    return worker;
  }

  #settle(response: ThreadResponse): void {
    const pending = this.#pending.get(response.job);
    if (!pending) return;
    if (response.kind !== 'failed') {
      pending.shift()?.resolve(response);
      return;
    }
    const error = new TallyError(response.code, response.message);
    for (const waiting of pending.splice(0)) waiting.reject(error);
  }

  #replace(worker: Worker): void {
    if (worker !== this.#worker) return;
    if (!this.#closed) this.#worker = this.#start();
    for (const pending of this.#pending.values()) {
      for (const waiting of pending.splice(0)) waiting.reject(threadDied());
    }
  }
}

function threadDied(): TallyError {
  return new TallyError('PROCESSOR_CRASHED', 'The kernel thread that worked on this file ended unexpectedly: retry.');
}

/** A chunk that fills its buffer, give or take a message's few bytes around it, is handed over instead of copied. */
function transferable(bytes: Uint8Array): ArrayBuffer[] {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength <= bytes.byteLength + 64 ? [buffer] : [];
}
