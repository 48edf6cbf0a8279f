/** A lock that only one process holds at a time, as a file that names it. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Between two looks at a lock that another process holds, in milliseconds. */
const LOOK_MS = 200;

/**
 * Takes a lock, waiting for its holder, and keeps it until this process ends. The lock of a process that was killed
 * is taken away from it.
 *
 * @param {string} path of the lock, in a folder that is there
 * @param {(pid: number) => void} onWait is called once if another process holds it
 */
export function takeLock(path, onWait) {
  for (let hasWaited = false; !tryToTake(path); ) {
    const holder = read(path);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      drop(path, holder);
      continue;
    }
    if (!hasWaited) onWait(Number.parseInt(holder, 10));
    hasWaited = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
  process.on('exit', () => rmSync(path, { force: true }));
}

function tryToTake(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, nameOf(process.pid));
  try {
    // Unlike a file that is made and written then, a link is never there without what it says.
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own);
  }
}

/** Removes a lock, but not if somebody else has removed it meanwhile and taken one of its own. */
function drop(path, holder) {
  const dropped = `${path}.${process.pid}.dropped`;
  try {
    renameSync(path, dropped);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (read(dropped) === holder) rmSync(dropped);
  else renameSync(dropped, path);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A process by its number and, where the system tells, by when it was started: numbers are given again, in containers the
 * same ones every time.
 */
function nameOf(pid) {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    // Field 22 of proc(5); the name, which may hold spaces, is field 2.
    return `${pid} ${afterName.split(' ')[19]}`;
  } catch {
    return `${pid}`;
  }
}

function isAlive(holder) {
  const pid = Number.parseInt(holder, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  return nameOf(pid) === holder;
}
