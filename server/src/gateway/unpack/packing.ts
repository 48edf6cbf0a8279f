import { totalLength } from '../../total-length.ts';

/** How a file is compressed. */
export type Packing = 'none' | 'gzip' | 'zip';

/** So many first bytes of a file say how it is compressed. */
const PACKING_BYTES = 8;

/** RFC 1952 §2.3.1. */
const GZIP_START = '\x1f\x8b';
/**
 * A file in an archive, the end of an archive without one, the mark of a split one, and that of one which was to be split
 * and has become one part: APPNOTE.TXT §4.3.7, §4.3.16 and §8.5.
 */
const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08', 'PK00PK\x03\x04'];

/**
 * How a file is compressed, by its first bytes. Its name says nothing: browsers and curl decompress what they load and
 * leave the name as it is, and programs forget the `.gz`. No text in any encoding begins so.
 */
function packingOf(start: Uint8Array): Packing {
  const text = Buffer.from(start).toString('latin1');
  if (text.startsWith(GZIP_START)) return 'gzip';
  return ZIP_STARTS.some((zip) => text.startsWith(zip)) ? 'zip' : 'none';
}

/** Bytes of a file in one or more pieces, in order. Their memory is used again when the next chunk is asked for. */
export type Chunk = readonly Uint8Array[];

/**
 * Looks at the beginning of a file, waiting for it as long as it takes.
 *
 * @returns how the file is compressed, and all of it in the chunks that it has. Something was taken from the source: close
 * `all`, whether it was read or not
 * @throws errors of the source
 */
export async function readPacking(
  source: AsyncIterable<Chunk>,
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
  return { packing: packingOf(firstBytes(start)), all };
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
