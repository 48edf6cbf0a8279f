import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';

/** The folders whose files may be read. Symbolic links are followed, and count by where they lead. */
export class AllowedFolders {
  readonly #folders: readonly string[];

  /** @param folders absolute paths; one that is not there allows nothing */
  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** The real paths of the folders that are there. */
  async real(): Promise<string[]> {
    const found = await Promise.all(this.#folders.map((folder) => realpath(folder).catch(() => undefined)));
    return found.filter((folder) => folder !== undefined);
  }

  /**
   * The real path of a file or folder. Of what lies outside nothing is told, not even whether it is there.
   *
   * @param path absolute and normalized
   * @throws {@link TallyError} SOURCE_NOT_ALLOWED, SOURCE_NOT_FOUND
   */
  async check(path: string): Promise<string> {
    const folders = await this.real();
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && folders.some((folder) => isInside(real, folder))) return real;
    const isNamedInside = [...this.#folders, ...folders].some((folder) => isInside(path, folder));
    if (real === undefined && isNamedInside) throw notFound(path);
    throw notAllowed(path);
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

export function notFound(path: string): TallyError {
  return new TallyError('SOURCE_NOT_FOUND', `There is no file ${quoted(path)}: check the path.`);
}

function notAllowed(path: string): TallyError {
  return new TallyError(
    'SOURCE_NOT_ALLOWED',
    `${quoted(path)} is outside of the folders that this server may read: SOURCES lists them.`,
  );
}
