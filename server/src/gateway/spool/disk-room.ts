import { statfs } from 'node:fs/promises';
import { TallyError } from '../../errors.ts';

export interface DiskLimits {
  minFreeDiskBytes: number;
  /** The folder of the spool; its disk is the one that must have room. */
  spoolDirectory: string;
  /** Gives back so many bytes of the disk, as far as that can be. */
  makeRoom?(bytes: number): Promise<void>;
}

/** How often the disk is looked at while an upload arrives: many at once must not fill what is to be kept free. */
const DISK_CHECK_BYTES = 64 * 1024 * 1024;

/**
 * Checks that the disk has room for so many bytes beside those that are kept free.
 *
 * @throws {@link TallyError} DISK_FULL
 */
export async function checkDisk(limits: DiskLimits, sizeBytes: number): Promise<void> {
  const { spoolDirectory, minFreeDiskBytes, makeRoom } = limits;
  let free = await freeBytes(spoolDirectory);
  const missing = minFreeDiskBytes + sizeBytes - free;
  if (missing > 0) await makeRoom?.(missing);
  if (missing > 0) free = await freeBytes(spoolDirectory);
  if (free - sizeBytes >= minFreeDiskBytes) return;
  throw new TallyError(
    'DISK_FULL',
    `The server has ${inGigabytes(free)} left on its disk and keeps ${inGigabytes(minFreeDiskBytes)} free: free some space, or try again later.`,
  );
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/**
 * Watches the disk while an upload arrives.
 *
 * @returns a function to call with the length of every piece; it throws DISK_FULL as soon as the disk has been looked at
 */
export function watchDisk(limits: DiskLimits): (length: number) => void {
  let uncheckedBytes = 0;
  let failure: unknown;
  return (length) => {
    if (failure) throw failure;
    uncheckedBytes += length;
    if (uncheckedBytes < DISK_CHECK_BYTES) return;
    uncheckedBytes = 0;
    checkDisk(limits, 0).catch((error) => (failure = error));
  };
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
