import { crc32 } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';
import { inflated } from './inflate.ts';
import { ZIP } from './packed-format.ts';
import {
  CENTRAL_HEADER,
  DATA_DESCRIPTOR,
  END,
  END_64,
  EXTRA_DATA,
  isFolder,
  LOCAL_HEADER,
  STORED,
  type ZipEntry,
} from './zip-entry.ts';

/** The checksum and the sizes of the data that has come out of an entry so far. */
interface Tally {
  crc: number;
  /** Bytes in the archive. */
  packedLength: number;
  length: number;
}

/** A signature, a checksum, two sizes of eight bytes, and the signature of what follows. */
const DESCRIPTOR_SIGHT = 28;
/** Signatures that may stand behind an entry. */
const FOLLOWERS = new Set([LOCAL_HEADER, CENTRAL_HEADER, EXTRA_DATA, END_64, END]);
const DESCRIPTOR_START = Buffer.from('PK\x07\x08', 'latin1');

/**
 * Unpacks the data of an entry whose header was read, and checks it against checksum and sizes.
 *
 * @param onOutput is told how many bytes of the archive every piece took, before the piece comes
 * @throws {@link TallyError} ZIP_INVALID; errors of the input
 */
export async function* readEntry(
  input: ByteInput,
  entry: ZipEntry,
  onOutput: (position: number) => void,
): AsyncGenerator<Buffer> {
  const start = input.position;
  const tally: Tally = { crc: 0, packedLength: 0, length: 0 };
  for await (const piece of readData(input, entry, tally, onOutput)) {
    tally.crc = crc32(piece, tally.crc);
    tally.length += piece.length;
    yield piece;
  }
  tally.packedLength = input.position - start;
  if (entry.hasDescriptor) await skipDescriptor(input, entry, tally);
  else if (!isRight(entry, tally)) throw ZIP.damaged();
}

function readData(
  input: ByteInput,
  entry: ZipEntry,
  tally: Tally,
  onOutput: (position: number) => void,
): AsyncGenerator<Buffer> {
  if (entry.method !== STORED) return inflated(input, ZIP, onOutput);
  const isOpen = entry.hasDescriptor && entry.packedLength === 0;
  return isOpen ? readToDescriptor(input, entry, tally, onOutput) : readStored(input, entry.packedLength, onOutput);
}

async function* readStored(
  input: ByteInput,
  length: number,
  onOutput: (position: number) => void,
): AsyncGenerator<Buffer> {
  for (let missing = length; missing > 0; ) {
    const piece = await input.takeAtMost(missing);
    if (!piece) throw ZIP.cutOff();
    missing -= piece.length;
    onOutput(input.position);
    yield piece;
  }
}

/**
 * Stored data whose length is not known before: it ends where a descriptor stands that says so of what came before it.
 * (In a file that is itself a zip archive the descriptors of its entries say something else.)
 */
async function* readToDescriptor(
  input: ByteInput,
  entry: ZipEntry,
  tally: Tally,
  onOutput: (position: number) => void,
): AsyncGenerator<Buffer> {
  while (true) {
    const sight = await input.peek(DESCRIPTOR_SIGHT);
    if (findDescriptor(sight, entry, { ...tally, packedLength: tally.length }) !== undefined) return;
    const piece = await input.take();
    if (!piece) throw ZIP.cutOff();
    // From its second byte on: that there is no descriptor at the first is known.
    const next = startOf(piece, DESCRIPTOR_START, 1);
    if (next < piece.length) input.putBack(piece.subarray(next));
    onOutput(input.position);
    yield piece.subarray(0, next);
  }
}

/** Where a text begins in a piece, be it cut off by the end; the length of the piece if nowhere. */
function startOf(piece: Buffer, text: Buffer, from: number): number {
  const found = piece.indexOf(text, from);
  if (found >= 0) return found;
  for (let at = Math.max(from, piece.length - text.length + 1); at < piece.length; at++) {
    if (piece.subarray(at).equals(text.subarray(0, piece.length - at))) return at;
  }
  return piece.length;
}

async function skipDescriptor(input: ByteInput, entry: ZipEntry, tally: Tally): Promise<void> {
  const sight = await input.peek(DESCRIPTOR_SIGHT);
  const length = findDescriptor(sight, entry, tally);
  if (length === undefined) throw sight.length < DESCRIPTOR_SIGHT ? ZIP.cutOff() : ZIP.damaged();
  await input.skip(length);
}

/**
 * How long the descriptor is that comes next, if what it says is right. It may have a signature or none, and sizes of four
 * or eight bytes whatever the header says: only what follows it tells which (APPNOTE.TXT §4.3.9). Folders may go without.
 */
function findDescriptor(sight: Buffer, entry: ZipEntry, tally: Tally): number | undefined {
  if (tally.length === 0 && isFolder(entry.name) && isFollower(sight, 0)) return 0;
  const hasSignature = sight.length >= 4 && sight.readUInt32LE(0) === DATA_DESCRIPTOR;
  for (const start of hasSignature ? [4, 0] : [0]) {
    for (const width of entry.isZip64 ? [8, 4] : [4, 8]) {
      const end = start + 4 + 2 * width;
      if (isFollower(sight, end) && isRight(readDescriptor(sight, start, width), tally)) return end;
    }
  }
  return undefined;
}

function readDescriptor(sight: Buffer, start: number, width: number): Tally {
  const size = (at: number) => (width === 4 ? sight.readUInt32LE(at) : Number(sight.readBigUInt64LE(at)));
  return { crc: sight.readUInt32LE(start), packedLength: size(start + 4), length: size(start + 4 + width) };
}

function isFollower(sight: Buffer, at: number): boolean {
  return at + 4 <= sight.length && FOLLOWERS.has(sight.readUInt32LE(at));
}

/** Whether the output is as stated; in four bytes of a file of more than 4 GiB some programs say the rest only. */
function isRight(said: Tally, { crc, packedLength, length }: Tally): boolean {
  const isSize = (size: number, real: number) => size === real || (size < 2 ** 32 && size === real % 2 ** 32);
  return said.crc === crc && isSize(said.packedLength, packedLength) && isSize(said.length, length);
}
