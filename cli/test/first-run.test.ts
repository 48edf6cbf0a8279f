/** The command in a checkout that has to be made ready, by tools that stand in for the real ones and talk a lot. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
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

function writeSource(text: string): Promise<void> {
  return writeFile(join(folder, 'cli/src/main.ts'), `${text}\n`);
}

/** Stands in for the bundler. */
const BUNDLER = `
  import { cpSync, writeFileSync } from 'node:fs';
  console.log('said by the/bundler');
  cpSync('cli/src/main.ts', 'cli/dist/main.js');
  writeFileSync('cli/dist/part-worker.js', '');
`;

/**
 * Makes a checkout with stand-ins for the real tools. Returns a function that starts the command in it.
 *
 * @param install the first work of the tool that installs packages, in shell
 */
async function checkout(install = 'true') {
  for (const part of ['cli/tallystream.mjs', 'cli/make-ready.mjs', 'cli/own-node.mjs', 'scripts']) {
    await cp(join(PROJECT, part), join(folder, part), { recursive: true });
  }
  await mkdir(join(folder, 'cli/src'), { recursive: true });
  await writeSource("console.log('totals', ...process.argv.slice(2));");
  await writeFile(join(folder, 'scripts/bundle-command.mjs'), BUNDLER);
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

const TOOLS = ['npm', 'buf', 'asc', 'bundler'];
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

test('packages of another checkout, to which a link leads, stay as they are', async () => {
  const run = await checkout();
  await rename(join(folder, 'node_modules'), join(folder, 'elsewhere'));
  await symlink(join(folder, 'elsewhere'), join(folder, 'node_modules'));
  await expect(run()).rejects.toMatchObject({ stderr: expect.stringContaining('is a link') });
  expect(await readdir(join(folder, 'elsewhere'))).toEqual(['.bin']);
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

test('the command runs in the process that was started', async () => {
  const run = await checkout();
  await writeSource('console.log(process.ppid);');
  expect((await run()).stdout).toBe(`${process.pid}\n`);
  expect((await run()).stdout).toBe(`${process.pid}\n`);
});

test('what was edited is built again at the next start, whatever it is, and nothing else is done', async () => {
  const run = await checkout();
  await writeSource("console.log('old');");
  expect((await run()).stdout).toBe('old\n');
  // Of the same length.
  await writeSource("console.log('new');");
  const edited = await run();
  expect(edited.stdout).toBe('new\n');
  expect(edited.stderr).toMatch(saidBy('bundler'));
  expect(edited.stderr).not.toMatch(saidBy('npm'));
  await mkdir(join(folder, 'kernel/assembly'), { recursive: true });
  await writeFile(join(folder, 'kernel/assembly/index.ts'), 'more');
  expect((await run()).stderr).toMatch(saidBy('asc'));
  await writeFile(join(folder, 'kernel/assembly/new.ts'), 'more');
  expect((await run()).stderr).toMatch(saidBy('asc'));
  await rm(join(folder, 'kernel/assembly/new.ts'));
  expect((await run()).stderr).toMatch(saidBy('asc'));
  expect(await run()).toEqual({ stdout: 'new\n', stderr: '' });
});

test('what is only written again, and a test, are nothing new', async () => {
  const run = await checkout();
  const first = await run();
  await writeSource("console.log('totals', ...process.argv.slice(2));");
  await writeFile(join(folder, 'cli/src/main.test.ts'), '');
  expect(await run()).toEqual({ stdout: first.stdout, stderr: '' });
});

test.each(['cli/dist/main.js', 'cli/dist/part-worker.js', 'gen/kernel.wasm', 'node_modules/.cache'])(
  '%s is made again where it was removed',
  async (path) => {
    const run = await checkout();
    const { stdout } = await run();
    await run();
    await rm(join(folder, path), { recursive: true });
    const again = await run();
    expect(again.stdout).toBe(stdout);
    expect(again.stderr).toMatch(/said by/);
    expect(await run()).toEqual({ stdout, stderr: '' });
  },
);
