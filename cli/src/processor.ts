import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessStream } from '../../server/src/gateway/process-stream.ts';
import { ProcessorChild } from '../../server/src/gateway/processor-child.ts';
import { Processors } from '../../server/src/gateway/processors.ts';
import { createLog } from '../../server/src/log.ts';

/** A processor for one call. */
export interface OneProcessor extends AsyncDisposable {
  open(signal: AbortSignal): Promise<ProcessStream>;
}

/**
 * Finds the processor at an address, or starts one that only this process reaches and that ends with it.
 *
 * @param url `http:`, `https:` or `unix:`; undefined to start one
 */
export async function findProcessor(url: string | undefined): Promise<OneProcessor> {
  if (url !== undefined) return connect(url, async () => {});
  const folder = mkdtempSync(join(tmpdir(), 'tallystream-'));
  const log = createLog('silent', 'cli');
  // One file is one kernel thread's work.
  const child = new ProcessorChild(folder, { WORKERS: '1', LOG_LEVEL: 'silent' }, log);
  await child.start();
  return connect(child.url, async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  });
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
