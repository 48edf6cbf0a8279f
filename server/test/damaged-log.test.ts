/** Bits that flip in the log of the database while nothing runs. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatewayClient } from './support/clients.ts';
import { ServerProcess } from './support/server-process.ts';

const PAGE_BYTES = 4096;

test('a server that starts with a damaged log says how much is lost, keeps the files, and serves the rest', async () => {
  const first = await ServerProcess.start();
  const client = gatewayClient(first.url);
  const path = join(first.dataDir, 'tallystream.db-wal');
  let made = 0;
  // An idle server has no log.
  while (made < 20 || statSync(path).size < 30 * PAGE_BYTES) {
    await client.createJob({ filename: `${made}.csv`, sizeBytes: 10n });
    made++;
  }
  await first.stop('SIGKILL');
  const log = readFileSync(path);
  const at = log.length - 10 * PAGE_BYTES;
  log[at] = (log[at] ?? 0) ^ 1;
  writeFileSync(path, log);
  await using second = await ServerProcess.start({ DATA_DIR: first.dataDir });
  const line = second.log.find((entry) => entry.includes('damaged')) ?? '{}';
  const { lostTransactions, copies } = JSON.parse(line) as { lostTransactions: number; copies: string };
  expect(lostTransactions).toBeGreaterThan(0);
  expect(readFileSync(join(copies, 'tallystream.db-wal')).equals(log)).toBe(true);
  const { jobs } = await gatewayClient(second.url).listJobs({ pageSize: 1000 });
  expect(jobs.length).toBeLessThan(made);
  // The one that is damaged itself is not counted.
  expect(jobs.length).toBeGreaterThanOrEqual(made - lostTransactions - 1);
  await second.stop('SIGKILL');
  // A kill alone is no damage.
  await using third = await ServerProcess.start({ DATA_DIR: first.dataDir });
  expect(third.log.join('')).not.toContain('damaged');
  expect((await readdir(first.dataDir)).filter((name) => name.startsWith('damaged'))).toHaveLength(1);
});
