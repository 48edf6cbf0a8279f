import { describeKind, type FileKind } from '../../../kernel/file-kind/file-kind.ts';
import { kindOfMediaType, OFFICE, zipKindOf } from '../../../kernel/file-kind/zip-kind.ts';
import { TallyError } from '../errors.ts';
import { ZIP } from './packed-format.ts';
import { isFolder, quoteName, type ZipEntry } from './zip-entry.ts';

/** More files that say nothing, and folders, are not looked through. */
const MAX_PASSED_OVER = 10_000;
/** The names of entries that macOS and Windows put beside files. */
const BESIDE_FILES = /^__MACOSX\/|(?:^|[/\\])(?:\.DS_Store|\._[^/\\]*|Thumbs\.db|desktop\.ini)$/i;
/** Says in OpenDocument files and e-books what they are. */
const MEDIA_TYPE_NAME = 'mimetype';
const MEDIA_TYPE_LENGTH = 200;
const ONE_FILE = 'upload each on its own, or pack only the one you want';

/** The contents of an archive, as known so far: one file that is wanted, and entries that are passed over. */
export class ZipContents {
  /** Files and folders. */
  count = 0;
  #name: string | undefined;
  #isOffice = false;
  /** The beginning of the data that is passed over at the moment. */
  #start = '';

  /**
   * Looks at the next file or folder.
   *
   * @returns whether it is the one that is wanted
   * @throws {@link TallyError} NOT_A_CSV, ZIP_INVALID
   */
  add({ name }: ZipEntry): boolean {
    this.count++;
    this.#start = '';
    const kind = zipKindOf([name]);
    if (kind === OFFICE) this.#isOffice = true;
    else if (kind && name !== MEDIA_TYPE_NAME) throw noCsv(kind);
    if (kind || isFolder(name) || BESIDE_FILES.test(name)) {
      if (this.count > MAX_PASSED_OVER) throw ZIP.invalid(`The zip archive holds ${this.count} files: ${ONE_FILE}.`);
      return false;
    }
    this.refuseDocument();
    if (this.#name !== undefined) {
      const both = `${quoteName(this.#name)} and ${quoteName(name)}`;
      throw ZIP.invalid(`The zip archive holds more than one file, ${both}: ${ONE_FILE}.`);
    }
    this.#name = name;
    return true;
  }

  /** A piece of something has come that is not wanted. */
  passOver(piece: Buffer): void {
    if (this.#start.length < MEDIA_TYPE_LENGTH) this.#start += piece.toString('latin1', 0, MEDIA_TYPE_LENGTH);
  }

  /** @throws {@link TallyError} NOT_A_CSV */
  endEntry({ name }: ZipEntry): void {
    if (name === MEDIA_TYPE_NAME) throw noCsv(kindOfMediaType(this.#start));
  }

  /** @throws {@link TallyError} NOT_A_CSV, ZIP_INVALID */
  end(): void {
    this.refuseDocument();
    if (this.#name === undefined) throw ZIP.invalid('The zip archive holds no file: pack the CSV and upload it again.');
  }

  /** @throws {@link TallyError} NOT_A_CSV for a file that is known to be a document, if not of which program */
  refuseDocument(): void {
    if (this.#isOffice) throw noCsv(OFFICE);
  }
}

function noCsv(kind: FileKind): TallyError {
  return new TallyError('NOT_A_CSV', describeKind(kind));
}
