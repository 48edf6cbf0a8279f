import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tallystream-generator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
}

test('a file and its truth are written, with a line that says so', () => {
  const out = join(folder, 'a.csv');
  const { status, stderr, stdout } = run('--rows', '1k', '--out', out, '--totals', join(folder, 'truth.json'));
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  const bytes = readFileSync(out);
  expect(stderr).toMatch(new RegExp(`^1,000 rows, ${bytes.length.toLocaleString('en')} bytes in .* MB/s\n$`));
  expect(JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'))).toMatchObject({ rows: 1000, rowsRejected: 0 });
});

test('the truth can be a CSV', () => {
  const totals = join(folder, 'truth.csv');
  run('--rows', '1k', '--departments', '3', '--quoted', '1', '--out', join(folder, 'b.csv'), '--totals', totals);
  const text = readFileSync(totals, 'utf8');
  expect(text).toMatch(/^Department Name,Total Number of Sales,Count\n/);
  expect(text).toMatch(/^Sports,\d+\.00,\d+$/m);
  expect(text).toMatch(/^"[^"]+\nannex",\d+\.00,\d+$/m);
});

test('- is standard output', () => {
  const { stdout } = run('--rows', '10', '--out', '-');
  expect(stdout.split('\n')).toHaveLength(12);
});

test('a reader that has had enough ends the generator without an error', async () => {
  const child = spawn(process.execPath, [MAIN, '--rows', '100M', '--out', '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
});

test('a folder that does not exist is a clear error', () => {
  const { status, stderr } = run('--rows', '1', '--out', join(folder, 'no', 'a.csv'));
  expect(status).toBe(1);
  expect(stderr).toMatch(/^cannot write .*a\.csv: its folder does not exist\n$/);
});

test.runIf(existsSync('/dev/full'))('a full disk is a clear error', () => {
  const { status, stderr } = run('--rows', '1', '--out', '/dev/full');
  expect(status).toBe(1);
  expect(stderr).toMatch(/disk is full/);
});

test('a bad value ends with 2 and a sentence', () => {
  const { status, stderr, stdout } = run('--rows', 'x');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe('--rows is "x"; use a whole number from 0, such as 500, 10k or 2.5M\n');
});

test('--help lists every option', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  for (const name of ['rows', 'size', 'departments', 'out', 'seed', 'decimals', 'quoted', 'malformed', 'totals']) {
    expect(stdout).toContain(`--${name} <`);
  }
});
