import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import type { AllowedFolders } from './allowed-folders.ts';
import { expandBraces, type GlobPart, readPart, unescapeGlob } from './glob-pattern.ts';

/** Names that are looked at for one glob. */
const MAX_NAMES = 1_000_000;
/** Folders below each other. */
const MAX_DEPTH = 100;

/**
 * The paths that match a glob, each once, sorted. Nothing outside of the allowed folders is looked at: what lies there, also
 * behind a link, does not match. Hidden names match only where the glob has the point.
 *
 * @throws {@link TallyError} REQUEST_INVALID for a glob that is too wide; SOURCE_NOT_ALLOWED and SOURCE_NOT_FOUND for the
 * folder before its first wildcard; the reason of the signal
 */
export async function walkGlob(glob: string, allowed: AllowedFolders, signal: AbortSignal): Promise<string[]> {
  const globs = expandBraces(glob);
  if (!globs) throw tooWide(glob, 'has more than 100 alternatives');
  const walk = new Walk(glob, allowed, signal);
  for (const each of globs) await walk.add(each);
  return [...walk.found].sort();
}

class Walk {
  readonly found = new Set<string>();
  readonly #glob: string;
  readonly #allowed: AllowedFolders;
  readonly #signal: AbortSignal;
  /** Folders with the number of the part that is looked for in them. */
  #visited = new Set<string>();
  #parts: GlobPart[] = [];
  #names = 0;

  constructor(glob: string, allowed: AllowedFolders, signal: AbortSignal) {
    this.#glob = glob;
    this.#allowed = allowed;
    this.#signal = signal;
  }

  /** @param glob without braces */
  async add(glob: string): Promise<void> {
    const parts = glob.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.some((part) => unescapeGlob(part) === '..')) throw tooWide(this.#glob, 'has ".." in it');
    if (parts.length > MAX_DEPTH) throw tooWide(this.#glob, 'has too many parts');
    this.#parts = parts.map(readPart);
    this.#visited = new Set();
    const wild = this.#parts.findIndex((part) => typeof part === 'string' || !('literal' in part));
    // Alternatives may leave none.
    const literal = wild < 0 ? this.#parts.length - 1 : wild;
    const folder = `/${this.#parts.slice(0, literal).map(literalOf).join('/')}`;
    await this.#allowed.check(folder);
    await this.#look(folder, literal);
  }

  /** Looks in a folder for a part of the glob. */
  async #look(folder: string, index: number): Promise<void> {
    this.#signal.throwIfAborted();
    const part = this.#parts[index]!;
    const key = `${index} ${folder}`;
    if (this.#visited.has(key) || folder.split('/').length > MAX_DEPTH) return;
    this.#visited.add(key);
    const isLast = index === this.#parts.length - 1;
    if (part === 'folders') return await this.#lookBelow(folder, index, isLast);
    if ('literal' in part) return await this.#take(join(folder, part.literal), index, isLast);
    for (const { name } of await this.#namesIn(folder)) {
      if (name.startsWith('.') && !part.isHidden) continue;
      if (part.matches(name)) await this.#take(join(folder, name), index, isLast);
    }
  }

  /** Looks in a folder and in all below it; links are not followed. */
  async #lookBelow(folder: string, index: number, isLast: boolean): Promise<void> {
    if (!isLast) await this.#look(folder, index + 1);
    for (const entry of await this.#namesIn(folder)) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await this.#look(path, index);
      else if (isLast) await this.#take(path, index, true);
    }
  }

  async #take(path: string, index: number, isLast: boolean): Promise<void> {
    try {
      const stats = await stat(await this.#allowed.check(path));
      if (isLast && stats.isFile()) this.found.add(path);
      else if (isLast || !stats.isDirectory()) return;
    } catch {
      // It is not there, or not for the caller.
      return;
    }
    if (!isLast) await this.#look(path, index + 1);
  }

  async #namesIn(folder: string): Promise<Dirent[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    this.#names += entries.length;
    if (this.#names > MAX_NAMES) throw tooWide(this.#glob, `meets more than ${MAX_NAMES} names`);
    return entries;
  }
}

function literalOf(part: GlobPart): string {
  return typeof part !== 'string' && 'literal' in part ? part.literal : '';
}

function tooWide(glob: string, why: string): TallyError {
  return new TallyError('REQUEST_INVALID', `The glob ${quoted(glob)} ${why}: name fewer files.`);
}
