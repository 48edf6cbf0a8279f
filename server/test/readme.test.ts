/** The commands that the README shows, run as they stand there against a real server. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob, upload } from './support/clients.ts';
import { hasCurl } from './support/curl.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = await readFile(join(ROOT, 'README.md'), 'utf8');
/** The lines of the blocks that are marked as shell. */
const COMMANDS = [...README.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));

/** Orders of which one is older than the question asks for. */
const ORDERS =
  'Region,Date,Quantity,Unit Price,Revenue\nNorth,2025-12-31,1,1.00,1.00\nNorth,2026-01-02,2,1.50,2.90\n' +
  'North,2026-01-30,1,2.25,2.25\n';
/** Lines of the right answers to the commands without a server, by a word of the command. */
const LOCAL_ANSWERS: [word: string, line: string][] = [
  ['orders.csv', 'North,2026-01,5.15,'],
  ['january', 'Books,68'],
  ['--by Date', '{"department":"2024-01-01","sum":"15"'],
  ['', 'Books,17'],
];

let server: ServerProcess;
let folder: string;
let id: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  folder = await mkdtemp(join(tmpdir(), 'tallystream-readme-'));
  await mkdir(join(folder, '2026'));
  for (const name of ['sales.csv', 'january.csv', '2026/03.csv', '2026/04.csv']) {
    await writeFile(join(folder, name), SALES);
  }
  await writeFile(join(folder, 'orders.csv'), ORDERS);
  await writeFile(join(folder, 'february.csv.gz'), gzipSync(SALES));
  await symlink(join(ROOT, 'proto'), join(folder, 'proto'));
  ({ id } = await upload(server.url, SALES, '?filename=sales.csv'));
  await endedJob(server.url, id);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function shell(command: string): Promise<string> {
  return await bash(command.replaceAll('http://127.0.0.1:8080', server.url), folder);
}

async function bash(command: string, cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], {
    cwd,
    env: { ...process.env, ID: id },
  });
  return stdout;
}

test('the README has curl and buf curl examples', () => {
  expect(COMMANDS.filter((command) => command.startsWith('curl')).length).toBeGreaterThanOrEqual(6);
  expect(COMMANDS.filter((command) => command.startsWith('buf curl')).length).toBeGreaterThanOrEqual(4);
});

const isLocal = (command: string) => command.includes('npx tallystream');

test.each(COMMANDS.filter(isLocal))('%s', async (command) => {
  const output = await bash(
    command.replaceAll(/[\w*/]+\.csv(\.gz)?/g, (name) => join(folder, name)),
    ROOT,
  );
  expect(output).toContain(LOCAL_ANSWERS.find(([word]) => command.includes(word))?.[1]);
});

const usesCurl = (command: string) => /(?:^|\| )curl /.test(command);

test.runIf(hasCurl).each(COMMANDS.filter(usesCurl))('%s', tryCommand);
test.each(COMMANDS.filter((command) => !isLocal(command) && !usesCurl(command)))('%s', tryCommand);

async function tryCommand(command: string): Promise<void> {
  const output = await shell(command);
  if (command.includes('--list-methods')) expect(output).toContain('tallystream.v1.ProcessorService/ProcessCsv');
  else if (command.includes('totals.csv')) expect(output).toContain('Books,17');
  else {
    const json = JSON.parse(output);
    // Any answer will do that is no error.
    expect(json.message).toBeUndefined();
    if (command.includes('ListTotals')) expect(json.totals[0]).toMatchObject({ department: 'Books', sum: '17' });
    if (command.includes('/upload')) {
      expect((await endedJob(server.url, json.id)).total).toBe('23');
    }
  }
}
