import type { FairQueue } from '../../queue/fair-queue.ts';

const MiB = 1024 * 1024;
/**
 * How much one source writes while others wait for their turn: at most one write-back, and fewer with many, so that
 * everyone's turn comes about once a second. By the piece, eight fast uploads at once would take 1.2 times as long as one
 * after the other in memory, where their bytes drive each other out of the caches, and 1.5 times on a disk.
 */
const TURN_BYTES = { most: 32 * MiB, least: 4 * MiB, ofAll: 256 * MiB };

/** A source's turn to write, which begins and ends as often as need be. */
export class WriteTurn {
  readonly #turns: FairQueue;
  readonly #signal: AbortSignal;
  #release: (() => void) | undefined;
  #bytes = 0;

  constructor(turns: FairQueue, signal: AbortSignal) {
    this.#turns = turns;
    this.#signal = signal;
  }

  /** Whether it is somebody else's turn. */
  get mustWait(): boolean {
    return !this.#release && this.#turns.isFull;
  }

  /** Waits for the turn. After an abort it returns at once: little is left to write. */
  async come(): Promise<void> {
    if (this.#release) return;
    this.#release = await this.#turns.acquire(this.#signal).catch(() => () => {});
    this.#bytes = 0;
  }

  wrote(bytes: number): void {
    const { most, least, ofAll } = TURN_BYTES;
    this.#bytes += bytes;
    const share = ofAll / (this.#turns.waitingCount + 1);
    if (this.#bytes >= Math.min(most, Math.max(least, share))) this.end();
  }

  end(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
