import { type FileHandle, open, rm, stat } from 'node:fs/promises';

/**
 * Bytes given back to the disk at once. A file of gigabytes takes seconds to remove where the disk is told of every
 * free block (ext4 with `discard`, as on most cloud disks), and every other write that must be safe waits meanwhile.
 */
const STEP_BYTES = 64 * 1024 * 1024;

/** Removes files by giving their space back in steps, one file after the other. */
export class SpoolRemoval {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when the space of all files is free that were removed so far. */
  async idle(): Promise<void> {
    await this.#last;
  }

  /** Removes a file, if there is one. Its name is gone when this returns, its space soon after. */
  async remove(path: string): Promise<void> {
    const file = await openIfLarge(path);
    try {
      // While it is open, nothing but its name goes; should this process end, the system frees the rest.
      await rm(path, { force: true });
    } catch (error) {
      await file?.close();
      throw error;
    }
    if (file) this.#last = this.#last.then(() => free(file));
  }
}

/** Undefined for a file of one step, and for one that cannot be opened. */
async function openIfLarge(path: string): Promise<FileHandle | undefined> {
  try {
    const { size, nlink } = await stat(path);
    // Its space is that of another name, too.
    return size > STEP_BYTES && nlink === 1 ? await open(path, 'r+') : undefined;
  } catch {
    return undefined;
  }
}

async function free(file: FileHandle): Promise<void> {
  try {
    for (let { size } = await file.stat(); size > STEP_BYTES; ) {
      size -= STEP_BYTES;
      await file.truncate(size);
    }
  } catch {
    // Space that cannot be freed in steps is freed at once, when the file is closed.
  }
  await file.close().catch(() => {});
}
