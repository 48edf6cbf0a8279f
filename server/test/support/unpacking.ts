import { expect } from 'vitest';
import { ByteMarks } from '../../src/unpack/byte-marks.ts';
import { unpacked } from '../../src/unpack/unpacked.ts';

/** Bytes as an upload gives them: the memory of a piece is used again, as that of the spool. */
export async function* inReusedPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(size);
  for (let start = 0; start < bytes.length; start += size) {
    const length = memory.length - Math.max(0, start + size - bytes.length);
    memory.set(bytes.subarray(start, start + length));
    yield memory.subarray(0, length);
    memory.fill(0);
  }
}

/** How a compressed file is given, and what may come out of it. */
export interface Given {
  size?: number;
  maxBytes?: number;
  skip?: number;
  marks?: ByteMarks;
}

/** The text that comes out of a compressed file, and whether something was left out. */
export async function unpackAll(packing: 'gzip' | 'zip', bytes: Uint8Array, given: Given = {}) {
  const { size = 65_536, maxBytes = 1e12, skip = 0, marks = new ByteMarks() } = given;
  let hasGarbage = false;
  const onTrailingGarbage = () => {
    hasGarbage = true;
  };
  const parts: Uint8Array[] = [];
  const limits = { marks, maxBytes, skip, onTrailingGarbage };
  for await (const part of unpacked(packing, inReusedPieces(bytes, size), limits)) parts.push(part);
  return { text: Buffer.concat(parts), hasGarbage };
}

/** Expects that an error of the source is thrown, and that a source which is not read to its end is closed. */
export async function expectSourceIsClosed(packing: 'gzip' | 'zip', start: Uint8Array): Promise<void> {
  let isClosed = false;
  const source = async function* () {
    try {
      yield start;
      throw new Error('the disk is gone');
    } finally {
      isClosed = true;
    }
  };
  const limits = { marks: new ByteMarks(), maxBytes: 1e12, skip: 0, onTrailingGarbage() {} };
  const drain = async () => {
    for await (const _ of unpacked(packing, source(), limits));
  };
  await expect(drain()).rejects.toThrow('the disk is gone');
  isClosed = false;
  await expect(unpacked(packing, source(), { ...limits, maxBytes: 1 }).next()).rejects.toMatchObject({
    code: 'UPLOAD_TOO_LARGE',
  });
  expect(isClosed).toBe(true);
}
