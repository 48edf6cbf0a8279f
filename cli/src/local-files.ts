import * as fs from 'node:fs';
import { hasWildcard } from '../../server/src/source/glob-pattern.ts';
import { lookAtFile, NotAFile, type SourceFile } from '../../server/src/source/source-file.ts';
import { InputError, isFolder, unreadable } from './input.ts';
import { UsageError } from './settings.ts';

/**
 * The files that are named, in that order, those of a glob by their paths. A file that is called like a glob is that file.
 *
 * @returns undefined for a single input that is no regular file: standard input, a pipe, a device
 * @throws InputError, UsageError
 */
export function localFiles(inputs: readonly string[]): SourceFile[] | undefined {
  const isSingle = inputs.length === 1;
  if (inputs.includes('-')) {
    if (isSingle) return undefined;
    throw new UsageError('standard input cannot be one of several files; see --help');
  }
  const files: SourceFile[] = [];
  for (const path of inputs.flatMap(expand)) {
    const file = look(path);
    if (file) files.push(file);
    else if (isSingle) return undefined;
    else throw new InputError(`${path} is not a regular file: read it alone, or by standard input`);
  }
  return files;
}

function expand(path: string): string[] {
  if (!hasWildcard(path) || fs.existsSync(path)) return [path];
  const found = fs.globSync(path).sort();
  const files = found.filter((each) => !isFolder(each));
  if (files.length === 0) throw new InputError(`no file matches ${path}`);
  return files;
}

/** Undefined for what is there and no regular file. */
function look(path: string): SourceFile | undefined {
  if (isFolder(path)) throw new InputError(`${path} is a folder: name a file`);
  try {
    // A pipe is opened once only: its writer would take the end of a look for the end of the reader.
    if (!fs.statSync(path).isFile()) return undefined;
    return lookAtFile(path, path);
  } catch (error) {
    if (error instanceof NotAFile) return undefined;
    throw unreadable(path, error);
  }
}
