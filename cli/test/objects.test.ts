/** Objects in an object storage on the command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ObjectServer } from '../../server/test/support/object-server.ts';
import { generateSales, SALES } from '../../server/test/support/sales.ts';
import { textOf } from './text-of.ts';

const BIN = fileURLToPath(new URL('../tallystream.mjs', import.meta.url));
/** Enough for threads. */
const large = generateSales(900_000, 3, 500).csv;

let folder: string;
let storage: ObjectServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-objects-'));
  storage = await ObjectServer.start();
  storage.put('sales/2026/01.csv', SALES);
  storage.put('sales/2026/02.csv.gz', gzipSync(SALES));
  storage.put('sales/large.csv', large);
  await writeFile(join(folder, 'a.csv'), SALES);
  await writeFile(join(folder, 'large.csv'), large);
});
afterAll(async () => {
  await storage[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function run(args: string[], more: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, HOME: folder, ...storage.settings, ...more };
  const child = spawn(BIN, ['sum', ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const [code] = await exit;
  return { code, out, err };
}

const TIMES = (times: number) => `Books,${17 * times}\n"Home, Garden",${times}\nSports,${5 * times}\n`;

test('objects, globs of them and files here are one data set', async () => {
  const { code, out } = await run(['s3://sales/2026/0*.csv*', 'a.csv', 's3://sales/2026/01.csv']);
  expect(out).toBe(`Department Name,Total Number of Sales\n${TIMES(4)}`);
  expect(code).toBe(0);
});

test('a large object is read by all threads, and has the totals of the file', async () => {
  const [here, there] = await Promise.all([run(['large.csv', '--all']), run(['s3://sales/large.csv', '--all'])]);
  expect(there.out).toBe(here.out);
  expect(there.code).toBe(0);
});

test.each([
  [['s3://sales/none.csv'], {}, 'There is no object "s3://sales/none.csv"'],
  [['s3://sales/no*.csv'], {}, 'No object matches "s3://sales/no*.csv"'],
  [['s3://none/*.csv'], {}, 'There is no bucket "none"'],
  [['s3://sales/2026/'], {}, 'is a folder'],
  [['s3://S'], {}, 'has no bucket that could be one'],
  [['s3://sales/large.csv'], { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, 'no valid credentials'],
  [['s3://sales/large.csv'], { S3_ENDPOINT: 'http://127.0.0.1:1' }, 'does not answer'],
  [['-', 's3://sales/large.csv'], {}, 'is not a regular file'],
])('%j is a mistake that is told', async (args, more, words) => {
  const { code, out, err } = await run(args, more);
  expect(err).toContain(words);
  expect(out).toBe('');
  expect(code).not.toBe(0);
});
