import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from './log.ts';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Anybody but the owner. */
const OTHERS = 0o077;
/** As of `/tmp`: a folder that is meant to be shared. */
const STICKY = 0o1000;
/** The names that this program gives: the folder may hold things of its owner, too. */
const OWN_NAMES = [
  'tallystream.db',
  'tallystream.db-wal',
  'tallystream.db-shm',
  'reserve',
  'checkpoint.key',
  'spool',
  'run',
];

/** For the whole process: everything that it makes is private from the first moment, be it made by a library. */
export function makeNewFilesPrivate(): void {
  process.umask(OTHERS);
}

/**
 * Makes the data folder, or takes what others may do with it away from one that is there, with all that lies in it: users'
 * files, totals and names. A file of another user stays as it is, and so does a folder that is meant to be shared.
 */
export async function makePrivate(folder: string, log: Log): Promise<void> {
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const { mode, uid } = await lstat(folder);
  if (uid !== process.getuid?.()) return;
  if (mode & STICKY) log.warn('DATA_DIR is a folder that others share: its files are private, their names are not');
  else if (mode & OTHERS) await chmod(folder, PRIVATE_FOLDER);
  for (const name of OWN_NAMES) await makeEntryPrivate(join(folder, name), uid);
}

async function makeEntryPrivate(path: string, ownUid: number): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  // A link may lead anywhere.
  if (!stats || stats.uid !== ownUid || !(stats.isDirectory() || stats.isFile())) return;
  if (stats.mode & OTHERS) await chmod(path, stats.isDirectory() ? PRIVATE_FOLDER : PRIVATE_FILE);
  if (!stats.isDirectory()) return;
  for (const name of await readdir(path)) await makeEntryPrivate(join(path, name), ownUid);
}
