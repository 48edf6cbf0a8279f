import { closeSync } from 'node:fs';
import { setImmediate as immediate } from 'node:timers/promises';
import { sourceChanged } from '../../../kernel/parts/part.ts';
import { ByteMarks } from '../unpack/byte-marks.ts';
import { unpacked } from '../unpack/unpacked.ts';
import { FileText } from './file-text.ts';
import { openSourceFile, type SourceFile } from './source-file.ts';
import { objectChunks } from './source-object.ts';

/** Bytes read at once. */
const PIECE_BYTES = 512 * 1024;
/** Bytes after which signals and timers have their turn: a file that is read at once gives them none. */
const TURN_BYTES = 16 * 1024 * 1024;

export interface FileChunksOptions {
  /** Is told which part of the file every piece of the text came out of. */
  marks?: ByteMarks;
  /** The first bytes of the text that are not wanted. */
  from?: number;
  /** The most that a compressed file may unpack to. */
  maxBytes?: number;
  /** Bytes that are read at once. */
  pieceBytes?: number;
}

/**
 * The text of a file, unpacked where it is packed. The memory of a chunk is used again when the next is asked for.
 *
 * @throws KernelError `SOURCE_CHANGED`; as `unpacked`; the error of the system
 */
export async function* fileChunks(
  file: SourceFile,
  {
    marks = new ByteMarks(),
    from = 0,
    maxBytes = Number.MAX_SAFE_INTEGER,
    pieceBytes = PIECE_BYTES,
  }: FileChunksOptions = {},
): AsyncGenerator<Uint8Array> {
  const { packing } = file;
  if (packing === 'none') yield* rawChunks(file, from, pieceBytes);
  else
    yield* unpacked(packing, rawChunks(file, 0, pieceBytes), { marks, maxBytes, skip: from, onTrailingGarbage() {} });
}

async function* rawChunks(file: SourceFile, from: number, pieceBytes: number): AsyncGenerator<Uint8Array> {
  if (file.object) {
    if (from > file.size) throw sourceChanged(file.name);
    yield* objectChunks(file.object, from);
    return;
  }
  const descriptor = openSourceFile(file);
  try {
    if (from > file.size) throw sourceChanged(file.name);
    const text = new FileText(descriptor, file.size);
    const piece = new Uint8Array(Math.min(pieceBytes, Math.max(0, file.size - from)));
    let sinceTurn = 0;
    for (let at = from; at < file.size; ) {
      const length = text.read(at, piece.subarray(0, Math.min(piece.length, file.size - at)));
      if (length === 0) throw sourceChanged(file.name);
      yield piece.subarray(0, length);
      at += length;
      sinceTurn += length;
      if (sinceTurn < TURN_BYTES) continue;
      sinceTurn = 0;
      await immediate();
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The first bytes of a file's text.
 *
 * @param length of them, or fewer if the file has no more
 * @throws as {@link fileChunks}
 */
export async function headOfFile(file: SourceFile, length: number): Promise<{ head: Uint8Array; isWhole: boolean }> {
  const pieces: Uint8Array[] = [];
  let found = 0;
  for await (const chunk of fileChunks(file, { pieceBytes: length + 1 })) {
    pieces.push(Uint8Array.from(chunk.subarray(0, length - found)));
    found += chunk.length;
    if (found > length) return { head: Buffer.concat(pieces), isWhole: false };
  }
  return { head: Buffer.concat(pieces), isWhole: true };
}
