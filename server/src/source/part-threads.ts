import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KernelError } from '../../../kernel/kernel.ts';
import type { PartReader } from '../../../kernel/parts/read-parts.ts';
import type { PartRequest, PartResponse, PartWorkerData } from './part-worker.ts';

/** Threads that read parts of one file. */
export class PartThreads implements AsyncDisposable {
  /** One for each thread. @throws the error of the system; an Error if the thread ends */
  readonly readers: readonly PartReader[];
  readonly #workers: readonly Worker[];

  /** @param file whose descriptor stays open until these threads are disposed of */
  constructor(count: number, file: PartWorkerData) {
    this.#workers = Array.from({ length: count }, () => {
      const worker = new Worker(new URL('./part-worker.ts', import.meta.url), { workerData: file });
      // Whoever waits for an answer is told.
      worker.on('error', () => {});
      return worker;
    });
    this.readers = this.#workers.map((worker) => (plan, range, start) => ask(worker, { plan, range, start }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

async function ask(worker: Worker, request: PartRequest) {
  const answered = new AbortController();
  const ended = once(worker, 'exit', { signal: answered.signal }).then(() => {
    throw new Error('a thread that reads parts has ended');
  });
  ended.catch(() => {});
  try {
    worker.postMessage(request);
    // An error of the thread itself rejects the wait for its message.
    const [response] = (await Promise.race([once(worker, 'message', { signal: answered.signal }), ended])) as [
      PartResponse,
    ];
    if ('error' in response) {
      throw response.code === undefined ? response.error : new KernelError(response.code, response.error.message);
    }
    const { part, failure } = response;
    return { ...part, failure: failure && new KernelError(failure.code, failure.message) };
  } finally {
    answered.abort();
  }
}
