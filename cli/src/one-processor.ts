import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../server/src/log.ts';
import type { ProcessStream } from '../../server/src/processor-client/process-stream.ts';
import { ProcessorChild } from '../../server/src/processor-client/processor-child.ts';
import { Processors } from '../../server/src/processor-client/processors.ts';
import { OutputError } from '../../terminal/output.ts';

/** A processor for one call. */
export interface OneProcessor extends AsyncDisposable {
  open(signal: AbortSignal): Promise<ProcessStream>;
}

/**
 * Finds the processor at an address, or starts one that only this process reaches and that ends with it.
 *
 * @param url `http:`, `https:` or `unix:`; undefined to start one
 * @param maxDepartments what one that is started allows; 0 for its own limit
 * @throws OutputError if there is no place for its socket
 */
export async function findProcessor(url: string | undefined, maxDepartments: number): Promise<OneProcessor> {
  if (url !== undefined) return connect(url, async () => {});
  const folder = temporaryFolder();
  const log = createLog('silent', 'cli');
  // One file is one kernel thread's work.
  const limit = maxDepartments > 0 && { MAX_DEPARTMENTS: String(maxDepartments) };
  const child = new ProcessorChild(folder, { WORKERS: '1', LOG_LEVEL: 'silent', ...limit }, log);
  await child.start();
  return connect(child.url, async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'tallystream-'));
  } catch (error) {
    const { message } = error as Error;
    throw new OutputError(`cannot make a folder in ${tmpdir()}, set TMPDIR to another one: ${message}`);
  }
}

function connect(url: string, onClose: () => Promise<void>): OneProcessor {
  const processors = new Processors([url]);
  return {
    open: (signal) => processors.open(signal),
    async [Symbol.asyncDispose]() {
      processors.close();
      await onClose();
    },
  };
}
