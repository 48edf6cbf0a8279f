/** Several files as one data set on the command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SALES } from '../../server/test/support/sales.ts';
import { textOf } from './text-of.ts';

const BIN = fileURLToPath(new URL('../tallystream.mjs', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-several-'));
  await mkdir(join(folder, '2026/below'), { recursive: true });
  await writeFile(join(folder, 'a.csv'), SALES);
  await writeFile(join(folder, '2026/01.csv'), `${SALES}x\n`);
  await writeFile(join(folder, '2026/02.csv.gz'), gzipSync(SALES));
  await writeFile(join(folder, '2026/[x].csv'), SALES);
  await writeFile(join(folder, 'other.csv'), 'Department,Sales\nBooks,1\n');
  await writeFile(join(folder, 'binary.csv'), Buffer.from('504b0304ffff', 'hex'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(BIN, ['sum', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const [code] = await exit;
  return { code, out, err };
}

const TIMES = (times: number) => `Books,${17 * times}\n"Home, Garden",${times}\nSports,${5 * times}\n`;

test.each([
  ['files by name', ['a.csv', '2026/01.csv'], 2],
  ['a glob', ['2026/*.csv*'], 3],
  ['names and globs together, packed or not', ['a.csv', '2026/0*', 'a.csv'], 4],
  ['a glob of several folders', ['{.,2026}/?(0)[a0]*.csv'], 2],
  ['a file that is called like a glob', ['2026/[x].csv'], 1],
])('%s are one data set', async (_, args, times) => {
  const { code, out, err } = await run(...args);
  expect(out).toBe(`Department Name,Total Number of Sales\n${TIMES(times)}`);
  expect(err).toContain(`${4 * times} rows, 3 departments`);
  expect(code).toBe(0);
});

test('rejected rows name their file, those of a single one do not', async () => {
  await run('a.csv', '2026/01.csv', '--rejects', 'rejects.csv');
  const offset = Buffer.byteLength(SALES);
  expect(await readFile(join(folder, 'rejects.csv'), 'utf8')).toBe(
    `Line,Byte Offset,Reason,Raw,Lines,File\n6,${offset},COLUMN_COUNT,x,1,2026/01.csv\n`,
  );
  await run('2026/01.csv', '--rejects', 'rejects.csv');
  expect(await readFile(join(folder, 'rejects.csv'), 'utf8')).toBe(
    `Line,Byte Offset,Reason,Raw,Lines\n6,${offset},COLUMN_COUNT,x,1\n`,
  );
});

test.each([
  ['a file of another header', ['a.csv', 'other.csv'], 1, 'other.csv'],
  ['a file that is not there', ['a.csv', 'none.csv'], 1, 'none.csv'],
  ['a glob without a match', ['a.csv', 'none*.csv'], 1, 'none*.csv'],
  ['a folder', ['a.csv', '2026'], 1, '2026 is a folder'],
  ['standard input among files', ['a.csv', '-'], 2, 'standard input'],
  ['a device among files', ['a.csv', '/dev/null'], 1, '/dev/null'],
  ['what is no CSV', ['a.csv', 'binary.csv'], 1, 'binary.csv'],
  ['several files for a processor', ['a.csv', 'a.csv', '--processor', 'http://127.0.0.1:1'], 2, 'one file'],
  ['rejects into one of the files', ['a.csv', '2026/01.csv', '--rejects', '2026/01.csv'], 2, 'input file'],
])('%s is refused by its name', async (_, args, code, words) => {
  const ended = await run(...args);
  expect(ended).toMatchObject({ code, out: '' });
  expect(ended.err).toContain(words);
});
