import { glob } from 'node:fs/promises';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { type AllowedFolders, notFound } from './allowed-folders.ts';
import { lookAtFile, NotAFile, type SourceFile } from './source-file.ts';
import { folderOfGlob, isGlob, pathOfSource } from './source-path.ts';

/** The most files of one source. */
const MAX_FILES = 100_000;

/**
 * The files that a source names, in the order of their paths.
 *
 * @throws {@link TallyError} REQUEST_INVALID, SOURCE_NOT_ALLOWED, SOURCE_NOT_FOUND; the reason of the signal
 */
export async function findFiles(source: string, allowed: AllowedFolders, signal: AbortSignal): Promise<SourceFile[]> {
  const path = pathOfSource(source);
  if (!isGlob(path)) return [await fileAt(path, allowed)];
  // A file may be called so.
  try {
    return [await fileAt(path, allowed)];
  } catch {
    return await filesOfGlob(path, allowed, signal);
  }
}

async function filesOfGlob(pattern: string, allowed: AllowedFolders, signal: AbortSignal): Promise<SourceFile[]> {
  // Nothing else is walked through.
  await allowed.check(folderOfGlob(pattern));
  const paths: string[] = [];
  for await (const path of glob(pattern)) {
    signal.throwIfAborted();
    paths.push(path);
    if (paths.length > MAX_FILES) throw tooMany(pattern);
  }
  const files: SourceFile[] = [];
  for (const path of paths.sort()) {
    const file = await fileAt(path, allowed).catch((error: unknown) => {
      // A glob that matches folders too means their files only where it says so.
      if (error instanceof TallyError && error.cause instanceof NotAFile) return undefined;
      throw error;
    });
    if (file) files.push(file);
  }
  if (files.length > 0) return files;
  throw new TallyError('SOURCE_NOT_FOUND', `No file matches ${quoted(pattern)}: check the path.`);
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

function tooMany(pattern: string): TallyError {
  return new TallyError('REQUEST_INVALID', `More than ${MAX_FILES} files match ${quoted(pattern)}: name fewer.`);
}
