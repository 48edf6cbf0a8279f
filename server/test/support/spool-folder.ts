import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Resolves when the spool of a server holds the files of these jobs and no others. */
export async function spoolHolds(dataDir: string, ids: readonly (string | undefined)[]): Promise<void> {
  const folder = join(dataDir, 'spool');
  const wanted = [...ids].sort().join();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    readdir(folder).then((files) => files.sort().join() === wanted && resolve(), reject);
  };
  const watcher = watch(folder, look);
  look();
  try {
    await promise;
  } finally {
    watcher.close();
  }
}
