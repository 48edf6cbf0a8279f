import { Worker } from 'node:worker_threads';
import { TallyError, toTallyError } from '../errors.ts';
import type { AnalysisOptions } from '../kernel/analysis.ts';
import type { KernelReject } from '../kernel/kernel.ts';
import type { Log } from '../log.ts';
import { ChunkRing } from './chunk-ring.ts';
import type { AnalysisSnapshot, ThreadRequest, ThreadResponse } from './thread-messages.ts';

/** What a finished analysis knows besides its totals. */
export interface FinishedAnalysis {
  snapshot: AnalysisSnapshot;
  rejects: KernelReject[];
}

/** What a job hears from its thread. */
export interface ThreadJobEvents {
  /** A chunk was worked on. Its memory is used again when the promise resolves; if it rejects, the analysis is over. */
  onConsumed(rejects: KernelReject[]): Promise<void>;
  /** The analysis is over; whatever was asked and not answered is rejected with the same error. */
  onFailed(error: TallyError): void;
}

/** One analysis on a kernel thread. */
export interface ThreadJob {
  /** @param resume an earlier checkpoint to go on from */
  open(options: AnalysisOptions, resume?: Uint8Array): void;
  /** Takes as many bytes as there is room for, and says how many. */
  write(bytes: Uint8Array): number;
  /** Resolves when there is room for more, or the analysis is over. */
  room(): Promise<void>;
  snapshot(topCount: number): Promise<AnalysisSnapshot>;
  /** The state after all that was written, and how many bytes of the file it covers. */
  checkpoint(): Promise<{ bytes: number; state: Uint8Array }>;
  /** Ends the analysis after all that was written. */
  finish(topCount: number): Promise<FinishedAnalysis>;
  /** The next batch of totals after `finish`, a TotalsBatch of processor.proto; empty after the last. */
  nextTotals(batchSize: number): Promise<Uint8Array>;
  /** Drops the analysis and frees its place. May be called at any time, more than once. */
  close(): void;
}

type Answer = Extract<ThreadResponse, { kind: 'snapshot' | 'checkpoint' | 'finished' | 'totals' }>;

interface Opened {
  ring: ChunkRing;
  events: ThreadJobEvents;
  asked: { resolve(answer: Answer): void; reject(reason: unknown): void }[];
  failure: TallyError | undefined;
}

/** The main thread's side of a kernel thread. A thread that dies is replaced at once; its jobs fail. */
export class KernelThread {
  readonly #log: Log;
  readonly #jobs = new Map<number, Opened>();
  #worker: Worker;
  #nextJob = 1;
  #closed = false;

  constructor(log: Log) {
    this.#log = log;
    this.#worker = this.#start();
  }

  get jobCount(): number {
    return this.#jobs.size;
  }

  /** Makes a place for a job; `onClosed` is called when it is free again. */
  open(events: ThreadJobEvents, onClosed: () => void): ThreadJob {
    const job = this.#nextJob++;
    const worker = this.#worker;
    const post = (request: ThreadRequest) => worker.postMessage(request);
    const ring = new ChunkRing((slot, length) => post({ kind: 'chunk', job, slot, length }));
    const opened: Opened = { ring, events, asked: [], failure: undefined };
    this.#jobs.set(job, opened);
    const ask = <K extends Answer['kind']>(request: ThreadRequest) =>
      new Promise<Extract<Answer, { kind: K }>>((resolve, reject) => {
        if (opened.failure) return reject(opened.failure);
        opened.asked.push({ resolve: resolve as (answer: Answer) => void, reject });
        post(request);
      });
    return {
      open: (options, resume) => post({ kind: 'open', job, options, memory: ring.memory, resume }),
      write: (bytes) => ring.write(bytes),
      room: () => ring.room(),
      snapshot: async (topCount) => (await ask<'snapshot'>({ kind: 'snapshot', job, topCount })).snapshot,
      checkpoint: () => {
        ring.flush();
        return ask<'checkpoint'>({ kind: 'checkpoint', job });
      },
      finish: (topCount) => {
        ring.flush();
        return ask<'finished'>({ kind: 'finish', job, topCount });
      },
      nextTotals: async (batchSize) => (await ask<'totals'>({ kind: 'totals', job, batchSize })).batch,
      close: () => {
        if (!this.#jobs.delete(job)) return;
        post({ kind: 'close', job });
        fail(opened, new TallyError('CANCELED', 'The call has ended.'));
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
    worker.on('message', (response: ThreadResponse) => this.#receive(response));
    worker.on('error', (error) => this.#log.error({ err: error }, 'a kernel thread died'));
    worker.on('exit', () => this.#replace());
    return worker;
  }

  #receive(response: ThreadResponse): void {
    const opened = this.#jobs.get(response.job);
    if (!opened) return;
    const { ring, events, asked } = opened;
    if (response.kind === 'failed') fail(opened, new TallyError(response.code, response.message));
    else if (response.kind === 'consumed') {
      const onFault = (error: unknown) => {
        this.#log.error({ err: error }, 'what a kernel thread gave could not be handed on');
        fail(opened, toTallyError(error));
      };
      events.onConsumed(response.rejects).then(() => ring.release(response.slot), onFault);
    } else asked.shift()?.resolve(response);
  }

  #replace(): void {
    if (!this.#closed) this.#worker = this.#start();
    const reason = 'The kernel thread that worked on this file ended unexpectedly: retry.';
    for (const opened of this.#jobs.values()) fail(opened, new TallyError('PROCESSOR_CRASHED', reason));
  }
}

function fail(opened: Opened, error: TallyError): void {
  if (opened.failure) return;
  opened.failure = error;
  for (const { reject } of opened.asked.splice(0)) reject(error);
  opened.ring.abandon();
  opened.events.onFailed(error);
}
