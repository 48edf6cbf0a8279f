import { Worker } from 'node:worker_threads';
import type { AnalysisOptions } from '../../../../kernel/analysis/analysis.ts';
import type { AnalysisSnapshot, FinishedAnalysis } from '../../../../kernel/analysis/snapshot.ts';
import type { KernelReject } from '../../../../kernel/kernel.ts';
import { TallyError, toTallyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { ChunkRing } from './chunk-ring.ts';
import type { ThreadRequest, ThreadResponse, ThreadSettings, ThreadSetup } from './thread-messages.ts';
import { ThreadWatch } from './thread-watch.ts';

/** The events that a job gets from its thread. */
export interface ThreadJobEvents {
  /** A chunk was worked on. Its memory is used again when the promise resolves; if it rejects, the analysis is over. */
  onConsumed(rejects: KernelReject[]): Promise<void>;
  /** The analysis is over; every unanswered request is rejected with the same error. */
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
  /** Whether the thread has nothing left to do for the job: no bytes and no unanswered request. */
  readonly isIdle: boolean;
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
  /** All requests so far, for another thread to take up; undefined once the thread has answered one. */
  unanswered: ThreadRequest[] | undefined;
}

/** The time between two checks of a thread. */
const CHECK_MS = 1_000;
/**
 * A thread counts as hung when this many checks find it at the same request. The longest request sorts department names: a
 * million take seconds, ten million take half a minute on a busy machine.
 */
const MAX_CHECKS = 60;
/** The limit for a closed job, whose answer nobody needs, if the thread has begun on other jobs. */
const MAX_CHECKS_CLOSED = 10;
/** The limit for a closed job if the thread has begun on no other: ending the thread fails no job. */
const MAX_CHECKS_ALONE = 2;
/** A thread counts as not answering when this many checks find it at the same request. */
const UNANSWERED_CHECKS = 5;

/**
 * The main thread's side of a kernel thread. A thread that dies or hangs is replaced. The job that it worked on fails with
 * PROCESSOR_CRASHED. Jobs that it had not begun move to the new thread. All others fail with PROCESSOR_UNAVAILABLE.
 */
export class KernelThread {
  readonly #log: Log;
  readonly #settings: ThreadSettings;
  readonly #jobs = new Map<number, Opened>();
  readonly #timer: NodeJS.Timeout;
  #watch = new ThreadWatch();
  #worker: Worker;
  #nextJob = 1;
  #closed = false;

  constructor(log: Log, settings: ThreadSettings) {
    this.#log = log;
    this.#settings = settings;
    this.#worker = this.#start();
    this.#timer = setInterval(() => this.look(), CHECK_MS).unref();
  }

  /** Whether the thread answers: it has not been at one request for too many checks. */
  get isAnswering(): boolean {
    return this.#watch.ticks < UNANSWERED_CHECKS;
  }

  /** Ends a thread that hangs. Called once a second. */
  look(): void {
    const ticks = this.#watch.tick();
    const { job } = this.#watch;
    if (job === undefined || ticks < this.#maxTicks(job)) return;
    this.#log.error({ seconds: ticks }, 'a kernel thread hangs and is ended');
    const opened = this.#jobs.get(job);
    if (opened) fail(opened, new TallyError('PROCESSOR_CRASHED', 'Processing this file took far too long: retry.'));
    void this.#worker.terminate();
  }

  #maxTicks(job: number): number {
    if (this.#jobs.has(job)) return MAX_CHECKS;
    const hasOthers = [...this.#jobs.values()].some(({ unanswered }) => !unanswered);
    return hasOthers ? MAX_CHECKS_CLOSED : MAX_CHECKS_ALONE;
  }

  get jobCount(): number {
    return this.#jobs.size;
  }

  /** Adds a job to the thread. @param onClosed is called when the job is closed */
  open(events: ThreadJobEvents, onClosed: () => void): ThreadJob {
    const job = this.#nextJob++;
    const post = (request: ThreadRequest) => {
      opened.unanswered?.push(request);
      this.#worker.postMessage(request);
    };
    const ring = new ChunkRing((slot, length) => post({ kind: 'chunk', job, slot, length }));
    const opened: Opened = { ring, events, asked: [], failure: undefined, unanswered: [] };
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
      get isIdle() {
        return ring.isEmpty && opened.asked.length === 0;
      },
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
    clearInterval(this.#timer);
    await this.#worker.terminate();
  }

  #start(): Worker {
    this.#watch = new ThreadWatch();
    const setup: ThreadSetup = { ...this.#settings, statusMemory: this.#watch.memory };
    const worker = new Worker(new URL('./kernel-worker.ts', import.meta.url), { workerData: setup });
    worker.on('message', (response: ThreadResponse) => this.#receive(response));
    worker.on('error', (error) => this.#log.error({ err: error }, 'a kernel thread died'));
    worker.on('exit', () => this.#replace());
    return worker;
  }

  #receive(response: ThreadResponse): void {
    const opened = this.#jobs.get(response.job);
    if (!opened) return;
    opened.unanswered = undefined;
    try {
      this.#handOn(opened, response);
    } catch (error) {
      // A response that cannot be delivered fails its own job only.
      this.#log.error({ err: error }, 'a response of a kernel thread could not be delivered');
      fail(opened, toTallyError(error));
    }
  }

  #handOn(opened: Opened, response: ThreadResponse): void {
    const { ring, events, asked } = opened;
    if (response.kind === 'failed') fail(opened, new TallyError(response.code, response.message));
    else if (response.kind === 'consumed') {
      const onFault = (error: unknown) => {
        this.#log.error({ err: error }, 'a response of a kernel thread could not be delivered');
        fail(opened, toTallyError(error));
      };
      events.onConsumed(response.rejects).then(() => ring.release(response.slot), onFault);
    } else asked.shift()?.resolve(response);
  }

  #replace(): void {
    const { job: guilty } = this.#watch;
    if (!this.#closed) this.#worker = this.#start();
    for (const [job, opened] of this.#jobs) {
      if (job !== guilty && opened.unanswered) {
        for (const request of opened.unanswered) this.#worker.postMessage(request);
        continue;
      }
      const error =
        job === guilty
          ? new TallyError('PROCESSOR_CRASHED', 'The kernel thread that worked on this file ended unexpectedly: retry.')
          : new TallyError(
              'PROCESSOR_UNAVAILABLE',
              'The kernel thread of this file ended because of another file: retry.',
            );
      fail(opened, error);
    }
  }
}

function fail(opened: Opened, error: TallyError): void {
  if (opened.failure) return;
  opened.failure = error;
  for (const { reject } of opened.asked.splice(0)) reject(error);
  opened.ring.abandon();
  opened.events.onFailed(error);
}
