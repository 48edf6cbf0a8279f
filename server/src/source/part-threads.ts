import { Worker } from 'node:worker_threads';
import { KernelError } from '../../../kernel/kernel.ts';
import type { Part } from '../../../kernel/parts/part.ts';
import type { PartReader } from '../../../kernel/parts/read-parts.ts';
import type { PartRequest, PartResponse, PartWorkerData } from './part-worker.ts';

/** Threads that read parts of one file. */
export class PartThreads implements AsyncDisposable {
  /** One for each thread. @throws the error of the system; an Error if the thread ends */
  readonly readers: readonly PartReader[];
  readonly #threads: readonly PartThread[];

  /** @param file whose descriptor stays open until these threads are disposed of */
  constructor(count: number, file: PartWorkerData) {
    this.#threads = Array.from({ length: count }, () => new PartThread(file));
    this.readers = this.#threads.map(
      (thread) =>
        (...request) =>
          thread.read(...request),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

/** One thread, which is asked for one part at a time. */
class PartThread {
  readonly #worker: Worker;
  #asked: PromiseWithResolvers<PartResponse> | undefined;
  /** Why it answers no more. */
  #failure: { reason: unknown } | undefined;

  constructor(file: PartWorkerData) {
    this.#worker = new Worker(new URL('./part-worker.ts', import.meta.url), { workerData: file });
    this.#worker.on('message', (response: PartResponse) => this.#asked?.resolve(response));
    this.#worker.on('messageerror', (reason) => this.#fail(reason));
    this.#worker.on('error', (reason) => this.#fail(reason));
    this.#worker.on('exit', () => this.#fail(new Error('a thread that reads parts has ended')));
  }

  async read(...[plan, range, start, maxRejects]: Parameters<PartReader>): Promise<Part> {
    if (this.#failure) throw this.#failure.reason;
    const asked = Promise.withResolvers<PartResponse>();
    this.#asked = asked;
    this.#worker.postMessage({ plan, range, start, maxRejects } satisfies PartRequest);
    const response = await asked.promise;
    if ('error' in response) {
      const { error, code, system } = response;
      throw code === undefined ? Object.assign(error, system) : new KernelError(code, error.message);
    }
    const { part, failure } = response;
    return { ...part, failure: failure && new KernelError(failure.code, failure.message) };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#asked?.reject(this.#failure.reason);
  }
}
