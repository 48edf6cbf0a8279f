/** A thread that reads parts of one file, each with a kernel of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { KernelError, type KernelErrorCode } from '../../../kernel/kernel.ts';
import { type Part, type PartPlan, type PartRange, type PartStart, readPart } from '../../../kernel/parts/part.ts';
import { FileText } from './file-text.ts';

/** The file that the thread reads. */
export interface PartWorkerData {
  descriptor: number;
  size: number;
}

export interface PartRequest {
  plan: PartPlan;
  range: PartRange;
  start: PartStart | undefined;
  maxRejects: number;
}

/** A part, or why it could not be read. A failure crosses threads by its code and message. */
export type PartResponse =
  | { part: Omit<Part, 'failure'>; failure: { code: KernelErrorCode; message: string } | undefined }
  /** `system` has what an error of the system loses on its way. */
  | { error: Error; code: KernelErrorCode | undefined; system: { code?: string; syscall?: string } };

const port = parentPort;
if (!port) throw new Error('part-worker.ts runs in a worker thread only');
const { descriptor, size } = workerData as PartWorkerData;
const text = new FileText(descriptor, size);

port.on('message', async ({ plan, range, start, maxRejects }: PartRequest) => {
  try {
    const { failure, ...part } = await readPart(text, plan, range, start, maxRejects);
    const state = Uint8Array.from(part.state);
    const response: PartResponse = {
      part: { ...part, state },
      failure: failure && { code: failure.code, message: failure.message },
    };
    port.postMessage(response, [state.buffer]);
  } catch (error) {
    const code = error instanceof KernelError ? error.code : undefined;
    const { code: name, syscall } = error as NodeJS.ErrnoException;
    port.postMessage({ error: error as Error, code, system: { code: name, syscall } } satisfies PartResponse);
  }
});
