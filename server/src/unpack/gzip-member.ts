import { crc32 } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';
import { inflated } from './inflate.ts';
import { GZIP } from './packed-format.ts';

/** The layout of a member, and the bits of its flags: RFC 1952 §2.3. */
export const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const DEFLATE = 8;
const FLAG_HEADER_CRC = 0x02;
const FLAG_EXTRA = 0x04;
const FLAG_NAME = 0x08;
const FLAG_COMMENT = 0x10;
const FLAGS_RESERVED = 0xe0;

/**
 * Reads the head of a member.
 *
 * @returns the kind of what comes: a member, nothing more (or zeros, with which tapes are filled up), or something else
 * @throws {@link TallyError} GZIP_INVALID
 */
export async function readGzipHeader(input: ByteInput): Promise<'member' | 'end' | 'other'> {
  const magic = await input.takeExactly(GZIP_MAGIC.length);
  if (magic.length === 0) return 'end';
  if (magic.equals(GZIP_MAGIC.subarray(0, 1))) throw GZIP.cutOff();
  if (!magic.equals(GZIP_MAGIC)) return (await isZerosOnly(magic, input)) ? 'end' : 'other';
  const header = await GZIP.take(input, HEADER_BYTES - GZIP_MAGIC.length);
  const [method = 0, flags = 0] = header;
  if (method !== DEFLATE || flags & FLAGS_RESERVED) throw GZIP.damaged();
  if (flags & FLAG_EXTRA) await GZIP.take(input, (await GZIP.take(input, 2)).readUInt16LE(0));
  if (flags & FLAG_NAME) await skipText(input);
  if (flags & FLAG_COMMENT) await skipText(input);
  if (flags & FLAG_HEADER_CRC) await GZIP.take(input, 2);
  return 'member';
}

/**
 * Decompresses the member whose head was read, and checks it against its trailer.
 *
 * @param onOutput is told how many bytes of the file every piece took, before the piece comes
 * @throws {@link TallyError} GZIP_INVALID; errors of the input
 */
export async function* inflateMember(input: ByteInput, onOutput: (position: number) => void): AsyncGenerator<Buffer> {
  let [crc, length] = [0, 0];
  for await (const piece of inflated(input, GZIP, onOutput)) {
    crc = crc32(piece, crc);
    length += piece.length;
    yield piece;
  }
  const trailer = await GZIP.take(input, TRAILER_BYTES);
  if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== length % 2 ** 32) throw GZIP.damaged();
}

async function skipText(input: ByteInput): Promise<void> {
  if (!(await input.skipPast(0))) throw GZIP.cutOff();
}

async function isZerosOnly(start: Buffer, input: ByteInput): Promise<boolean> {
  for (let piece: Buffer | undefined = start; piece; piece = await input.take()) {
    if (piece.some((byte) => byte !== 0)) return false;
  }
  return true;
}
