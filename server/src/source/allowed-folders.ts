import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';
import { isS3Url, type ObjectPlace, readS3Url } from '../object-storage/s3-url.ts';

export interface FolderRules {
  /** The folders whose files may be read: absolute paths, or `s3://bucket/prefix`. One that is not there allows nothing. */
  folders: readonly string[];
  /** Folders that are not read even where they lie in one of those: the server's own. */
  except: readonly string[];
  /** The folder of the caller's own files, which may be read wherever it lies; empty for none. */
  own: string;
}

/** Says which files may be read. Symbolic links are followed, and count by where they lead. */
export class AllowedFolders {
  readonly #rules: FolderRules;

  constructor(rules: FolderRules) {
    this.#rules = rules;
  }

  get #folders(): string[] {
    return this.#rules.folders.filter((folder) => !isS3Url(folder));
  }

  /** The real paths of the folders that are there, without the caller's own. */
  async real(): Promise<string[]> {
    return await realPaths(this.#folders);
  }

  /** The addresses `s3://…` whose objects may be read. */
  get prefixes(): string[] {
    return this.#rules.folders.filter(isS3Url);
  }

  /** Whether an object may be read. A prefix that is allowed ends where a name ends. */
  mayReadObject(bucket: string, key: string): boolean {
    return this.#places.some((place) => place.bucket === bucket && (key === place.key || key.startsWith(place.folder)));
  }

  /** Whether all objects whose keys begin so may be read. */
  mayListObjects(bucket: string, prefix: string): boolean {
    return this.#places.some((place) => place.bucket === bucket && prefix.startsWith(place.folder));
  }

  get #places(): (ObjectPlace & { folder: string })[] {
    return this.prefixes.map((prefix) => {
      const place = readS3Url(prefix);
      return { ...place, folder: place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/` };
    });
  }

  /**
   * The real path of a file or folder. Of what lies outside nothing is told, not even whether it is there.
   *
   * @param path absolute and normalized
   * @throws {@link TallyError} SOURCE_NOT_ALLOWED, SOURCE_NOT_FOUND
   */
  async check(path: string): Promise<string> {
    const { except, own } = this.#rules;
    const folders = this.#folders;
    const [realFolders, realExcept, realOwn] = await Promise.all([
      realPaths(folders),
      realPaths(except),
      realPaths(own === '' ? [] : [own]),
    ]);
    const real = await realpath(path).catch(() => undefined);
    const mayBeRead = (candidate: string, named: readonly string[]) => {
      const isOwn = own !== '' && [...realOwn, own].some((folder) => isInside(candidate, folder));
      const isKept = [...realExcept, ...except].some((folder) => isInside(candidate, folder));
      return isOwn || (!isKept && named.some((folder) => isInside(candidate, folder)));
    };
    if (real !== undefined && mayBeRead(real, realFolders)) return real;
    if (real === undefined && mayBeRead(path, [...folders, ...realFolders])) throw notFound(path);
    throw notAllowed(path);
  }
}

async function realPaths(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  return found.filter((folder) => folder !== undefined);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

export function notFound(path: string): TallyError {
  return new TallyError('SOURCE_NOT_FOUND', `There is no file ${quoted(path)}: check the path.`);
}

export function notAllowed(path: string): TallyError {
  return new TallyError(
    'SOURCE_NOT_ALLOWED',
    `${quoted(path)} is outside of the folders that this server may read: SOURCES lists them.`,
  );
}
