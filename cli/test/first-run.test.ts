/** The command in a checkout that has to be made ready, by tools that stand in for the real ones and talk a lot. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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

/**
 * Makes a checkout with stand-ins for the real tools. Returns a function that starts the command in it.
 *
 * @param install the first work of the tool that installs packages, in shell
 */
async function checkout(install = 'true') {
  for (const part of ['cli/tallystream.mjs', 'scripts']) {
    await cp(join(PROJECT, part), join(folder, part), { recursive: true });
  }
  await mkdir(join(folder, 'cli/src'), { recursive: true });
  await writeFile(join(folder, 'cli/src/main.ts'), "console.log('totals', ...process.argv.slice(2));\n");
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await mkdir(join(folder, 'tools'));
  await writeTool(join(folder, 'tools/npm'), `${install}\ntouch node_modules/.package-lock.json`);
  await writeTool(join(bin, 'buf'), 'mkdir -p gen/tallystream/v1 && touch gen/tallystream/v1/gateway_pb.ts');
  // The smallest module of all.
  await writeTool(join(bin, 'asc'), String.raw`printf '\0asm\1\0\0\0' > gen/kernel.wasm`);
  const { npm_execpath: _, ...environment } = process.env;
  const env = { ...environment, PATH: `${join(folder, 'tools')}${delimiter}${environment['PATH']}` };
  const args = [join(folder, 'cli/tallystream.mjs'), 'sum', 'sales.csv'];
  return () => promisify(execFile)(process.execPath, args, { env });
}

const TOOLS = ['npm', 'buf', 'asc'];
const saidBy = (tool: string) => new RegExp(`said by .*/${tool}\n`, 'g');

test('the output of a set-up stays out of the totals', async () => {
  const run = await checkout();
  const first = await run();
  expect(first.stdout).toBe('totals sum sales.csv\n');
  for (const tool of TOOLS) expect(first.stderr).toMatch(saidBy(tool));
  expect(await run()).toEqual({ stdout: first.stdout, stderr: '' });
});

test('of two that come first at once, one makes the checkout ready, and the other waits', async () => {
  // The installation ends only when the other one has been seen waiting.
  const run = await checkout('until [ -e waiting ]; do sleep 0.05; done');
  const runs = [run(), run()];
  for (const { child } of runs) {
    child.stderr?.on('data', (text) => {
      if (String(text).includes('Waiting for another set-up')) void writeFile(join(folder, 'waiting'), '');
    });
  }
  const ended = await Promise.all(runs);
  const said = ended.map(({ stderr }) => stderr).join('');
  for (const { stdout } of ended) expect(stdout).toBe('totals sum sales.csv\n');
  for (const tool of TOOLS) expect(said.match(saidBy(tool))).toHaveLength(1);
});

test('a set-up that was killed holds up nobody', async () => {
  const run = await checkout();
  const killed = spawn(process.execPath, ['--version']);
  await once(killed, 'exit');
  // Or its number is that of another process now.
  for (const holder of [`${killed.pid} 12345`, `${process.pid} 1`]) {
    await rm(join(folder, 'node_modules/.cache'), { recursive: true, force: true });
    await writeFile(join(folder, '.set-up.lock'), holder);
    const { stdout, stderr } = await run();
    expect(stdout).toBe('totals sum sales.csv\n');
    expect(stderr).toMatch(saidBy('npm'));
    expect(stderr).not.toContain('Waiting');
  }
  expect((await readdir(folder)).filter((name) => name.includes('lock'))).toEqual([]);
});
