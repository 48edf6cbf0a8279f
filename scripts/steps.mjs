/** The steps that make a checkout ready to run, and whether each has been done: what a step is made from has not changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMPS = join(ROOT, 'node_modules', '.cache', 'tallystream');

const STEPS = [
  {
    name: 'install',
    says: 'Installing packages',
    // Another platform or another npm layout needs other packages.
    inputs: ['package.json', 'package-lock.json'],
    outputs: ['node_modules/.package-lock.json'],
  },
  {
    name: 'generate',
    says: 'Generating code from proto/',
    inputs: ['proto', 'buf.yaml', 'buf.gen.yaml', 'package-lock.json'],
    outputs: ['gen/tallystream/v1/gateway_pb.ts'],
  },
  {
    // After `generate`, which clears gen/.
    name: 'kernel',
    says: 'Compiling the kernel',
    inputs: ['kernel/assembly', 'package-lock.json', 'scripts/kernel-constants.mjs'],
    outputs: ['gen/kernel.wasm', 'gen/kernel-constants.ts'],
  },
  {
    // After `generate` and `kernel`, whose code it holds.
    name: 'command',
    says: 'Building the command line',
    inputs: ['cli/src', 'gen', 'kernel', 'server/src', 'terminal', 'package-lock.json', 'scripts/bundle-command.mjs'],
    outputs: ['cli/dist/main.js', 'cli/dist/part-worker.js'],
  },
  {
    name: 'client',
    says: 'Building the page',
    inputs: ['client', 'proto', 'package-lock.json'],
    outputs: ['client/dist/index.html'],
  },
  {
    // Only tests and benchmarks use it.
    isExtra: true,
    name: 'browser',
    says: 'Unpacking the browser for the tests',
    inputs: ['package-lock.json', 'scripts/unpack-browser.ts'],
    outputs: [],
  },
];

/**
 * The steps that are wanted.
 *
 * @param args `--only NAME`, `--without NAME`, `--with NAME`
 */
export function wantedSteps(args) {
  const [only, without, extra] = ['--only', '--without', '--with'].map((option) => optionValue(args, option));
  return STEPS.filter(
    ({ name, isExtra }) => (!only || name === only) && name !== without && (!isExtra || name === extra),
  );
}

function optionValue(args, option) {
  const index = args.indexOf(option);
  return index < 0 ? undefined : args[index + 1];
}

/** Whether a step is done. Files of the same time and size are not read again. */
export function isMade(step) {
  if (![...step.outputs.map((path) => join(ROOT, path)), stampOf(step)].every((path) => existsSync(path))) return false;
  const [hash, seen] = readFileSync(stampOf(step), 'utf8').split('\n');
  if (seen === lookOf(step)) return true;
  if (hash !== hashOf(step)) return false;
  try {
    writeStamp(step, hash);
  } catch {
    // Where nothing may be written, the contents are looked at each time.
  }
  return true;
}

/** All files and folders of which one changes when the step has to be done again. */
export function pathsOf({ inputs, outputs, ...step }) {
  return [...inputs.flatMap(pathsBelow), ...outputs, relative(ROOT, stampOf(step))];
}

/** Does a step by `run`, unless it is done. Inputs that change while it runs make it run again at the next start. */
export function makeIfChanged(step, run) {
  if (isMade(step)) return;
  process.stderr.write(`${step.says} ...\n`);
  const hash = hashOf(step);
  const look = lookOf(step);
  run();
  writeStamp(step, hash, look);
}

function writeStamp(step, hash, look = lookOf(step)) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(stampOf(step), `${hash}\n${look}`);
}

function stampOf({ name }) {
  return join(STAMPS, name);
}

/** The times and sizes of all inputs, and of the folders that they are in. */
function lookOf({ inputs }) {
  const hash = createHash('sha256').update(ROOT);
  for (const path of inputs.flatMap(filesBelow)) {
    const { mtimeMs, ctimeMs, size } = statSync(join(ROOT, path));
    hash.update(`\0${path} ${mtimeMs} ${ctimeMs} ${size}`);
  }
  return hash.digest('hex');
}

function hashOf({ inputs }) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const path of inputs.flatMap(filesBelow)) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

function filesBelow(path) {
  return pathsBelow(path).filter((each) => !isFolder(each) && existsSync(join(ROOT, each)));
}

/** A path and, if it is a folder, all below it but for tests and what is made. */
function pathsBelow(path) {
  if (!isFolder(path)) return [path];
  const names = readdirSync(join(ROOT, path))
    .filter((name) => name !== 'dist' && name !== 'node_modules' && !name.endsWith('.test.ts'))
    .sort();
  return [path, ...names.flatMap((name) => pathsBelow(`${path}/${name}`))];
}

function isFolder(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
