/** `npm test`: every check there is, all of them even if one fails. The last line counts them together. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

interface Counts {
  passed: number;
  failed: number;
}

const OUTPUT = 'test-output';
const RESULTS = `${OUTPUT}/vitest.json`;

/** The checks, cheapest first. */
const CHECKS: { name: string; command: string[] }[] = [
  { name: 'lint and format', command: ['biome', 'ci', '.', '--colors=off'] },
  { name: 'lint of the protos', command: ['buf', 'lint'] },
  { name: 'format of the protos', command: ['buf', 'format', '--diff', '--exit-code', 'proto'] },
  { name: 'types of server, generator, bench', command: ['tsc', '-p', '.'] },
  { name: 'types of the page', command: ['tsc', '-p', 'client'] },
  { name: 'unused code and packages', command: ['knip', '--no-progress'] },
];

/** The protos must not break users of those of the main branch, if it has any. */
const BREAKING = ['buf', 'breaking', 'proto', '--against', '.git#branch=main,subdir=proto'];

function run([command = '', ...args]: string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

function check(name: string, command: string[]): Counts {
  const startedAt = performance.now();
  const isPassed = run(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${isPassed ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  return { passed: Number(isPassed), failed: Number(!isPassed) };
}

function hasMainBranch(): boolean {
  const { status } = spawnSync('git', ['cat-file', '-e', 'main:proto'], { stdio: 'ignore' });
  return status === 0;
}

function runTests(): Counts {
  const args = process.argv.slice(2);
  const isPassed = run([
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${RESULTS}`,
    ...args,
  ]);
  if (!existsSync(RESULTS)) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(RESULTS, 'utf8'));
  // A file that cannot be loaded fails without a test that does.
  return { passed, failed: failed === 0 && !isPassed ? 1 : failed };
}

rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
const all = CHECKS.map(({ name, command }) => check(name, command));
if (hasMainBranch()) all.push(check('protos compatible with main', BREAKING));
all.push(runTests());
const passed = all.reduce((sum, counts) => sum + counts.passed, 0);
const failed = all.reduce((sum, counts) => sum + counts.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
