import { mkdtemp, open, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SpoolRemoval } from './removal.ts';

let folder: string;
let removal: SpoolRemoval;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-removal-'));
  removal = new SpoolRemoval();
});
afterEach(() => rm(folder, { recursive: true }));

async function writeFile(name: string, bytes: number): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w');
  await file.truncate(bytes);
  await file.close();
  return path;
}

/** The files of the folder that this process has open, as Linux names them. */
async function openFiles(): Promise<string[]> {
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder));
}

test('a name is gone at once, and the space given back in steps until nothing of the file is left', async () => {
  const path = await writeFile('large', 300_000_000);
  const watcher = await open(path, 'r');
  await removal.remove(path);
  expect(await readdir(folder)).toEqual([]);
  // The watcher's is left.
  await expect.poll(openFiles).toHaveLength(1);
  const { size, nlink } = await watcher.stat();
  await watcher.close();
  expect(nlink).toBe(0);
  // The last step is the closing.
  expect(size).toBeLessThanOrEqual(64 * 1024 * 1024);
  expect(await openFiles()).toEqual([]);
});

test('several files, one of them not there, are removed whatever the order', async () => {
  const paths = await Promise.all(['a', 'b', 'c'].map((name) => writeFile(name, 200_000_000)));
  await Promise.all([...paths, join(folder, 'none'), ...paths].map((path) => removal.remove(path)));
  expect(await readdir(folder)).toEqual([]);
  await expect.poll(openFiles).toEqual([]);
});

test('what is no file cannot be removed, and stays', async () => {
  await expect(removal.remove(folder)).rejects.toThrow();
  expect((await stat(folder)).isDirectory()).toBe(true);
});
