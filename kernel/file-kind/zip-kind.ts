import { EXPORT_ADVICE, type FileKind, NO_TABLE_ADVICE, SPREADSHEET_ADVICE } from './file-signatures.ts';

/** The signature of a file in an archive: APPNOTE.TXT §4.3.7. */
const LOCAL_HEADER = [0x50, 0x4b, 0x03, 0x04];
/**
 * The bytes behind `PK` in an archive: a file, the end of an archive without one, a part of a split one, or one that was
 * to be split and has become one part, in which a file comes then. APPNOTE.TXT §4.3.7, §4.3.16 and §8.5.
 */
const STARTS = [
  [0x03, 0x04],
  [0x05, 0x06],
  [0x07, 0x08],
  [0x30, 0x30],
];
const NAME_LENGTH_AT = 26;
const NAME_AT = 30;

const EXCEL: FileKind = { what: 'an Excel workbook', advice: SPREADSHEET_ADVICE };
/** Known by half: further names say which program it is of. */
export const OFFICE: FileKind = { what: 'an Office document', advice: SPREADSHEET_ADVICE };
const WORD: FileKind = { what: 'a Word document', advice: NO_TABLE_ADVICE };
const POWERPOINT: FileKind = { what: 'a PowerPoint presentation', advice: NO_TABLE_ADVICE };
const OPEN_DOCUMENT: FileKind = { what: 'an OpenDocument file or an e-book', advice: SPREADSHEET_ADVICE };
const APPLE: FileKind = {
  what: 'an Apple Numbers, Pages or Keynote document',
  advice: 'export it as CSV (File > Export To > CSV) and upload that',
};
const ANDROID: FileKind = { what: 'an Android app', advice: NO_TABLE_ADVICE };
const JAVA: FileKind = { what: 'a Java archive', advice: NO_TABLE_ADVICE };
const NUMPY: FileKind = { what: 'an archive of NumPy arrays', advice: EXPORT_ADVICE };
const ARCHIVE: FileKind = {
  what: 'a zip archive, packed twice or sent where nothing is unpacked',
  advice: 'unpack it and upload the CSV inside',
};

/** Which names tell what a zip archive really is. Those that tell more come first. */
const BY_NAME: readonly [RegExp, FileKind][] = [
  // A folder of the user may be called so, too.
  [/^xl\/.*\.(?:xml|rels|bin)$/, EXCEL],
  [/^word\/.*\.(?:xml|rels)$/, WORD],
  [/^ppt\/.*\.(?:xml|rels)$/, POWERPOINT],
  [/^(?:AndroidManifest\.xml|classes\.dex|resources\.arsc)$/, ANDROID],
  [/^Index(?:\.zip|\/.*\.iwa)$|^Metadata\/BuildVersionHistory\.plist$/, APPLE],
  [/^META-INF\/MANIFEST\.MF$|\.class$/, JAVA],
  [/\.npy$/, NUMPY],
  [/^mimetype$/, OPEN_DOCUMENT],
  [/^(?:\[Content_Types\]\.xml$|_rels\/|docProps\/)/, OFFICE],
];

/** The kinds of OpenDocument files and e-books, by the content of their `mimetype`. */
const BY_MEDIA_TYPE: readonly [RegExp, FileKind][] = [
  [/opendocument\.spreadsheet/, { what: 'an OpenDocument spreadsheet', advice: SPREADSHEET_ADVICE }],
  [/opendocument\.text/, { what: 'an OpenDocument text', advice: NO_TABLE_ADVICE }],
  [/opendocument\.presentation/, { what: 'an OpenDocument presentation', advice: NO_TABLE_ADVICE }],
  [/epub/, { what: 'an e-book (EPUB)', advice: NO_TABLE_ADVICE }],
];

/** The kind of a zip archive with files of these names; undefined if it is nothing but files that were packed. */
export function zipKindOf(names: readonly string[]): FileKind | undefined {
  return BY_NAME.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** Whether a file begins as zip archives do. Eight bytes are enough to tell. */
export function isZipStart(head: Uint8Array): boolean {
  const isZip = head[0] === 0x50 && head[1] === 0x4b && STARTS.some(([a, b]) => head[2] === a && head[3] === b);
  return isZip && (head[2] !== 0x30 || isLocalHeader(head, 4));
}

/** The kind of a file that begins like a zip archive, as far as its head shows it; undefined for one that does not. */
export function zipKindIn(head: Uint8Array): FileKind | undefined {
  if (!isZipStart(head)) return undefined;
  const kind = zipKindOf(namesIn(head)) ?? ARCHIVE;
  if (kind !== OPEN_DOCUMENT) return kind;
  return kindOfMediaType(new TextDecoder('latin1').decode(head.subarray(0, 200)));
}

/** The kind of an archive with a file `mimetype`, by the content of that file. */
export function kindOfMediaType(mediaType: string): FileKind {
  return BY_MEDIA_TYPE.find(([pattern]) => pattern.test(mediaType))?.[1] ?? OPEN_DOCUMENT;
}

/** The names of the files whose headers are in sight. */
function namesIn(head: Uint8Array): string[] {
  const names: string[] = [];
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  for (let at = head.indexOf(0x50); at >= 0 && at + NAME_AT <= head.length; at = head.indexOf(0x50, at + 1)) {
    if (!isLocalHeader(head, at)) continue;
    const length = view.getUint16(at + NAME_LENGTH_AT, true);
    names.push(new TextDecoder('latin1').decode(head.subarray(at + NAME_AT, at + NAME_AT + length)));
  }
  return names;
}

function isLocalHeader(head: Uint8Array, at: number): boolean {
  return LOCAL_HEADER.every((byte, index) => head[at + index] === byte);
}
