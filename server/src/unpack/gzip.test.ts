import { spawnSync } from 'node:child_process';
import { crc32, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { expectSourceIsClosed, type Given, inReusedPieces, unpackAll } from '../../test/support/unpacking.ts';
import { ByteMarks } from './byte-marks.ts';
import { gunzipped } from './gzip.ts';

const TEXT = Buffer.from(Array.from({ length: 2_000 }, (_, line) => `Books,${line * 7919}\n`).join(''));
const zipped = gzipSync(TEXT);
const small = gzipSync('a,1\n');

const decompress = (bytes: Uint8Array, given?: Given) => unpackAll('gzip', bytes, given);

/** A header with everything that RFC 1952 allows in it. */
function withFullHeader(text: string): Buffer {
  const plain = gzipSync(text);
  const flags = 0x01 | 0x02 | 0x04 | 0x08 | 0x10;
  const extra = Buffer.from([3, 0, 1, 0, 2]);
  const texts = Buffer.from('name\0comment\0');
  const header = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flags]), plain.subarray(4, 10), extra, texts]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc32(header) & 0xffff);
  return Buffer.concat([header, checksum, plain.subarray(10)]);
}

const FILES: [string, Buffer][] = [
  ['one member', zipped],
  ['several members', Buffer.concat([zipped, small, gzipSync(''), zipped])],
  ['a member with name, comment, extra field and checksum of its header', withFullHeader('b,2\n')],
  ['a member behind one with a full header', Buffer.concat([withFullHeader('b,2\n'), small])],
  ['a stored member', gzipSync(TEXT, { level: 0 })],
  ['a member of many blocks', gzipSync(TEXT, { memLevel: 1 })],
  ['zeros behind the last member', Buffer.concat([small, Buffer.alloc(1000)])],
  ['garbage behind the last member', Buffer.concat([zipped, Buffer.from('garbage')])],
  ['a line end behind the last member', Buffer.concat([small, Buffer.from('\r\n')])],
  ['zeros and then another member', Buffer.concat([small, Buffer.alloc(10), small])],
];

test.each(FILES)('%s comes out as by gzip -d, wherever the upload is cut', async (_name, bytes) => {
  const reference = spawnSync('gzip', ['-dc'], { input: bytes, maxBuffer: 1e8 });
  for (const size of [1, 2, 3, 7, 1000, bytes.length - 1, bytes.length]) {
    const { text, hasGarbage } = await decompress(bytes, { size });
    expect(text.equals(reference.stdout)).toBe(true);
    // Status 2 is a warning.
    expect(hasGarbage).toBe(reference.status === 2);
  }
});

const damaged = Buffer.from(zipped);
damaged.fill(0, damaged.length - 6, damaged.length - 4);
const BROKEN: [string, Buffer, string][] = [
  ['nothing at all', Buffer.alloc(0), 'is not'],
  ['text', TEXT, 'is not'],
  ['zeros', Buffer.alloc(100), 'is not'],
  ['half of the magic number', zipped.subarray(0, 1), 'too early'],
  ['half a header', zipped.subarray(0, 5), 'too early'],
  ['a name without an end', Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0, 65, 65]), 'too early'],
  ['half a member', zipped.subarray(0, zipped.length / 2), 'too early'],
  ['a member without its trailer', zipped.subarray(0, -8), 'too early'],
  ['half a second member', Buffer.concat([zipped, zipped.subarray(0, 500)]), 'too early'],
  ['half of a second magic number', Buffer.concat([small, small.subarray(0, 1)]), 'too early'],
  ['a wrong checksum', damaged, 'damaged'],
  ['an unknown method', Buffer.concat([small, Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0])]), 'damaged'],
  ['noise behind a header', Buffer.concat([zipped.subarray(0, 10), Buffer.alloc(50, 0xff)]), 'damaged'],
];

test.each(BROKEN)('%s is refused in words, as gzip -d refuses it', async (_name, bytes, words) => {
  expect(spawnSync('gzip', ['-dc'], { input: bytes, maxBuffer: 1e8 }).status).toBe(1);
  for (const size of [1, 100, 65_536]) {
    await expect(decompress(bytes, { size })).rejects.toMatchObject({
      code: 'GZIP_INVALID',
      message: expect.stringContaining(words),
    });
  }
});

test('the start that is not wanted again is left out, wherever it ends, and is marked all the same', async () => {
  const bytes = Buffer.concat([small, zipped]);
  const all = Buffer.concat([Buffer.from('a,1\n'), TEXT]);
  for (const skip of [1, 4, 5, 20_000, all.length - 1, all.length, all.length + 1]) {
    const marks = new ByteMarks();
    expect((await decompress(bytes, { skip, marks })).text.equals(all.subarray(skip))).toBe(true);
    expect(marks.at(4)).toBe(small.length - 8);
    expect(marks.at(all.length)).toBe(bytes.length - 8);
  }
});

test('no more comes out than an upload may have', async () => {
  expect((await decompress(zipped, { maxBytes: TEXT.length })).text).toHaveLength(TEXT.length);
  await expect(decompress(zipped, { maxBytes: TEXT.length - 1 })).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE' });
});

test('a bomb is refused once it is large, and a small file of equal rows is not', async () => {
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'Books,1\n'), { level: 9 });
  const drain = async (members: number) => {
    const limits = { marks: new ByteMarks(), maxBytes: 1e12, skip: Number.POSITIVE_INFINITY, onTrailingGarbage() {} };
    const bytes = Buffer.concat(Array.from({ length: members }, () => member));
    for await (const _ of gunzipped(inReusedPieces(bytes, 65_536), limits));
  };
  await drain(4);
  await expect(drain(5)).rejects.toMatchObject({ code: 'GZIP_BOMB' });
});

test('what the source throws is thrown, and a source that is not read to its end is closed', async () => {
  await expectSourceIsClosed('gzip', zipped.subarray(0, 1000));
});
