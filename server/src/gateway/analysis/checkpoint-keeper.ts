import type { Checkpoint as CheckpointMessage, Reject } from '#gen/tallystream/v1/processor_pb.ts';
import { totalLength } from '../../bytes/total-length.ts';
import type { Spool } from '../spool/spool.ts';
import type { Checkpoint, JobStore } from '../store/job-store.ts';

/** Checkpoints take at most about this share of the time: large ones (a million departments) are made less often. */
const MAX_SHARE = 0.01;
/** The speed of processor, gateway and database together with a state: copies, checksum, frames, rows. */
const STATE_BYTES_PER_MS = 200_000;
/** But an analysis that breaks off should not lose more than this. */
const MAX_INTERVAL_MS = 60_000;

export interface KeeperOptions {
  store: JobStore;
  spool: Pick<Spool, 'sync'>;
  jobId: string;
  resultId: number;
  /** The checkpoint that the call went on from. */
  resumed: Checkpoint | undefined;
  /** Between two checkpoints, at least. */
  intervalMs: number;
  /** A checkpoint is wanted as soon as the call has so many bytes of the file. */
  askAtBytes: number | undefined;
  /** Asks the processor for a checkpoint of everything that was sent. */
  ask(): void;
  /** How much of the upload a position in the file stands for. */
  uploadBytesAt(bytes: number): number;
  /** A checkpoint was kept, which covers so many bytes of the file. */
  onKept(bytes: number): void;
}

/**
 * The checkpoints of one call: asks for them every few seconds while the call gets bytes, and keeps what comes. One is
 * kept only when everything that it rests on is safe: the rejected rows before it, and the bytes of the upload.
 */
export class CheckpointKeeper implements Disposable {
  readonly #options: KeeperOptions;
  #sentBytes: number;
  #keptBytes: number;
  #lastRejectOffset: number;
  #parts: Uint8Array[] = [];
  /** Whether one is awaited. */
  #isAsking = false;
  #askAtBytes: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #isDisposed = false;
  #waiting: (() => void)[] = [];

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#sentBytes = options.resumed?.bytes ?? 0;
    this.#keptBytes = this.#sentBytes;
    this.#lastRejectOffset = options.resumed?.lastRejectOffset ?? -1;
    this.#askAtBytes = options.askAtBytes ?? Number.POSITIVE_INFINITY;
    this.#restFor(options.intervalMs);
  }

  /** Bytes of the file that the processor has, those of an earlier call included. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** More bytes of the file are on their way to the processor. */
  sent(bytes: number): void {
    this.#sentBytes += bytes;
    if (this.#sentBytes < this.#askAtBytes) return;
    this.#askAtBytes = Number.POSITIVE_INFINITY;
    this.#ask();
  }

  /** The last byte was sent: the processor can be asked nothing more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Rejected rows have come; they are on their way into the store. */
  gotRejects(rejects: readonly Reject[]): void {
    const last = rejects.at(-1);
    if (last) this.#lastRejectOffset = Number(last.byteOffset);
  }

  /**
   * A part of a checkpoint has come.
   *
   * @param before the work that must be in the store before the checkpoint is
   * @returns the work that is left to do, for the last part
   */
  received({ bytes, state, more }: CheckpointMessage, before: () => Promise<void>): Promise<void> | undefined {
    this.#parts.push(state);
    if (more) return undefined;
    const { jobId, resultId, uploadBytesAt } = this.#options;
    const checkpoint = {
      jobId,
      resultId,
      bytes: Number(bytes),
      uploadBytes: uploadBytesAt(Number(bytes)),
      lastRejectOffset: this.#lastRejectOffset,
      state: this.#parts,
    };
    this.#parts = [];
    return this.#keep(checkpoint, before());
  }

  /** Resolves when everything that was sent is in a checkpoint. Nothing more may be sent. */
  async caughtUp(): Promise<void> {
    while (this.#keptBytes < this.#sentBytes) {
      this.#ask();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.end();
  }

  async #keep(checkpoint: Checkpoint, before: Promise<void>): Promise<void> {
    const { store, spool, intervalMs, onKept } = this.#options;
    await before;
    await spool.sync(checkpoint.jobId);
    if (this.#isDisposed) return;
    await store.putCheckpoint(checkpoint);
    if (this.#isDisposed) return;
    this.#keptBytes = checkpoint.bytes;
    this.#isAsking = false;
    const costMs = totalLength(checkpoint.state) / STATE_BYTES_PER_MS;
    this.#restFor(Math.max(intervalMs, Math.min(costMs / MAX_SHARE, MAX_INTERVAL_MS)));
    onKept(checkpoint.bytes);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #ask(): void {
    if (this.#isOver || this.#isAsking) return;
    this.#isAsking = true;
    this.#options.ask();
  }

  #restFor(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      if (this.#sentBytes > this.#keptBytes) this.#ask();
      else this.#restFor(this.#options.intervalMs);
    }, ms);
  }
}
