/**
 * A quick answer to whether the command line's steps are still done: a list of every file and folder that they are made of,
 * and of what they make, each with its times and size. One that differs leaves the answer to `steps.mjs`, which looks for
 * files and reads them.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, 'node_modules', '.cache', 'tallystream', 'unchanged');

/** Whether everything is as it was when it was last remembered. */
export function isUnchanged() {
  let lines;
  try {
    lines = readFileSync(STAMP, 'utf8').split('\n');
  } catch {
    return false;
  }
  return lines[0] === headOf() && lines.slice(1).every((line) => line === lineOf(line.slice(0, line.indexOf('\t'))));
}

/**
 * Looks at files and folders.
 *
 * @returns a function that has {@link isUnchanged} say so from now on, to be called when what is made of them is known to be there
 */
export function rememberUnchanged(paths) {
  const text = [headOf(), ...new Set(paths.map(lineOf))].join('\n');
  return () => {
    try {
      mkdirSync(dirname(STAMP), { recursive: true });
      // Another one may read it at the same time.
      writeFileSync(`${STAMP}.${process.pid}`, text);
      renameSync(`${STAMP}.${process.pid}`, STAMP);
    } catch {
      // Where nothing may be written, the steps are looked at each time.
    }
  };
}

/** A checkout that was copied or moved, or that another kind of machine shares, is another one. */
function headOf() {
  return `${ROOT} ${process.platform} ${process.arch}`;
}

/** A path and the state of what is there. */
function lineOf(path) {
  const stats = statSync(join(ROOT, path), { throwIfNoEntry: false });
  return `${path}\t${stats ? `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size}` : 'missing'}`;
}
