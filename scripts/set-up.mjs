/**
 * Makes a checkout ready to run: installs packages, generates code, builds the page; each only when what it is made from
 * has changed. Runs before `npm start`, `npm test` and the others, on any Node.js ≥ 20 and without any package, because
 * the packages (with the Node.js that everything else runs on) come from here.
 *
 *   node scripts/set-up.mjs [--only install] [--without client] [--with browser]
 *
 * Two at once wait for each other.
 */
import { spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';
import { isMade, makeIfChanged, ROOT, wantedSteps } from './steps.mjs';

const NEEDED_NODE = 24;
const MODULES = join(ROOT, 'node_modules');
const BIN = join(MODULES, '.bin');

/** No garbage collector, no run-time checks: the kernel works on a memory that the host lays out and grows. */
const KERNEL_OPTIONS = [
  ...['-o', 'gen/kernel.wasm', '-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
  ...['--importMemory', '--zeroFilledMemory', '--disableWarning', '201', '--use', 'abort='],
  // Where memory.ts has room for what the compiler places.
  ...['--memoryBase', '3584'],
];

/** How each step is done. */
const RUNS = {
  install: () => {
    if (lstatSync(MODULES, { throwIfNoEntry: false })?.isSymbolicLink()) {
      fail(
        `${MODULES} is a link, and has other packages than this checkout wants: install them where it leads, or unlink it.`,
      );
    }
    runNpm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);
  },
  generate: () => run(join(BIN, 'buf'), ['generate']),
  kernel: () => {
    run(join(BIN, 'asc'), ['kernel/assembly/index.ts', ...KERNEL_OPTIONS]);
    run('node', ['scripts/kernel-constants.mjs']);
  },
  command: () => run('node', ['scripts/bundle-command.mjs']),
  client: () => run(join(BIN, 'vite'), ['build', 'client', '--logLevel', 'warn']),
  browser: () => run('node', ['scripts/unpack-browser.ts']),
};

const wanted = wantedSteps(process.argv.slice(2));
if (!wanted.every(isMade)) {
  takeLock(join(ROOT, '.set-up.lock'), (pid) => {
    process.stderr.write(`Waiting for another set-up of this checkout (process ${pid}) ...\n`);
  });
}
for (const step of wanted) {
  makeIfChanged(step, RUNS[step.name]);
  if (step.name === 'install') checkNode();
}

/** The pinned Node.js is a package; where its install was blocked, the machine's own must do. */
function checkNode() {
  const result = spawnSync(join(BIN, 'node'), ['--version'], { encoding: 'utf8' });
  const version = result.status === 0 ? result.stdout.trim() : process.version;
  if (Number.parseInt(version.slice(1), 10) >= NEEDED_NODE) return;
  fail(
    `Tallystream needs Node.js ${NEEDED_NODE} or newer, this machine has ${version} and the package "node" could not be installed: allow its install script or install Node.js ${NEEDED_NODE}.`,
  );
}

/** The npm that runs this script, or the one on the path if it was started without. */
function runNpm(args) {
  const { npm_execpath: npm } = process.env;
  if (npm) run(process.execPath, [npm, ...args]);
  else run('npm', args);
}

function run(command, args) {
  // A started program finds the pinned Node.js first.
  const env = { ...process.env, PATH: `${BIN}:${process.env.PATH}` };
  // The output here does not belong to that of the command behind it.
  const { status, error } = spawnSync(command, args, { cwd: ROOT, env, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
