import { isAbsolute, normalize } from 'node:path';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';

/** The characters that make a path a glob. */
const GLOB_CHARACTERS = /[*?[\]{}]/;

/**
 * The absolute path or glob that a source names: `file:///data/*.csv`, or the path alone. In a URL, `%2A` and its like stand
 * for the character.
 *
 * @throws {@link TallyError} REQUEST_INVALID
 */
export function pathOfSource(source: string): string {
  const path = /^file:/i.test(source) ? pathOfUrl(source) : source;
  if (path.includes('\0')) throw invalid(source, 'is not a path');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) throw invalid(source, 'is of a kind that this server does not read');
  if (!isAbsolute(path)) throw invalid(source, 'is not an absolute path');
  return normalize(path);
}

function pathOfUrl(url: string): string {
  const rest = /^file:\/\/(?:localhost)?(\/.*)$/is.exec(url)?.[1];
  if (rest === undefined) throw invalid(url, 'names no file of this server');
  try {
    return decodeURIComponent(rest);
  } catch {
    throw invalid(url, 'has a "%" that is not followed by two hexadecimal digits');
  }
}

function invalid(source: string, why: string): TallyError {
  return new TallyError('REQUEST_INVALID', `The source ${quoted(source)} ${why}: use file:///path/to/sales.csv.`);
}

/** Whether a path names more than one file, unless there is one of just this name. */
export function isGlob(path: string): boolean {
  return GLOB_CHARACTERS.test(path);
}

/** The folder in which all that a glob matches lies: what stands before its first part with a wildcard. */
export function folderOfGlob(glob: string): string {
  const parts = glob.split('/');
  const wild = parts.findIndex((part) => isGlob(part));
  return parts.slice(0, wild).join('/') || '/';
}
