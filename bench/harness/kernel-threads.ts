import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SalesFile } from './sales-file.ts';

/** Two threads that can each total a file. */
export class KernelThreads implements AsyncDisposable {
  readonly #workers = [0, 1].map(() => new Worker(new URL('./kernel-worker.ts', import.meta.url)));

  /** How long it takes until the first so many threads have totalled the file, each the whole of it. */
  async run(sales: SalesFile, threads: number): Promise<number> {
    const startedAt = performance.now();
    await Promise.all(
      this.#workers.slice(0, threads).map(async (worker) => {
        worker.postMessage(sales);
        await once(worker, 'message');
      }),
    );
    return performance.now() - startedAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
