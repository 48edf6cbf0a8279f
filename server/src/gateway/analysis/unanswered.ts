/**
 * The part of a call's work that its processor has taken up and not answered yet. A processor that ends in the middle of
 * it may have died of it; one that had answered everything died of something else.
 */
export class Unanswered {
  #sentBytes: number;
  #answeredBytes = -1;
  #hasPlace = false;
  #isAsked = false;
  #isAllSent = false;

  /** @param startBytes bytes of the file that the checkpoint covers, which the call goes on from; 0 for a new call */
  constructor(startBytes: number) {
    this.#sentBytes = startBytes;
  }

  /** The bytes of the file that are sent, those of the checkpoint included. */
  sent(bytes: number): void {
    this.#sentBytes = bytes;
  }

  /** The last byte is sent: only the result is an answer. */
  sentAll(): void {
    this.#isAllSent = true;
  }

  /** A checkpoint is asked for. */
  asked(): void {
    this.#isAsked = true;
  }

  /** The checkpoint has come, whole. */
  gotCheckpoint(): void {
    this.#isAsked = false;
  }

  /** The processor says how many bytes it has read; a call that is queued there is not read at all. */
  progressed({ queued, bytes }: { queued: boolean; bytes: bigint }): void {
    if (queued) return;
    this.#hasPlace = true;
    this.#answeredBytes = Math.max(this.#answeredBytes, Number(bytes));
  }

  /** Whether the processor was at work on the file, as far as its answers tell. */
  get isBeingRead(): boolean {
    return this.#hasPlace && (this.#isAllSent || this.#isAsked || this.#answeredBytes < this.#sentBytes);
  }

  /** A checkpoint that covers so many bytes proves that the processor survives what it has now; Infinity: the result. */
  get provenAtBytes(): number {
    return this.#isAllSent ? Number.POSITIVE_INFINITY : this.#sentBytes;
  }
}
