import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '../../server/src/log.ts';
import type { ProcessStream } from '../../server/src/processor-client/process-stream.ts';
import { type NodeCommand, ProcessorChild } from '../../server/src/processor-client/processor-child.ts';
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
  const child = new ProcessorChild(
    folder,
    { WORKERS: '1', LOG_LEVEL: 'silent', SOCKET_FOLDER: folder, ...limit },
    log,
    ownNode(),
  );
  await child.start();
  return connect(child.url, async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** The Node.js that the project brings, with the options of `npm start`: the one of this process may be too old for it. */
function ownNode(): NodeCommand {
  const path = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  const preloaded = [
    new URL('../../scripts/compile-cache.mjs', import.meta.url),
    new URL('../remove-folder-at-end.mjs', import.meta.url),
  ];
  return {
    path: existsSync(path) ? path : process.execPath,
    options: [
      ...preloaded.flatMap(({ href }) => ['--import', href]),
      ...['--max-semi-space-size=1', '--initial-heap-size=64', '--expose-gc'],
    ],
  };
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
