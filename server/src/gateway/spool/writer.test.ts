import { type FileHandle, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FairQueue } from '../../queue/fair-queue.ts';
import { type StreamWrite, writeStream } from './writer.ts';

const KB = 1024;
let folder: string;
let file: FileHandle;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-writer-'));
  file = await open(join(folder, 'file'), 'w');
});
afterEach(async () => {
  await file.close();
  await rm(folder, { recursive: true });
});

function write(source: Readable, more: Partial<StreamWrite> = {}): Promise<number> {
  return writeStream({
    file,
    offset: 0,
    source,
    signal: new AbortController().signal,
    onPiece() {},
    onWritten() {},
    async pace() {},
    turns: new FairQueue(1),
    ...more,
  });
}

const written = () => readFile(join(folder, 'file'), 'utf8');

test('pieces of any size end up in order, in few writes', async () => {
  const pieces = Array.from({ length: 1000 }, (_, index) => Buffer.from(`${index},`.repeat((index % 7) + 1)));
  const lengths: number[] = [];
  const text = Buffer.concat(pieces).toString();
  expect(await write(Readable.from(pieces), { onWritten: (length) => lengths.push(length) })).toBe(text.length);
  expect(await written()).toBe(text);
  expect(lengths.at(-1)).toBe(text.length);
  expect(lengths.length).toBeLessThan(pieces.length);
});

test('a source that is faster than the disk is paused: what waits is bounded', async () => {
  let given = 0;
  let done = 0;
  let most = 0;
  const source = new Readable({
    highWaterMark: 64 * KB,
    read() {
      given += 64 * KB;
      most = Math.max(most, given - done);
      this.push(given > 20 * KB * KB ? null : Buffer.alloc(64 * KB, 'x'));
    },
  });
  await write(source, { onWritten: (length) => (done = length) });
  expect(done).toBe(20 * KB * KB);
  // Twice what may wait, and what the stream itself holds.
  expect(most).toBeLessThan(1500 * KB);
});

test('what came before a piece that is refused is written, and the source is left paused', async () => {
  const source = Readable.from([Buffer.from('good '), Buffer.from('bad '), Buffer.from('more')]);
  let pieces = 0;
  const onPiece = () => {
    if (++pieces === 2) throw new Error('too long');
  };
  await expect(write(source, { onPiece })).rejects.toThrow('too long');
  expect(await written()).toBe('good ');
  expect(source.isPaused()).toBe(true);
  expect(source.destroyed).toBe(false);
});

test('a source that is closed before its end, or was already, is an error', async () => {
  const source = new Readable({ read() {} });
  source.push('kept');
  const writing = write(source, { onWritten: () => source.destroy() });
  await expect(writing).rejects.toThrow('closed before its end');
  expect(await written()).toBe('kept');
  await expect(write(source)).rejects.toThrow('closed before its end');
});

test('a disk that fails ends it with the error', async () => {
  await file.close();
  file = await open(join(folder, 'file'), 'r');
  await expect(write(Readable.from([Buffer.from('x')]))).rejects.toMatchObject({ code: 'EBADF' });
});

test('a sync that fails on the way ends it: the sync at the end would not know of what was lost', async () => {
  file.datasync = async () => {
    throw Object.assign(new Error('EIO: lost'), { code: 'EIO' });
  };
  const source = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1024 * KB)));
  await expect(write(source)).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    message: expect.stringContaining('EIO'),
  });
  expect(source.readableEnded).toBe(false);
});

test('a sync that fails after the last write is told too', async () => {
  const failed = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  file.datasync = async () => {
    await failed.promise;
    throw Object.assign(new Error('ENOSPC: lost'), { code: 'ENOSPC' });
  };
  const source = Readable.from(Array.from({ length: 33 }, () => Buffer.alloc(1024 * KB)));
  const ended = new Promise((resolve) => source.on('end', resolve));
  const onWritten = (length: number) => {
    if (length === 33 * KB * KB) written.resolve();
  };
  void Promise.all([written.promise, ended]).then(() => setImmediate(failed.resolve));
  await expect(write(source, { onWritten })).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
});

test('fast sources take turns, and one with nothing to write lets the others go on', async () => {
  const turns = new FairQueue(1);
  const order: string[] = [];
  const run = async (name: string, source: Readable) => {
    const own = await open(join(folder, name), 'w');
    const onWritten = () => {
      if (order.at(-1) !== name) order.push(name);
    };
    const length = await write(source, { file: own, turns, onWritten });
    await own.close();
    expect((await stat(join(folder, name))).size).toBe(length);
    return length;
  };
  const fast = (name: string) => run(name, Readable.from(Array.from({ length: 80 }, () => Buffer.alloc(1024 * KB))));
  const slow = new Readable({ read() {} });
  slow.push('x');
  const running = [run('slow', slow), fast('a'), fast('b')];
  await Promise.all(running.slice(1));
  slow.push(null);
  expect(await Promise.all(running)).toEqual([1, 80 * KB * KB, 80 * KB * KB]);
  expect(order).toEqual(['slow', 'a', 'b', 'a', 'b', 'a', 'b']);
});

test('who is told to end while it waits for its turn writes what it has, and is not waited for', async () => {
  const turns = new FairQueue(1);
  const release = await turns.acquire(new AbortController().signal);
  const stop = new AbortController();
  const source = new Readable({ read() {} });
  source.push('kept');
  const writing = write(source, { turns, signal: stop.signal });
  await expect.poll(() => turns.waitingCount).toBe(1);
  expect(source.isPaused()).toBe(true);
  stop.abort(new Error('stopped'));
  await expect(writing).rejects.toThrow('stopped');
  expect(await written()).toBe('kept');
  expect(turns.waitingCount).toBe(0);
  release();
  expect(turns.isFull).toBe(false);
});
