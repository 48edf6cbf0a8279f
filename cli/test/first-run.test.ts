/** The command in a checkout that has to be made ready, by tools that stand in for the real ones and talk a lot. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-first-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A tool that says its name on both streams, and does something. */
async function writeTool(path: string, work: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho said by ${path}\necho told by ${path} >&2\n${work}\n`, { mode: 0o755 });
}

test('what is said while a checkout is made ready stays out of the totals', async () => {
  for (const part of ['cli/tallystream.mjs', 'scripts']) {
    await cp(join(PROJECT, part), join(folder, part), { recursive: true });
  }
  await mkdir(join(folder, 'cli/src'), { recursive: true });
  await writeFile(join(folder, 'cli/src/main.ts'), "console.log('totals', ...process.argv.slice(2));\n");
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await mkdir(join(folder, 'tools'));
  await writeTool(join(folder, 'tools/npm'), 'touch node_modules/.package-lock.json');
  await writeTool(join(bin, 'buf'), 'mkdir -p gen/tallystream/v1 && touch gen/tallystream/v1/gateway_pb.ts');
  await writeTool(join(bin, 'asc'), 'touch gen/kernel.wasm');
  const { npm_execpath: _, ...environment } = process.env;
  const env = { ...environment, PATH: `${join(folder, 'tools')}${delimiter}${environment['PATH']}` };
  const args = [join(folder, 'cli/tallystream.mjs'), 'sum', 'sales.csv'];
  const first = await promisify(execFile)(process.execPath, args, { env });
  expect(first.stdout).toBe('totals sum sales.csv\n');
  for (const tool of ['npm', 'buf', 'asc']) expect(first.stderr).toMatch(new RegExp(`said by .*/${tool}\n`));
  expect(await promisify(execFile)(process.execPath, args, { env })).toEqual({ stdout: first.stdout, stderr: '' });
});
