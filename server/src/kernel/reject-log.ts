import { type KernelReject, MAX_REJECT_RAW_BYTES, REJECT_REASONS, type RejectReason } from './kernel.ts';

/** Counts rejected rows, and keeps the first ones to be handed out. */
export class RejectLog {
  readonly byReason: number[] = new Array(REJECT_REASONS).fill(0);
  total = 0;
  reported = 0;

  readonly #maxReported: number;
  #waiting: KernelReject[] = [];

  constructor(maxReported: number) {
    this.#maxReported = maxReported;
  }

  /**
   * Takes up a rejected record.
   *
   * @param buffer holds the record at `start..end`, or at least so much of it as is handed out
   * @param length of the whole record in bytes
   */
  add(
    reason: RejectReason,
    line: number,
    byteOffset: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    length: number,
  ): void {
    this.byReason[reason]!++;
    this.total++;
    if (this.reported >= this.#maxReported) return;
    this.reported++;
    const cut = start + cutAtCharacter(buffer.subarray(start, end));
    const raw = Buffer.from(buffer.buffer, buffer.byteOffset + start, cut - start).toString('utf8');
    this.#waiting.push({ line, byteOffset, reason, raw, rawTruncated: cut - start < length });
  }

  /** Hands out the rejects since the last call. */
  take(): KernelReject[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}

/** How much of a record to hand out: all, or the largest part within the limit that ends with a whole character. */
function cutAtCharacter(record: Uint8Array): number {
  if (record.length <= MAX_REJECT_RAW_BYTES) return record.length;
  // A character has at most three continuation bytes (10xxxxxx); more in a row are not UTF-8 and can be cut anywhere.
  for (let cut = MAX_REJECT_RAW_BYTES; cut > MAX_REJECT_RAW_BYTES - 4; cut--) {
    if ((record[cut]! & 0xc0) !== 0x80) return cut;
  }
  return MAX_REJECT_RAW_BYTES;
}
