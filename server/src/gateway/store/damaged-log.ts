import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../../log.ts';
import { type LogState, readLog } from './wal-reader.ts';

const FOLDER = 'damaged-';
/** A disk that breaks does so more than once: the first copies tell the most. */
const MAX_COPIES = 3;
/** Room that stays beside a copy. */
const SPARE_BYTES = 64 * 1024 * 1024;

/**
 * Looks at the log of a database before that is opened. SQLite ends at the first damaged frame, and takes what stands
 * behind it for nothing; so where whole transactions stand there, the log of the server says how many are lost at least, and
 * copies of the files are kept for a rescue by hand.
 *
 * @param file of the database, which nobody has opened
 * @param now names the folder of the copies
 */
export async function keepDamagedLog(file: string, log: Log, now = new Date()): Promise<void> {
  const state = await stateOf(file).catch((err) => {
    log.warn({ err }, 'the log of the database could not be looked at');
    return undefined;
  });
  if (!state || state.lostTransactions === 0) return;
  const { lostTransactions, lostFrames, goodTransactions } = state;
  const copies = await keepCopies(file, now).catch((err) => `no copies were kept: ${(err as Error).message}`);
  log.error(
    { lostTransactions, lostFrames, goodTransactions, copies },
    'the log of the database is damaged: changes of jobs behind the damage are lost',
  );
}

async function stateOf(file: string): Promise<LogState | undefined> {
  const pageBytes = await pageBytesOf(file);
  if (pageBytes === undefined) return undefined;
  await using log = await openIfThere(`${file}-wal`);
  return log && (await readLog(log, pageBytes));
}

/** From the header of the database: https://www.sqlite.org/fileformat2.html#page_size */
async function pageBytesOf(file: string): Promise<number | undefined> {
  await using database = await openIfThere(file);
  const header = Buffer.alloc(18);
  if (!database || (await database.read(header, 0, header.length, 0)).bytesRead < header.length) return undefined;
  const size = header.readUInt16BE(16);
  return size === 1 ? 65_536 : size >= 512 ? size : undefined;
}

async function openIfThere(path: string) {
  return await open(path, 'r').catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

/** @returns the folder of the copies, or why there are none */
async function keepCopies(file: string, now: Date): Promise<string> {
  const folder = dirname(file);
  const before = (await readdir(folder)).filter((name) => name.startsWith(FOLDER));
  if (before.length >= MAX_COPIES) return `none, as there are ${before.length} already`;
  const files = [file, `${file}-wal`];
  const sizes = await Promise.all(files.map(async (each) => (await stat(each)).size));
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < sizes.reduce((sum, size) => sum + size, SPARE_BYTES))
    return 'none, as the disk has no room for them';
  const copies = join(folder, `${FOLDER}${now.toISOString().replaceAll(':', '-')}`);
  await mkdir(copies, { mode: 0o700 });
  for (const each of files) await copyFile(each, join(copies, basename(each)), constants.COPYFILE_FICLONE);
  return copies;
}
