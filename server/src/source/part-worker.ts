/** A thread that reads parts of files, each with a kernel of its own. */
import { parentPort } from 'node:worker_threads';
import type { Part, PartPlan, PartRange, PartStart } from '../../../kernel/parts/part.ts';
import { type ErrorCode, isErrorCode } from '../errors.ts';
import { FilePartReader } from './part-reader.ts';
import type { SourceFile } from './source-file.ts';

export interface PartRequest {
  file: SourceFile;
  plan: PartPlan;
  range: PartRange;
  start: PartStart | undefined;
  maxRejects: number;
  /** The most that a compressed file may unpack to. */
  maxBytes: number;
}

/** A part, or why it could not be read. Errors cross threads by their code and message. */
export type PartResponse =
  | { part: Omit<Part, 'failure'>; failure: { code: ErrorCode; message: string } | undefined }
  /** `system` has what an error of the system loses on its way. */
  | { error: Error; code: ErrorCode | undefined; system: { code?: string; syscall?: string } };

const port = parentPort;
if (!port) throw new Error('part-worker.ts runs in a worker thread only');
const reader = new FilePartReader();

port.on('message', async ({ file, plan, range, start, maxRejects, maxBytes }: PartRequest) => {
  try {
    const { failure, ...part } = await reader.read(file, maxBytes, plan, range, start, maxRejects);
    const response: PartResponse = {
      part,
      failure: failure && { code: failure.code, message: failure.message },
    };
    port.postMessage(response, [part.state.buffer as ArrayBuffer]);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    const known = isErrorCode(code) ? code : undefined;
    port.postMessage({ error: error as Error, code: known, system: { code, syscall } } satisfies PartResponse);
  }
});
