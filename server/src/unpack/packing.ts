import { isZipStart } from '../../../kernel/file-kind/zip-kind.ts';
import { totalLength } from '../bytes/total-length.ts';
import { GZIP_MAGIC } from './gzip-member.ts';

/** How a file is compressed. */
export type Packing = 'none' | 'gzip' | 'zip';

/** The first bytes of a file, this many, say how it is compressed. */
export const PACKING_BYTES = 8;

/**
 * How a file is compressed, by its first bytes. Its name says nothing: browsers and curl decompress what they load and
 * leave the name as it is, and programs forget the `.gz`. No text in any encoding begins so.
 */
export function packingOf(start: Uint8Array): Packing {
  if (GZIP_MAGIC.equals(start.subarray(0, GZIP_MAGIC.length))) return 'gzip';
  return isZipStart(start) ? 'zip' : 'none';
}

/** Bytes of a file in one or more pieces, in order. Their memory is used again when the next chunk is asked for. */
export type Chunk = readonly Uint8Array[];

/**
 * Looks at the beginning of a file, waiting for it as long as it takes.
 *
 * @param isGzip whether its sender or its name says so: then it must be compressed, and the first bytes tell how
 * @returns how the file is compressed, and all of it in the chunks that it has. Something was taken from the source: close
 * `all`, whether it was read or not
 * @throws errors of the source
 */
export async function readPacking(
  source: AsyncIterable<Chunk>,
  isGzip: boolean,
): Promise<{ packing: Packing; all: AsyncGenerator<Chunk> }> {
  const chunks = source[Symbol.asyncIterator]();
  let start: Chunk = [];
  while (totalLength(start) < PACKING_BYTES) {
    // The bytes so far are copied, because their memory is used again when more is asked for.
    start = start.map((piece) => Uint8Array.from(piece));
    const { done, value } = await chunks.next();
    if (done) break;
    start = [...start, ...value];
  }
  const all = (async function* () {
    try {
      yield NOTHING;
      if (start.length > 0) yield start;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } finally {
      await chunks.return?.();
    }
  })();
  // From here on it closes the source when it is closed itself.
  await all.next();
  const found = packingOf(firstBytes(start));
  return { packing: found === 'none' && isGzip ? 'gzip' : found, all };
}

const NOTHING: Chunk = [];

function firstBytes(chunk: Chunk): Uint8Array {
  return Buffer.concat(chunk.map((piece) => piece.subarray(0, PACKING_BYTES))).subarray(0, PACKING_BYTES);
}

/** Pieces as chunks of one. */
export async function* inChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Chunk> {
  for await (const piece of pieces) yield [piece];
}

/** The pieces of chunks. */
export async function* inPieces(chunks: AsyncIterable<Chunk>): AsyncGenerator<Uint8Array> {
  for await (const pieces of chunks) yield* pieces;
}
