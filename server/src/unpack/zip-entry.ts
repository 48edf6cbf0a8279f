import type { TallyError } from '../errors.ts';
import type { ByteInput } from './byte-input.ts';
import { ZIP } from './packed-format.ts';

/** Signatures of APPNOTE.TXT, as the numbers that they are in the file (little endian). */
export const LOCAL_HEADER = 0x04034b50;
export const DATA_DESCRIPTOR = 0x08074b50;
export const CENTRAL_HEADER = 0x02014b50;
export const EXTRA_DATA = 0x08064b50;
export const SIGNATURE_RECORD = 0x05054b50;
export const END_64 = 0x06064b50;
export const END_64_LOCATOR = 0x07064b50;
export const END = 0x06054b50;

export const STORED = 0;
const DEFLATED = 8;
/** The names of other compression methods, by APPNOTE.TXT §4.4.5. */
const METHODS: Record<number, string> = { 9: 'Deflate64', 12: 'bzip2', 14: 'LZMA', 93: 'Zstandard', 95: 'xz' };

const HEADER_BYTES = 26;
const FLAG_ENCRYPTED = 0x0001;
const FLAG_DESCRIPTOR = 0x0008;
const FLAG_UTF_8 = 0x0800;
/** Stands for a size that is in the extra field, or not known yet. */
const SIZE_ELSEWHERE = 0xffffffff;
const EXTRA_ZIP_64 = 0x0001;

/** One file or folder of an archive, as its local header tells. */
export interface ZipEntry {
  name: string;
  method: number;
  /** Whether checksum and sizes stand behind the data, because they were not known before. */
  hasDescriptor: boolean;
  /** Whether sizes have eight bytes. */
  isZip64: boolean;
  crc: number;
  packedLength: number;
  length: number;
}

/**
 * Reads the local header whose signature was taken.
 *
 * @throws {@link TallyError} ZIP_INVALID, also for an entry that cannot be unpacked here
 */
export async function readLocalHeader(input: ByteInput): Promise<ZipEntry> {
  const header = await ZIP.take(input, HEADER_BYTES);
  const flags = header.readUInt16LE(2);
  const nameBytes = await ZIP.take(input, header.readUInt16LE(22));
  const extra = await ZIP.take(input, header.readUInt16LE(24));
  const sizes = findExtra(extra, EXTRA_ZIP_64);
  const entry: ZipEntry = {
    name: nameBytes.toString(flags & FLAG_UTF_8 ? 'utf8' : 'latin1'),
    method: header.readUInt16LE(4),
    hasDescriptor: (flags & FLAG_DESCRIPTOR) !== 0,
    isZip64: sizes !== undefined,
    crc: header.readUInt32LE(10),
    packedLength: header.readUInt32LE(14),
    length: header.readUInt32LE(18),
  };
  // There both sizes must be there, the length first: APPNOTE.TXT §4.5.3.
  if (sizes && sizes.length >= 16) {
    if (entry.length === SIZE_ELSEWHERE) entry.length = Number(sizes.readBigUInt64LE(0));
    if (entry.packedLength === SIZE_ELSEWHERE) entry.packedLength = Number(sizes.readBigUInt64LE(8));
  }
  if (flags & FLAG_ENCRYPTED) throw encrypted(entry);
  if (entry.method !== STORED && entry.method !== DEFLATED) throw unknownMethod(entry);
  return entry;
}

/** Whether an entry of this name is a folder. */
export function isFolder(name: string): boolean {
  return /[/\\]$/.test(name);
}

/** A name as it may stand in a message: a part of a long one, without invisible characters. */
export function quoteName(name: string): string {
  const clean = name.replace(/\p{C}/gu, '?');
  return clean.length <= MAX_QUOTED ? `"${clean}"` : `"…${clean.slice(-MAX_QUOTED)}"`;
}

/** The end of a path tells most. */
const MAX_QUOTED = 60;

/** The extra field of this kind: pairs of a kind and a length, each with so many bytes. */
function findExtra(extra: Buffer, kind: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === kind) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

function encrypted({ name }: ZipEntry): TallyError {
  return ZIP.invalid(
    `The zip archive is encrypted (${quoteName(name)}): pack the file again without a password and upload that.`,
  );
}

function unknownMethod({ name, method }: ZipEntry): TallyError {
  const how = METHODS[method] ?? `method ${method}`;
  const who = method === 9 ? ', as Windows does with large files' : '';
  return ZIP.invalid(
    `The zip archive compresses ${quoteName(name)} with ${how}${who}, which cannot be unpacked here: compress the file with gzip, or with zip and the Deflate method, and upload that.`,
  );
}
