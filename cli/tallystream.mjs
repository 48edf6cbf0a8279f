#!/usr/bin/env node
/**
 * `npx tallystream sum sales.csv`: makes the checkout ready where it is not, and runs the command on the Node.js that the
 * project brings. Itself it runs on any Node.js ≥ 20.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMade, wantedSteps } from '../scripts/steps.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'];

if (process.argv.slice(2).join() === '--version') {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  process.stdout.write(`tallystream ${version}\n`);
  process.exit();
}

const steps = ['--without', 'client'];
if (!wantedSteps(steps).every(isMade)) {
  const setUp = spawnSync(process.execPath, [join(ROOT, 'scripts/set-up.mjs'), ...steps], {
    // Its output is for the user and must not get into the totals.
    stdio: ['ignore', 2, 2],
  });
  if (setUp.status !== 0) process.exit(setUp.status ?? 1);
}

const own = join(ROOT, 'node_modules/.bin/node');
const options = ['--import', new URL('../scripts/compile-cache.mjs', import.meta.url).href];
const child = spawn(
  existsSync(own) ? own : process.execPath,
  [
    ...options,
    '--max-semi-space-size=1',
    '--initial-heap-size=64',
    '--expose-gc',
    join(ROOT, 'cli/src/main.ts'),
    ...process.argv.slice(2),
  ],
  // The channel closes when this process is killed, and the command ends with it.
  { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
);
for (const signal of SIGNALS) {
  // A terminal tells both, anybody else only this one; the command ends by itself, and its end is that of this one.
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
  process.stderr.write(`tallystream: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  // Ended by a signal, as the command was: a shell that runs a list of commands stops then.
  for (const each of SIGNALS) process.removeAllListeners(each);
  process.kill(process.pid, signal);
});
