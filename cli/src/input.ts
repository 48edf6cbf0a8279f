import { fstatSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { SourceFile } from '../../server/src/source/source-file.ts';
import { ByteMarks } from '../../server/src/unpack/byte-marks.ts';
import { inChunks, inPieces, readPacking } from '../../server/src/unpack/packing.ts';
import { unpacked } from '../../server/src/unpack/unpacked.ts';
import { type FileIdentity, identityOf } from '../../terminal/output.ts';

/** Says that the input cannot be read; its message is for the user. */
export class InputError extends Error {}

/** A file or a stream on its way to a processor. */
export interface Input extends AsyncDisposable {
  /** The name for users. */
  name: string;
  /** In bytes, as it lies there; undefined for a stream. */
  size: number | undefined;
  /** The files that it is; none for a stream. */
  identities: readonly FileIdentity[];
  /** The text. The memory of a chunk is used again when the next is asked for. */
  chunks: AsyncIterable<Uint8Array>;
  /** How many bytes of the input have given so many bytes of text. */
  bytesAt(textBytes: number): number;
}

const CHUNK_BYTES = 512 * 1024;

/**
 * Opens a file, or standard input for `-`. A file that begins like gzip or zip is unpacked.
 *
 * @param onWarning is told what a user should know
 * @throws InputError
 */
export async function openInput(path: string, onWarning: (message: string) => void): Promise<Input> {
  const isStream = path === '-';
  const name = isStream ? 'standard input' : path;
  const file = isStream ? undefined : await openFile(path);
  const stats = file ? await file.stat() : standardInput();
  // A pipe or a device has no size that anybody knows.
  const size = file && stats?.isFile() ? stats.size : undefined;
  const marks = new ByteMarks();
  const raw = file ? readFile(file, { name, size }, onWarning) : (process.stdin as AsyncIterable<Buffer>);
  return {
    name,
    size,
    identities: [stats && identityOf(stats)].filter((identity) => identity !== undefined),
    chunks: text(raw, marks, (format) => onWarning(`what follows the ${format} data of ${name} was ignored`)),
    bytesAt: (textBytes) => marks.at(textBytes),
    async [Symbol.asyncDispose]() {
      await file?.close();
    },
  };
}

/** Files that are read here, by positions. */
export function filesInput(files: readonly SourceFile[]): Omit<Input, 'chunks'> {
  return {
    name: files.length === 1 ? files[0]!.name : `${files.length} files`,
    size: files.reduce((sum, { size }) => sum + size, 0),
    identities: files.filter(({ object }) => object === undefined).map(({ identity }) => identity),
    bytesAt: (textBytes) => textBytes,
    async [Symbol.asyncDispose]() {},
  };
}

/** Whether a path leads to a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new InputError(`${path} is a folder: name a file`);
}

function standardInput(): Stats | undefined {
  try {
    return fstatSync(0);
  } catch {
    // It is closed.
    return undefined;
  }
}

/**
 * Reads to the end; one buffer is read into while the other is in use.
 *
 * @param size how long the file was at first; undefined for what has no length
 * @throws InputError, also for a file that has become shorter: the totals would be of a fragment
 */
async function* readFile(
  file: FileHandle,
  { name, size }: { name: string; size: number | undefined },
  onWarning: (message: string) => void,
): AsyncGenerator<Uint8Array> {
  let readBytes = 0;
  let [next, used] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
  const readNext = () =>
    file.read(next, 0, CHUNK_BYTES, null).catch((error: unknown) => {
      throw unreadable(name, error);
    });
  let reading = readNext();
  for (let { bytesRead } = await reading; bytesRead > 0; { bytesRead } = await reading) {
    [next, used] = [used, next];
    reading = readNext();
    // The reader may give up without waiting for this.
    reading.catch(() => {});
    readBytes += bytesRead;
    yield used.subarray(0, bytesRead);
  }
  // Files that the system makes up on reading have no size.
  if (!size || readBytes === size) return;
  if (readBytes < size) throw shrunk(name);
  onWarning(grown(name, readBytes));
}

/** The error of a file that changed while it was read, other than at its end. */
export function shrunk(name: string): InputError {
  return new InputError(`${name} changed while it was read: try again when it is complete`);
}

/** The warning about a file to which bytes were added while it was read. */
export function grown(name: string, readBytes: number): string {
  return `${name} became longer while it was read: the totals cover its first ${readBytes} bytes`;
}

async function* text(
  raw: AsyncIterable<Uint8Array>,
  marks: ByteMarks,
  onTrailingGarbage: (format: string) => void,
): AsyncGenerator<Uint8Array> {
  const { packing, all } = await readPacking(inChunks(raw), false);
  if (packing === 'none') {
    yield* inPieces(all);
    return;
  }
  // The unpacked size is the user's own business: the bytes only pass through.
  const limits = { maxBytes: Number.MAX_SAFE_INTEGER, skip: 0 };
  yield* unpacked(packing, inPieces(all), { marks, ...limits, onTrailingGarbage });
}

/** The error of a file that the system does not let be read. */
export function unreadable(name: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
  };
  return new InputError(`cannot read ${name}: ${reasons[code ?? ''] ?? message}`);
}
