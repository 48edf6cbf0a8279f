import { FairQueue } from '../../queue/fair-queue.ts';

/** A job that takes its processor down so often is given up. */
export const MAX_CRASHES = 3;

/**
 * Finds out which of the jobs that a processor read when it ended was to blame. All of them are suspect, and go on one
 * after the other: a job that ends its processor again does so alone, and one that gets past what the processor had of
 * it is innocent. So a file that no processor survives is given up, and does not take other jobs along. Uploads that rest
 * are not read, and are no suspects (see `unanswered.ts`).
 */
export class Suspects {
  readonly #turn = new FairQueue(1);

  /** How many suspects wait for their turn. */
  get waitingCount(): number {
    return this.#turn.waitingCount;
  }

  /** For a job that begins, which nothing is known about. */
  newJob(): Suspect {
    return new Suspect(this.#turn);
  }
}

/** The evidence that is held against a job. */
export class Suspect {
  /** How often its processor ended, since it last got further than that. */
  crashes = 0;
  /** It is innocent when a checkpoint covers so many bytes of its file. */
  provenAtBytes: number | undefined;
  readonly #turn: FairQueue;
  #release: (() => void) | undefined;

  constructor(turn: FairQueue) {
    this.#turn = turn;
  }

  /** Waits for its turn, if it is suspect. @throws the signal's reason */
  async begin(signal: AbortSignal): Promise<void> {
    if (this.crashes > 0) this.#release = await this.#turn.acquire(signal);
  }

  /** It has ended for now, however that was. */
  end(): void {
    this.#release?.();
    this.#release = undefined;
  }

  /**
   * Its processor ended while it read the file.
   *
   * @param sentBytes of the file that the processor had; Infinity for all of it: then only its result proves anything
   */
  crashed(sentBytes: number): void {
    this.crashes++;
    this.provenAtBytes = Math.max(sentBytes, this.provenAtBytes ?? 0);
  }

  /** A checkpoint covers so many bytes of its file. */
  reached(bytes: number): void {
    if (this.provenAtBytes === undefined || bytes < this.provenAtBytes) return;
    this.crashes = 0;
    this.provenAtBytes = undefined;
    this.end();
  }
}
