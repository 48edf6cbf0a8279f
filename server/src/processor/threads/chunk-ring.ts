import { copyBytes } from '../../../../kernel/copy-bytes.ts';
import { SLOT_BYTES } from './thread-messages.ts';

/** One is being worked on, one waits, and one is being filled. */
const SLOTS = 3;

/**
 * The way of a file's bytes to a kernel thread: a few slots of shared memory that are filled and emptied in turn, so a
 * job holds the same memory from its first byte to its last, and nothing is allocated on the way.
 */
export class ChunkRing {
  readonly memory = new SharedArrayBuffer(SLOTS * SLOT_BYTES);
  readonly #bytes = Buffer.from(this.memory);
  readonly #post: (slot: number, length: number) => void;
  readonly #free = Array.from({ length: SLOTS - 1 }, (_, index) => index + 1);
  #filling: number | undefined = 0;
  #filled = 0;
  #inFlight = 0;
  #wake: (() => void) | undefined;

  /** @param post hands a slot to the thread, which gives it back by {@link release} */
  constructor(post: (slot: number, length: number) => void) {
    this.#post = post;
  }

  /** Whether the thread has worked on all that was written. */
  get isEmpty(): boolean {
    return this.#inFlight === 0 && this.#filled === 0;
  }

  /** Copies as many bytes as there is room for, and says how many. */
  write(bytes: Uint8Array): number {
    let taken = 0;
    while (taken < bytes.length && this.#filling !== undefined) {
      const part = bytes.subarray(taken, taken + SLOT_BYTES - this.#filled);
      copyBytes(part, this.#bytes, this.#filling * SLOT_BYTES + this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === SLOT_BYTES) this.flush();
    }
    // A thread with nothing to do should not wait for a slot to fill up.
    if (this.#inFlight === 0) this.flush();
    return taken;
  }

  /** Hands over the bytes in the slot that is being filled. */
  flush(): void {
    if (this.#filling === undefined || this.#filled === 0) return;
    this.#inFlight++;
    this.#post(this.#filling, this.#filled);
    this.#filling = this.#free.shift();
    this.#filled = 0;
  }

  /** The thread is done with a slot. */
  release(slot: number): void {
    this.#inFlight--;
    if (this.#filling === undefined) this.#filling = slot;
    else this.#free.push(slot);
    if (this.#inFlight === 0) this.flush();
    this.#wake?.();
  }

  /** Resolves when there is room to write, at once or after a slot was given back or {@link abandon} was called. */
  async room(): Promise<void> {
    if (this.#filling !== undefined) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Wakes the waiter for room: the thread will not give anything back. */
  abandon(): void {
    this.#filling ??= 0;
    this.#wake?.();
  }
}
