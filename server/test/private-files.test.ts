/** Nobody but its user reads what a server keeps. */
import { chmod, lstat, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatewayClient, totalsOf } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { TusFile } from './support/tus-file.ts';

/** Every path below a folder that others may do something with. */
async function openToOthers(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (path: string) => {
    // Some files are there for a moment only, such as a reserve that is being made.
    const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (!stats) return;
    if (stats.mode & 0o077) found.push(`${path.slice(folder.length)} ${(stats.mode & 0o777).toString(8)}`);
    if (stats.isDirectory()) for (const name of await readdir(path)) await look(join(path, name));
  };
  await look(folder);
  return found;
}

test('data folder, database with its log, uploads, socket and reserve are private, in a folder of before too', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tallystream-private-'));
  const run = async () => {
    await using server = await ServerProcess.start({ DATA_DIR: dataDir });
    await totalsOf(server.url, SALES);
    const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: 100n });
    await new TusFile(job?.id ?? '', Buffer.alloc(100, 'a,1\n'), { url: async () => server.url }).send(50);
    expect(await openToOthers(dataDir)).toEqual([]);
    await server.stop('SIGKILL');
    // As a version of before has left it.
    await chmod(dataDir, 0o755);
    for (const name of await readdir(dataDir)) await chmod(join(dataDir, name), name.includes('.') ? 0o644 : 0o755);
    for (const name of await readdir(join(dataDir, 'spool'))) await chmod(join(dataDir, 'spool', name), 0o644);
    expect((await openToOthers(dataDir)).length).toBeGreaterThan(3);
    await using again = await ServerProcess.start({ DATA_DIR: dataDir });
    await totalsOf(again.url, SALES);
    expect(await openToOthers(dataDir)).toEqual([]);
  };
  const before = process.umask(0o022);
  await run().finally(() => process.umask(before));
});

test('what others have put into the folder stays as it is', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tallystream-private-'));
  const foreign = join(dataDir, 'notes.txt');
  await writeFile(foreign, 'mine');
  await chmod(foreign, 0o644);
  await using server = await ServerProcess.start({ DATA_DIR: dataDir });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await lstat(foreign)).mode & 0o777).toBe(0o644);
  expect((await lstat(dataDir)).mode & 0o777).toBe(0o700);
});
