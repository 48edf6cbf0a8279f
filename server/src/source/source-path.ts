import { isAbsolute, normalize } from 'node:path';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { escapeGlob, hasWildcard, unescapeGlob } from './glob-pattern.ts';

/** The place of files that a source names. */
export interface SourcePath {
  /** The absolute path, as if no character had a meaning. */
  path: string;
  /** The glob; undefined if it has no wildcards. */
  glob: string | undefined;
}

/**
 * Reads a source: `file:///data/*.csv`, or the path alone. In a URL, `%2A` and its like stand for the character, whatever
 * it means elsewhere.
 *
 * @throws {@link TallyError} REQUEST_INVALID
 */
export function readSource(source: string): SourcePath {
  const glob = /^file:/i.test(source) ? globOfUrl(source) : source;
  if (glob.includes('\0')) throw invalid(source, 'is not a path');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(glob)) throw invalid(source, 'is of a kind that this server does not read');
  if (!isAbsolute(glob)) throw invalid(source, 'is not an absolute path');
  // What stands in a URL is no path of another system.
  const path = normalize(/^file:/i.test(source) ? unescapeGlob(glob) : glob);
  return { path, glob: hasWildcard(glob) ? glob : undefined };
}

/** The URL of a path, whatever characters it has. */
export function urlOfPath(path: string): string {
  const parts = path.split('/').map((part) => encodeURIComponent(part).replaceAll(/[*!'()]/g, percent));
  return `file://${parts.join('/')}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function globOfUrl(url: string): string {
  const rest = /^file:\/\/(?:localhost)?(\/.*)$/is.exec(url)?.[1];
  if (rest === undefined) throw invalid(url, 'names no file of this server');
  try {
    return rest
      .split(/((?:%[0-9a-f]{2})+)/i)
      .map((part, index) => (index % 2 === 1 ? escapeGlob(decodeURIComponent(part)) : checked(part)))
      .join('');
  } catch {
    throw invalid(url, 'has a "%" that is not followed by two hexadecimal digits');
  }
}

/** @throws URIError for a percent sign that stands for nothing */
function checked(part: string): string {
  decodeURIComponent(part);
  // In a URL it is a character like others.
  return part.replaceAll('\\', '\\\\');
}

function invalid(source: string, why: string): TallyError {
  return new TallyError('REQUEST_INVALID', `The source ${quoted(source)} ${why}: use file:///path/to/sales.csv.`);
}
