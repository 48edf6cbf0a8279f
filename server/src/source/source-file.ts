import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { sourceChanged } from '../../../kernel/parts/part.ts';
import type { ObjectVersion } from '../object-storage/get-range.ts';
import { PACKING_BYTES, type Packing, packingOf } from '../unpack/packing.ts';

/** A regular file of this machine, or an object of a storage, as it was when it was looked at. */
export interface SourceFile {
  /** Of an object its address, `s3://…`. */
  path: string;
  /** The name for users. */
  name: string;
  /** In bytes. */
  size: number;
  packing: Packing;
  /** Tells this file in this state from any other. Of an object only the time: its version does the rest. */
  identity: FileIdentity;
  /** Undefined for a file of this machine. */
  object?: SourceObject;
}

export interface SourceObject extends ObjectVersion {
  /** A signed address, for threads that cannot sign; undefined if it is signed where it is read. */
  url?: string;
}

export interface FileIdentity {
  device: number;
  inode: number;
  /** When it was last written, in milliseconds since 1970. */
  writtenMs: number;
}

/** Where a path leads to a device, a pipe or a folder. */
export class NotAFile extends Error {}

/**
 * Looks at a file.
 *
 * @throws {@link NotAFile}; the error of the system
 */
export function lookAtFile(path: string, name: string): SourceFile {
  const { descriptor, stats } = openRegular(path);
  try {
    const start = new Uint8Array(PACKING_BYTES);
    const length = readSync(descriptor, start, 0, PACKING_BYTES, 0);
    const packing = packingOf(start.subarray(0, length));
    return { path, name, size: stats.size, packing, identity: identityOf(stats) };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a file that was looked at. The caller closes the descriptor.
 *
 * @throws KernelError `SOURCE_CHANGED` if another file is there, or it became shorter; the error of the system
 */
export function openSourceFile({ path, name, size, identity }: SourceFile): number {
  const { descriptor, stats } = openRegular(path);
  const found = identityOf(stats);
  if (found.device === identity.device && found.inode === identity.inode && stats.size >= size) return descriptor;
  closeSync(descriptor);
  throw sourceChanged(name);
}

/** How a file differs from what it was: `grown` has more bytes at its end, as far as anybody can tell. */
export function changeOf({ path, size, identity, object }: SourceFile): 'grown' | 'changed' | undefined {
  // Each of its bytes was asked for by its version.
  if (object) return undefined;
  let stats: Stats;
  try {
    const opened = openRegular(path);
    closeSync(opened.descriptor);
    stats = opened.stats;
  } catch {
    return 'changed';
  }
  const { device, inode, writtenMs } = identityOf(stats);
  if (device !== identity.device || inode !== identity.inode || stats.size < size) return 'changed';
  if (stats.size > size) return 'grown';
  return writtenMs === identity.writtenMs ? undefined : 'changed';
}

function openRegular(path: string): { descriptor: number; stats: Stats } {
  // A pipe without a writer would keep the thread waiting.
  const descriptor = openAny(path);
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return { descriptor, stats };
  closeSync(descriptor);
  throw new NotAFile(`${path} is not a file`);
}

function openAny(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    // A socket, or a device that is not there.
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') throw new NotAFile(`${path} is not a file`);
    throw error;
  }
}

function identityOf({ dev, ino, mtimeMs }: Stats): FileIdentity {
  return { device: dev, inode: ino, writtenMs: mtimeMs };
}
