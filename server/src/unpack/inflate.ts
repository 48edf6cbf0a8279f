import { createInflateRaw, type InflateRaw } from 'node:zlib';
import type { ByteInput } from './byte-input.ts';
import type { PackedFormat } from './packed-format.ts';

/** Large enough that the changes of threads cost little beside the bytes. */
const OUTPUT_BYTES = 256 * 1024;

/**
 * The contents of a deflated part of a file (RFC 1951); the input stands behind it then. (zlib's own way through
 * several gzip members drops the end of the last one if anything stands behind it.)
 *
 * @param onOutput is told how many bytes of the file every piece took, before the piece comes
 * @throws the format's errors for data that is damaged or cut off; errors of the input
 */
export async function* inflated(
  input: ByteInput,
  format: PackedFormat,
  onOutput: (position: number) => void,
): AsyncGenerator<Buffer> {
  const start = input.position;
  const engine = createInflateRaw({ chunkSize: OUTPUT_BYTES });
  const fed = feed(engine, input).catch((error) => void engine.destroy(error));
  try {
    for await (const piece of engine as AsyncIterable<Buffer>) {
      onOutput(start + engine.bytesWritten);
      yield piece;
    }
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    if (code === 'Z_BUF_ERROR') throw format.cutOff(error);
    throw code.startsWith('Z_') ? format.damaged(error) : error;
  }
  await fed;
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
