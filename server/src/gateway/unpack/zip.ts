import { TallyError } from '../../errors.ts';
import { describeKind, type FileKind } from '../../kernel/file-kind.ts';
import { kindOfMediaType, OFFICE, zipKindOf } from '../../kernel/zip-kind.ts';
import { ByteInput } from './byte-input.ts';
import { ZIP } from './packed-format.ts';
import type { Unpacking } from './unpacked.ts';
import { readEntry } from './zip-data.ts';
import { readDirectory } from './zip-directory.ts';
import {
  DATA_DESCRIPTOR,
  isFolder,
  LOCAL_HEADER,
  quoteName,
  readLocalHeader,
  take,
  type ZipEntry,
} from './zip-entry.ts';

/** "PK00", in front of an archive that was to be split and has become one part (APPNOTE.TXT §8.5.4). */
const ONE_PART_MARK = 0x30304b50;
/** More files that say nothing, and folders, are not looked through. */
const MAX_PASSED_OVER = 10_000;
/** What macOS and Windows put beside files. */
const BESIDE_FILES = /^__MACOSX\/|(?:^|[/\\])(?:\.DS_Store|\._[^/\\]*|Thumbs\.db|desktop\.ini)$/i;
/** More of a `mimetype` is not looked at. */
const MEDIA_TYPE_LENGTH = 200;

/**
 * The text of the one file in a zip archive. The archive is read from the front, by the headers before the files, so that
 * nothing must be kept of it and it may still be arriving; that there is no second file is known at its end.
 *
 * @throws {@link TallyError} ZIP_INVALID; NOT_A_CSV for documents that are zip archives; UPLOAD_TOO_LARGE and ZIP_BOMB,
 * before more comes out than is allowed; what the source throws
 */
export async function* unzipped(source: AsyncIterable<Uint8Array>, unpacking: Unpacking): AsyncGenerator<Uint8Array> {
  const input = new ByteInput(source);
  try {
    yield* readArchive(input, unpacking);
    if (!(await input.peek(1)).length) return;
    unpacking.onTrailingGarbage('zip');
    // The upload is whole only when all of it has come.
    while (await input.take());
  } finally {
    await input.close();
  }
}

async function* readArchive(input: ByteInput, { marks, maxBytes, skip }: Unpacking): AsyncGenerator<Uint8Array> {
  const contents = new Contents();
  let position = 0;
  let length = 0;
  const onOutput = (reached: number) => (position = reached);
  let signature = await readStart(input);
  for (; signature === LOCAL_HEADER; signature = await readSignature(input)) {
    const entry = await readLocalHeader(input);
    const isWanted = contents.add(entry);
    let start = '';
    let passedOver = 0;
    for await (const piece of readEntry(input, entry, onOutput)) {
      if (isWanted) {
        const unwanted = skip - length;
        length += piece.length;
        ZIP.checkLength(length, position, maxBytes);
        marks.add(length, position);
        if (unwanted < piece.length) yield piece.subarray(Math.max(0, unwanted));
      } else {
        passedOver += piece.length;
        ZIP.checkLength(passedOver, position, maxBytes);
        if (start.length < MEDIA_TYPE_LENGTH) start += piece.toString('latin1', 0, MEDIA_TYPE_LENGTH);
      }
    }
    if (!isWanted) contents.passedOver(entry, start);
  }
  await readDirectory(input, signature, contents.count);
  contents.end();
}

/** What an archive has turned out to hold so far. */
class Contents {
  /** Files and folders. */
  count = 0;
  #name: string | undefined;
  #isOffice = false;

  /**
   * Looks at the next file or folder.
   *
   * @returns whether it is the one that is wanted
   * @throws {@link TallyError} NOT_A_CSV, ZIP_INVALID
   */
  add({ name }: ZipEntry): boolean {
    this.count++;
    const kind = zipKindOf([name]);
    if (kind === OFFICE) this.#isOffice = true;
    else if (kind && name !== 'mimetype') throw noCsv(kind);
    if (kind || isFolder(name) || BESIDE_FILES.test(name)) {
      if (this.count > MAX_PASSED_OVER) throw ZIP.invalid(`The zip archive holds ${this.count} files: ${ONE_FILE}.`);
      return false;
    }
    if (this.#isOffice) throw noCsv(OFFICE);
    if (this.#name !== undefined) {
      const both = `${quoteName(this.#name)} and ${quoteName(name)}`;
      throw ZIP.invalid(`The zip archive holds more than one file, ${both}: ${ONE_FILE}.`);
    }
    this.#name = name;
    return true;
  }

  /** @throws {@link TallyError} NOT_A_CSV */
  passedOver({ name }: ZipEntry, start: string): void {
    if (name === 'mimetype') throw noCsv(kindOfMediaType(start));
  }

  /** @throws {@link TallyError} NOT_A_CSV, ZIP_INVALID */
  end(): void {
    if (this.#isOffice) throw noCsv(OFFICE);
    if (this.#name === undefined) throw ZIP.invalid('The zip archive holds no file: pack the CSV and upload it again.');
  }
}

const ONE_FILE = 'upload each on its own, or pack only the one that is wanted';

function noCsv(kind: FileKind): TallyError {
  return new TallyError('NOT_A_CSV', describeKind(kind));
}

/** The first signature of an archive. */
async function readStart(input: ByteInput): Promise<number> {
  const signature = await readSignature(input);
  if (signature === DATA_DESCRIPTOR) {
    throw ZIP.invalid(
      'This is one part of a split zip archive: join its parts, or pack the file as one, and upload that.',
    );
  }
  return signature === ONE_PART_MARK ? await readSignature(input) : signature;
}

async function readSignature(input: ByteInput): Promise<number> {
  return (await take(input, 4)).readUInt32LE(0);
}
