import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { zipArchive } from '../../test/support/zip-archive.ts';
import { ByteMarks } from './byte-marks.ts';
import { readUpload } from './upload-text.ts';

const TEXT = Buffer.from(Array.from({ length: 500 }, (_, line) => `Books,${line * 7919}\n`).join(''));
const FORMS: [string, Buffer][] = [
  ['text', TEXT],
  ['gzip', gzipSync(TEXT)],
  ['zip', zipArchive([{ name: 'sales.csv', content: TEXT, hasDescriptor: true }])],
];

/** An upload whose bytes come one chunk at a time, of one or two pieces, from a place on. */
function arriving(bytes: Buffer, size: number) {
  let readers = 0;
  const read = async function* (from: number) {
    readers++;
    try {
      for (let at = from; at < bytes.length; at += size) {
        const piece = Buffer.from(bytes.subarray(at, at + size));
        const half = Math.ceil(piece.length / 2);
        yield [piece.subarray(0, half), piece.subarray(half)];
        // The memory is used again.
        piece.fill(0);
      }
    } finally {
      readers--;
    }
  };
  return { read, openReaders: () => readers };
}

async function textOf(bytes: Buffer, { size = 1000, from = 0, isGzip = false } = {}): Promise<Buffer> {
  const { read, openReaders } = arriving(bytes, size);
  const parts: Buffer[] = [];
  const options = { isGzip, from, marks: new ByteMarks(), maxBytes: 1e12, onTrailingGarbage() {} };
  for await (const pieces of readUpload({ read, ...options })) {
    for (const piece of pieces) parts.push(Buffer.from(piece));
  }
  expect(openReaders()).toBe(0);
  return Buffer.concat(parts);
}

test.each(FORMS)(
  'the text of %s is read by its first bytes, however it arrives and from any place on',
  async (_name, bytes) => {
    for (const size of [1, 2, 3, 7, 1000, bytes.length]) {
      for (const from of [0, 1, 5, 4000, TEXT.length - 1, TEXT.length]) {
        expect((await textOf(bytes, { size, from })).equals(TEXT.subarray(from))).toBe(true);
      }
    }
  },
);

test('a file too short to be compressed is text', async () => {
  for (const text of ['', 'a', 'PK', 'PK00,5', 'a,1\nb,2']) {
    expect((await textOf(Buffer.from(text))).toString()).toBe(text);
  }
});

test('a file that is said to be gzip must be gzip', async () => {
  expect((await textOf(gzipSync(TEXT), { isGzip: true })).equals(TEXT)).toBe(true);
  await expect(textOf(TEXT, { isGzip: true })).rejects.toMatchObject({ code: 'GZIP_INVALID' });
});
