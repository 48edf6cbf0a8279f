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
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './lock.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMPS = join(ROOT, 'node_modules', '.cache', 'tallystream');
const NEEDED_NODE = 24;
const BIN = join(ROOT, 'node_modules', '.bin');

/** No garbage collector, no run-time checks: the kernel works on a memory that the host lays out and grows. */
const KERNEL_OPTIONS = [
  ...['-o', 'gen/kernel.wasm', '-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
  ...['--importMemory', '--zeroFilledMemory', '--disableWarning', '201', '--use', 'abort='],
];

const STEPS = [
  {
    name: 'install',
    says: 'Installing packages',
    // Another platform or another npm layout needs other packages.
    inputs: ['package.json', 'package-lock.json'],
    outputs: ['node_modules/.package-lock.json'],
    run: () => runNpm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']),
  },
  {
    name: 'generate',
    says: 'Generating code from proto/',
    inputs: ['proto', 'buf.yaml', 'buf.gen.yaml', 'package-lock.json'],
    outputs: ['gen/tallystream/v1/gateway_pb.ts'],
    run: () => run(join(BIN, 'buf'), ['generate']),
  },
  {
    // After `generate`, which clears gen/.
    name: 'kernel',
    says: 'Compiling the kernel',
    inputs: ['kernel/assembly', 'package-lock.json', 'scripts/kernel-constants.mjs'],
    outputs: ['gen/kernel.wasm', 'gen/kernel-constants.ts'],
    run: () => {
      run(join(BIN, 'asc'), ['kernel/assembly/index.ts', ...KERNEL_OPTIONS]);
      run('node', ['scripts/kernel-constants.mjs']);
    },
  },
  {
    name: 'client',
    says: 'Building the page',
    inputs: ['client', 'proto', 'package-lock.json'],
    outputs: ['client/dist/index.html'],
    run: () => run(join(BIN, 'vite'), ['build', 'client', '--logLevel', 'warn']),
  },
  {
    // Only tests and benchmarks use it.
    isExtra: true,
    name: 'browser',
    says: 'Unpacking the browser for the tests',
    inputs: ['package-lock.json', 'scripts/unpack-browser.ts'],
    outputs: [],
    run: () => run('node', ['scripts/unpack-browser.ts']),
  },
];

const [only, without, extra] = ['--only', '--without', '--with'].map(optionValue);
const wanted = STEPS.filter(
  ({ name, isExtra }) => (!only || name === only) && name !== without && (!isExtra || name === extra),
);
if (!wanted.every(isMade)) {
  takeLock(join(ROOT, '.set-up.lock'), (pid) => {
    process.stderr.write(`Waiting for another set-up of this checkout (process ${pid}) ...\n`);
  });
}
for (const step of wanted) {
  makeIfChanged(step);
  if (step.name === 'install') checkNode();
}

function optionValue(option) {
  const index = process.argv.indexOf(option);
  return index < 0 ? undefined : process.argv[index + 1];
}

function isMade({ name, inputs, outputs }) {
  const stamp = join(STAMPS, name);
  const isThere = [...outputs.map((path) => join(ROOT, path)), stamp].every((path) => existsSync(path));
  return isThere && readFileSync(stamp, 'utf8') === hashOf(inputs);
}

function makeIfChanged(step) {
  if (isMade(step)) return;
  process.stderr.write(`${step.says} ...\n`);
  // Inputs that change while the step runs make it run again at the next start.
  const hash = hashOf(step.inputs);
  step.run();
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, step.name), hash);
}

function hashOf(inputs) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const path of inputs.flatMap(filesBelow)) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(join(ROOT, path))) return [];
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path))
    .filter((name) => name !== 'dist' && name !== 'node_modules' && !name.endsWith('.test.ts'))
    .sort()
    .flatMap((name) => filesBelow(`${path}/${name}`));
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
