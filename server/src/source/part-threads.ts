import { Worker } from 'node:worker_threads';
import { KernelError, type KernelErrorCode } from '../../../kernel/kernel.ts';
import type { Part } from '../../../kernel/parts/part.ts';
import type { PartReader } from '../../../kernel/parts/read-parts.ts';
import { TallyError } from '../errors.ts';
import type { PartRequest, PartResponse } from './part-worker.ts';
import type { SourceFile } from './source-file.ts';
import { withSignedUrl } from './source-object.ts';

/** Threads that read parts of files. */
export class PartThreads implements AsyncDisposable {
  readonly #threads: readonly PartThread[];

  constructor(count: number) {
    this.#threads = Array.from({ length: count }, () => new PartThread());
  }

  /**
   * A reader for each thread.
   *
   * @param files by their place among the texts
   * @param maxBytes the most that a compressed file may unpack to
   */
  readers(files: readonly SourceFile[], maxBytes: number): PartReader[] {
    return this.#threads.map((thread) => async (plan, range, start, maxRejects) => {
      const file = await withSignedUrl(files[range.text]!);
      return await thread.read({ file, plan, range, start, maxRejects, maxBytes });
    });
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

  constructor() {
    this.#worker = new Worker(new URL('./part-worker.ts', import.meta.url));
    this.#worker.on('message', (response: PartResponse) => this.#asked?.resolve(response));
    this.#worker.on('messageerror', (reason) => this.#fail(reason));
    this.#worker.on('error', (reason) => this.#fail(reason));
    this.#worker.on('exit', () => this.#fail(new Error('a thread that reads parts has ended')));
  }

  /** @throws KernelError, {@link TallyError}, the error of the system; an Error if the thread ends */
  async read(request: PartRequest): Promise<Part> {
    if (this.#failure) throw this.#failure.reason;
    const asked = Promise.withResolvers<PartResponse>();
    this.#asked = asked;
    this.#worker.postMessage(request);
    const response = await asked.promise;
    if ('error' in response) {
      const { error, code, system } = response;
      throw code === undefined ? Object.assign(error, system) : new TallyError(code, error.message);
    }
    const { part, failure } = response;
    return { ...part, failure: failure && new KernelError(failure.code as KernelErrorCode, failure.message) };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#asked?.reject(this.#failure.reason);
  }
}
