import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { TallyError } from '../errors.ts';
import type { ByteInput } from './byte-input.ts';

/** The layout of a member, and the bits of its flags: RFC 1952 §2.3. */
const MAGIC = Buffer.from([0x1f, 0x8b]);
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const DEFLATE = 8;
const FLAG_HEADER_CRC = 0x02;
const FLAG_EXTRA = 0x04;
const FLAG_NAME = 0x08;
const FLAG_COMMENT = 0x10;
const FLAGS_RESERVED = 0xe0;

/** Large enough that the changes of threads cost little beside the bytes. */
const OUTPUT_BYTES = 256 * 1024;

/** The file ends in the middle of a member. */
export class GzipCutOff extends TallyError {
  constructor(cause?: unknown) {
    super('GZIP_INVALID', 'The gzip file ends too early: compress and upload it again.', { cause });
  }
}

/**
 * Reads the head of a member.
 *
 * @returns what comes: a member, nothing more (or zeros, with which tapes are filled up), or something else
 * @throws {@link TallyError} GZIP_INVALID
 */
export async function readGzipHeader(input: ByteInput): Promise<'member' | 'end' | 'other'> {
  const magic = await input.takeExactly(MAGIC.length);
  if (magic.length === 0) return 'end';
  if (magic.equals(MAGIC.subarray(0, 1))) throw new GzipCutOff();
  if (!magic.equals(MAGIC)) return (await isZerosOnly(magic, input)) ? 'end' : 'other';
  const header = await take(input, HEADER_BYTES - MAGIC.length);
  const [method = 0, flags = 0] = header;
  if (method !== DEFLATE || flags & FLAGS_RESERVED) throw invalid();
  if (flags & FLAG_EXTRA) await take(input, (await take(input, 2)).readUInt16LE(0));
  if (flags & FLAG_NAME) await skipText(input);
  if (flags & FLAG_COMMENT) await skipText(input);
  if (flags & FLAG_HEADER_CRC) await take(input, 2);
  return 'member';
}

/**
 * Decompresses the member whose head was read, and checks it against its trailer. (zlib's own way through several members
 * drops the end of the last one if anything stands behind it.)
 *
 * @param onOutput is told how many bytes of the file every piece took, before the piece comes
 * @throws {@link TallyError} GZIP_INVALID; what the input throws
 */
export async function* inflateMember(input: ByteInput, onOutput: (position: number) => void): AsyncGenerator<Buffer> {
  const start = input.position;
  const engine = createInflateRaw({ chunkSize: OUTPUT_BYTES });
  const fed = feed(engine, input).catch((error) => void engine.destroy(error));
  let [crc, length] = [0, 0];
  try {
    for await (const piece of engine as AsyncIterable<Buffer>) {
      crc = crc32(piece, crc);
      length += piece.length;
      onOutput(start + engine.bytesWritten);
      yield piece;
    }
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    if (code === 'Z_BUF_ERROR') throw new GzipCutOff(error);
    throw code.startsWith('Z_') ? invalid(error) : error;
  }
  await fed;
  const trailer = await take(input, TRAILER_BYTES);
  if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== length % 2 ** 32) throw invalid();
}

/** Gives the engine its input one piece after the other, and puts back what it did not want of the last. */
async function feed(engine: InflateRaw, input: ByteInput): Promise<void> {
  let given = 0;
  for (let piece = await input.take(); piece; piece = await input.take()) {
    if (engine.destroyed) return;
    given += piece.length;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    engine.write(piece, resolve);
    await promise;
    const unwanted = given - engine.bytesWritten;
    if (unwanted > 0) {
      input.putBack(piece.subarray(piece.length - unwanted));
      return;
    }
  }
  engine.end();
}

async function take(input: ByteInput, length: number): Promise<Buffer> {
  const bytes = await input.takeExactly(length);
  if (bytes.length < length) throw new GzipCutOff();
  return bytes;
}

async function skipText(input: ByteInput): Promise<void> {
  if (!(await input.skipPast(0))) throw new GzipCutOff();
}

async function isZerosOnly(start: Buffer, input: ByteInput): Promise<boolean> {
  for (let piece: Buffer | undefined = start; piece; piece = await input.take()) {
    if (piece.some((byte) => byte !== 0)) return false;
  }
  return true;
}

function invalid(cause?: unknown): TallyError {
  return new TallyError('GZIP_INVALID', 'The gzip file is damaged: compress and upload it again.', { cause });
}
