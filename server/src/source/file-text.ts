import { readSync } from 'node:fs';
import type { Text } from '../../../kernel/parts/part.ts';

/** A file that is open, read by positions: several threads share its descriptor. */
export class FileText implements Text {
  readonly size: number;
  readonly name: string | undefined;
  readonly #descriptor: number;

  /** @param size how many bytes of the file are read, whatever it becomes @param name for users */
  constructor(descriptor: number, size: number, name?: string) {
    this.#descriptor = descriptor;
    this.size = size;
    this.name = name;
  }

  /** @throws the error of the system */
  read(position: number, target: Uint8Array): number {
    let done = 0;
    while (done < target.length) {
      const length = readSync(this.#descriptor, target, done, target.length - done, position + done);
      if (length === 0) break;
      done += length;
    }
    return done;
  }
}
