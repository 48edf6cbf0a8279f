/** A lock that only one process holds at a time, as a file with its number. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Between two looks at a lock that another process holds, in milliseconds. */
const LOOK_MS = 200;

/**
 * Takes a lock, waiting for whoever holds it, and keeps it until this process ends. The lock of a process that was killed
 * is taken away from it.
 *
 * @param {string} path of the lock, in a folder that is there
 * @param {() => void} onWait is called once if somebody else holds it
 */
export function takeLock(path, onWait) {
  for (let hasWaited = false; !tryToTake(path); ) {
    if (dropIfAbandoned(path)) continue;
    if (!hasWaited) onWait();
    hasWaited = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
  process.on('exit', () => rmSync(path, { force: true }));
}

function tryToTake(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
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

function dropIfAbandoned(path) {
  const holder = read(path);
  if (holder === undefined || isAlive(holder)) return holder === undefined;
  const dropped = `${path}.${process.pid}.dropped`;
  try {
    renameSync(path, dropped);
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  // Somebody else may have dropped it and taken it for itself in between.
  if (read(dropped) !== holder) renameSync(dropped, path);
  else rmSync(dropped);
  return true;
}

function read(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
