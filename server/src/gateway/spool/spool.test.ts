import { appendFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskSpool } from './spool.ts';

const never = new AbortController().signal;
let folder: string;
let spool: DiskSpool;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-spool-'));
  spool = new DiskSpool(folder);
  await spool.create('a');
});
afterEach(() => rm(folder, { recursive: true }));

function parts(...texts: string[]): Readable {
  return Readable.from(texts.map((text) => Buffer.from(text)));
}

async function readAll(signal = never, from = 0): Promise<string> {
  let text = '';
  // The memory of a chunk is used again, so it is taken before the next.
  for await (const chunk of spool.read('a', signal, from)) text += Buffer.concat(chunk).toString();
  return text;
}

test('what was appended before and after a reader came is read in order', async () => {
  const lengths: number[] = [];
  const observer = { onWritten: (length: number) => void lengths.push(length) };
  await spool.append('a', 0, parts('one '), never, observer);
  const reading = readAll();
  expect(await spool.append('a', 4, parts('two ', 'three'), never, observer)).toBe(13);
  await spool.complete('a', 13);
  expect(await reading).toBe('one two three');
  expect(lengths).toEqual([4, 13]);
});

test.each([
  ['comes first', 0, 0],
  ['comes when some is there', 3_000_000, 0],
  ['goes on from a byte', 3_000_000, 1_234_567],
  ['comes when all is there', 9_000_001, 0],
])('a reader that %s gets every byte exactly once, from memory or from the disk', async (_, before, from) => {
  const bytes = Buffer.alloc(9_000_001, (Math.PI * 1e15).toString());
  const cut = function* (start: number, end: number) {
    for (let at = start; at < end; at += 70_001) yield bytes.subarray(at, Math.min(end, at + 70_001));
  };
  await spool.append('a', 0, Readable.from(cut(0, before)), never);
  const reading = readAll(never, from);
  await spool.append('a', before, Readable.from(cut(before, bytes.length)), never);
  await spool.complete('a', bytes.length);
  expect((await reading) === bytes.subarray(from).toString()).toBe(true);
});

test('a reader that waits ends with the signal, and so does an append whose source has nothing to give', async () => {
  const stop = new AbortController();
  const silent = async function* () {
    yield Buffer.from('x');
    await new Promise(() => {});
  };
  const reading = readAll(stop.signal);
  const appending = spool.append('a', 0, Readable.from(silent()), stop.signal);
  stop.abort(new Error('enough'));
  await Promise.all([expect(reading).rejects.toThrow('enough'), expect(appending).rejects.toThrow('enough')]);
});

test('a source that fails leaves what came before it', async () => {
  const failing = async function* () {
    yield Buffer.from('kept');
    throw new Error('connection lost');
  };
  await expect(spool.append('a', 0, Readable.from(failing()), never)).rejects.toThrow('connection lost');
  expect(await spool.length('a')).toBe(4);
});

test('a spool that was opened again goes on where the file is', async () => {
  await spool.append('a', 0, parts('before '), never);
  spool = new DiskSpool(folder);
  const reading = readAll();
  await spool.append('a', 7, parts('after'), never);
  await spool.complete('a', 12);
  expect(await reading).toBe('before after');
});

test('what is removed has no length, and may be removed again', async () => {
  await spool.remove('a');
  await spool.remove('a');
  expect(await spool.length('a')).toBeUndefined();
});

test('an empty file ends at once', async () => {
  await spool.complete('a', 0);
  expect(await readAll()).toBe('');
});

test('a reader that stands still does not hold the upload up for ever', async () => {
  const megabytes = (count: number) =>
    Readable.from(Array.from({ length: count }, () => Buffer.alloc(1024 * 1024, 'x')));
  const length = await spool.append('a', 0, megabytes(20), never);
  // Opened again, it does not know the length yet.
  spool = new DiskSpool(folder);
  const reader = spool.read('a', never)[Symbol.asyncIterator]();
  await reader.next();
  expect(await spool.append('a', length, megabytes(5), never)).toBe(25 * 1024 * 1024);
  await reader.return?.(undefined);
});

test('a file that is cut while it is read is not taken for one that has ended', async () => {
  const bytes = Buffer.alloc(5_000_000, 'x');
  await spool.append('a', 0, Readable.from([bytes]), never);
  await spool.complete('a', bytes.length);
  const reader = spool.read('a', never)[Symbol.asyncIterator]();
  await reader.next();
  await truncate(spool.path('a'), 2_000_000);
  const rest = Array.fromAsync({ [Symbol.asyncIterator]: () => reader });
  const message = expect.stringMatching(/received 5000000 bytes of this file, but its disk holds 2000000:/);
  await expect(rest).rejects.toMatchObject({ code: 'UPLOAD_GONE', message });
});

test('bytes behind the end of a whole file are not read', async () => {
  await spool.append('a', 0, parts('whole'), never);
  await spool.complete('a', 5);
  await appendFile(spool.path('a'), ' and more');
  expect(await readAll()).toBe('whole');
});

test.each([
  ['shorter', 3],
  ['longer', 9],
])('a file that is %s than what was received is not whole', async (_, length) => {
  await spool.append('a', 0, parts('whole'), never);
  await truncate(spool.path('a'), length);
  await expect(spool.complete('a', 5)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
});

test('a write behind a hole is refused', async () => {
  await spool.append('a', 0, parts('whole'), never);
  await truncate(spool.path('a'), 3);
  await expect(spool.append('a', 5, parts('more'), never)).rejects.toMatchObject({ code: 'UPLOAD_GONE' });
  expect(await spool.length('a')).toBe(3);
});
