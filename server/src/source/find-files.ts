import { setImmediate as immediate } from 'node:timers/promises';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { isS3Url } from '../object-storage/s3-url.ts';
import { type AllowedFolders, notFound } from './allowed-folders.ts';
import { findObjects } from './find-objects.ts';
import { lookAtFile, NotAFile, type SourceFile } from './source-file.ts';
import { readSource } from './source-path.ts';
import { walkGlob } from './walk-glob.ts';

/** The most files of one source. */
const MAX_FILES = 100_000;
/** Files that are looked at before others have their turn. */
const FILES_PER_TURN = 20;

/**
 * The files that a source names, in the order of their paths; one that has several names once.
 *
 * @throws {@link TallyError} REQUEST_INVALID, SOURCE_NOT_ALLOWED, SOURCE_NOT_FOUND, SOURCE_UNAVAILABLE; the reason of
 * the signal
 */
export async function findFiles(source: string, allowed: AllowedFolders, signal: AbortSignal): Promise<SourceFile[]> {
  if (isS3Url(source)) return await findObjects(source, allowed, signal);
  const { path, glob } = readSource(source);
  if (glob === undefined) return [await fileAt(path, allowed)];
  // A file may be called so.
  try {
    return [await fileAt(path, allowed)];
  } catch {
    return await filesOfGlob(glob, allowed, signal);
  }
}

async function filesOfGlob(glob: string, allowed: AllowedFolders, signal: AbortSignal): Promise<SourceFile[]> {
  const paths = await walkGlob(glob, allowed, signal);
  if (paths.length > MAX_FILES) {
    throw new TallyError('REQUEST_INVALID', `More than ${MAX_FILES} files match ${quoted(glob)}: name fewer.`);
  }
  const files = new Map<string, SourceFile>();
  for (const [index, path] of paths.entries()) {
    const file = await fileAt(path, allowed);
    const { device, inode } = file.identity;
    if (!files.has(`${device} ${inode}`)) files.set(`${device} ${inode}`, file);
    if (index % FILES_PER_TURN !== 0) continue;
    await immediate();
    signal.throwIfAborted();
  }
  if (files.size > 0) return [...files.values()];
  throw new TallyError('SOURCE_NOT_FOUND', `No file matches ${quoted(glob)}: check the path.`);
}

async function fileAt(path: string, allowed: AllowedFolders): Promise<SourceFile> {
  const real = await allowed.check(path);
  try {
    return { ...lookAtFile(real, path.split('/').at(-1) ?? path), path: real };
  } catch (cause) {
    if (cause instanceof NotAFile)
      throw new TallyError('SOURCE_NOT_FOUND', `${quoted(path)} is not a file: name a file.`, { cause });
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw notFound(path);
    if (code === 'EACCES')
      throw new TallyError('SOURCE_NOT_FOUND', `${quoted(path)} cannot be read by the server: check its permissions.`);
    throw cause;
  }
}
