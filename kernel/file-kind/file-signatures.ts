import { CR, LF, SPACE, TAB } from '../ascii.ts';

/** The kind of a file that is no CSV, and advice for its owner. */
export interface FileKind {
  /** Goes on after "This is". */
  what: string;
  /** Says what to do, as a part of a sentence. */
  advice: string;
}

export const SPREADSHEET_ADVICE = 'save it as CSV (File > Save As) and upload that';
export const EXPORT_ADVICE = 'export its table as CSV and upload that';
export const NO_TABLE_ADVICE = 'upload the CSV that the figures come from';
const UNPACK_ADVICE = 'unpack it and upload the CSV inside, as it is or compressed with gzip or zip';

interface Signature {
  kind: FileKind;
  /** Bytes (or ASCII characters) that must be there. */
  bytes: readonly number[] | string;
  /** Where they are; at the beginning if left out. */
  at?: number;
  /** A further condition, for bytes that a text could begin with. */
  when?(head: Uint8Array): boolean;
}

const image = (format: string): FileKind => ({ what: `an image (${format})`, advice: NO_TABLE_ADVICE });
const archive = (format: string): FileKind => ({
  what: `an archive or compressed file (${format})`,
  advice: UNPACK_ADVICE,
});
const table = (what: string): FileKind => ({ what, advice: EXPORT_ADVICE });
const program = (format: string): FileKind => ({ what: `a program (${format})`, advice: NO_TABLE_ADVICE });

/** From the formats' own documents, and where those are hard to find from https://www.garykessler.net/library/file_sigs.html. */
const SIGNATURES: readonly Signature[] = [
  {
    bytes: [0x1f, 0x8b],
    kind: {
      what: 'gzip data, compressed twice or sent where nothing is unpacked',
      advice: 'unpack it and upload the CSV inside',
    },
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    kind: { what: 'an old Excel workbook, or another old or encrypted Office document', advice: SPREADSHEET_ADVICE },
  },
  { bytes: '%PDF-', kind: { what: 'a PDF document', advice: NO_TABLE_ADVICE } },
  { bytes: '{\\rtf', kind: { what: 'a text document (RTF)', advice: NO_TABLE_ADVICE } },
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], kind: image('PNG') },
  { bytes: [0xff, 0xd8, 0xff], kind: image('JPEG') },
  { bytes: 'GIF87a', when: hasControls, kind: image('GIF') },
  { bytes: 'GIF89a', when: hasControls, kind: image('GIF') },
  { bytes: 'WEBP', at: 8, when: (head) => hasText(head, 'RIFF', 0), kind: image('WebP') },
  { bytes: 'RIFF', when: hasControls, kind: { what: 'audio or video (RIFF)', advice: NO_TABLE_ADVICE } },
  { bytes: [0x49, 0x49, 0x2a, 0x00], kind: image('TIFF') },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], kind: image('TIFF') },
  // The four bytes behind the length are reserved and zero.
  { bytes: [0, 0, 0, 0], at: 6, when: (head) => hasText(head, 'BM', 0), kind: image('BMP') },
  // The length of a box, which is small, stands before its name: ISO/IEC 14496-12.
  {
    bytes: 'ftyp',
    at: 4,
    when: (head) => head[0] === 0 && head[1] === 0,
    kind: { what: 'an image or video (HEIC, MP4)', advice: NO_TABLE_ADVICE },
  },
  { bytes: 'PAR1', when: controlAt(4), kind: table('a Parquet file') },
  { bytes: 'ORC', when: (head) => controlAt(3)(head) || (head[3] ?? 0) >= 0x80, kind: table('an ORC file') },
  { bytes: 'Obj\x01', kind: table('an Avro file') },
  { bytes: 'ARROW1\0\0', kind: table('an Arrow or Feather file') },
  { bytes: 'FEA1', when: hasControls, kind: table('a Feather file') },
  { bytes: [0xff, 0xff, 0xff, 0xff], when: hasControls, kind: table('an Arrow stream') },
  { bytes: 'SQLite format 3\0', kind: table('an SQLite database') },
  { bytes: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], kind: table('an HDF5 file') },
  { bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], kind: table('a NumPy array') },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], kind: archive('7z') },
  { bytes: 'Rar!\x1a\x07', kind: archive('RAR') },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], kind: archive('xz') },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], kind: archive('Zstandard') },
  // The first block, or the end of a file without one, has a number of its own behind the size.
  {
    bytes: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
    at: 4,
    when: (head) => hasText(head, 'BZh', 0),
    kind: archive('bzip2'),
  },
  {
    bytes: [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
    at: 4,
    when: (head) => hasText(head, 'BZh', 0),
    kind: archive('bzip2'),
  },
  { bytes: [0x04, 0x22, 0x4d, 0x18], kind: archive('LZ4') },
  { bytes: [0x1f, 0x9d], kind: archive('compress') },
  { bytes: [0x1f, 0xa0], kind: archive('compress') },
  // The name of the first member stands at the beginning, filled up with NULs.
  { bytes: 'ustar', at: 257, when: (head) => head.subarray(0, 157).includes(0), kind: archive('tar') },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], kind: program('ELF') },
  { bytes: 'MZ', when: (head) => head.subarray(0, 64).filter(isControl).length >= 16, kind: program('Windows') },
  { bytes: [0xcf, 0xfa, 0xed, 0xfe], kind: program('macOS') },
  { bytes: [0xca, 0xfe, 0xba, 0xbe], kind: program('macOS or Java') },
  { bytes: '\0asm', kind: program('WebAssembly') },
];

/** The format whose signature a file begins with. */
export function findSignature(head: Uint8Array): FileKind | undefined {
  return SIGNATURES.find(({ bytes, at = 0, when }) => {
    const isThere = typeof bytes === 'string' ? hasText(head, bytes, at) : hasBytes(head, bytes, at);
    return isThere && (when === undefined || when(head));
  })?.kind;
}

/** Whether a byte is an ASCII control character other than white space. */
export function isControl(byte: number): boolean {
  return byte < SPACE && byte !== TAB && !(byte >= LF && byte <= CR);
}

function hasBytes(head: Uint8Array, bytes: readonly number[], at: number): boolean {
  return bytes.every((byte, index) => head[at + index] === byte);
}

function hasText(head: Uint8Array, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index++) if (head[at + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** Whether anything near the beginning is no text. */
function hasControls(head: Uint8Array): boolean {
  return head.subarray(0, 64).some(isControl);
}

function controlAt(at: number): (head: Uint8Array) => boolean {
  return (head) => at < head.length && isControl(head[at]!);
}
