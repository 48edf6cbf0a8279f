import type { KernelCourse } from '../course.ts';
import type {
  EncodeTotals,
  KernelReject,
  KernelSnapshot,
  KernelTotal,
  NamesReport,
  ReadPlan,
  ResumableKernel,
} from '../kernel.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';
import type { Part, PartPlan, PartRange, PartStart } from './part.ts';

/** A part that is wanted: one that nobody has read yet, or one that must be read again. */
export interface PartAgain {
  index: number;
  /** Undefined where it must be guessed. */
  start: PartStart | undefined;
  /** See `readPart`. */
  maxRejects: number;
}

/**
 * Merges the parts of one or more texts, which come in any order, in the order of the texts. A part holds if it begins where
 * the one before has ended, and the first of a text where that begins; else it is asked for again. What is merged is always
 * what one kernel would have made of the texts up to there, each with a header of its own if they have any.
 */
export class PartChain implements Omit<ResumableKernel, 'push' | 'finish'> {
  readonly ranges: readonly PartRange[];
  readonly #texts: readonly PartPlan[];
  /** Parts that wait for one before them. */
  readonly #waiting = new Map<number, Part>();
  #kernel: WasmKernel | undefined;
  #next = 0;
  #at: PartStart;
  /** What was merged of the texts before the one at hand. */
  #before = { bytes: 0, lines: 0, textBytes: 0 };
  /** The lines before each text that has begun. */
  readonly #linesBefore = [0];
  #rejects: KernelReject[] = [];
  #rejectsHandedOut = 0;

  /**
   * @param texts how each is read: all by one plan
   * @param ranges of the parts, those of each text together: each begins where the one before ends
   * @param begun a kernel that has read the beginning, up to where the first range begins, and ended a record there
   */
  constructor(texts: readonly PartPlan[], ranges: readonly PartRange[], begun?: WasmKernel) {
    this.#texts = texts;
    this.ranges = ranges;
    this.#kernel = begun;
    this.#at = begun
      ? { at: ranges[0]?.from ?? 0, isHeaderAwaited: begun.isHeaderAwaited }
      : this.#startOfText(ranges[0]?.from ?? 0);
    this.#rejectsHandedOut = begun?.snapshot(0).rejectsReported ?? 0;
  }

  /** How the text of a range is read. */
  planOf({ text }: PartRange): PartPlan {
    return this.#texts[text]!;
  }

  /** Where a part begins that is the first of its text; undefined for any other. */
  startOf(index: number): PartStart | undefined {
    if (index === 0) return this.#next === 0 ? this.#at : undefined;
    const { text, from } = this.ranges[index]!;
    return text === this.ranges[index - 1]!.text ? undefined : this.#startOfText(from);
  }

  #startOfText(at: number): PartStart {
    return { at, isHeaderAwaited: this.#plan.hasHeader };
  }

  get #plan(): ReadPlan {
    return this.#texts[0]!.plan;
  }

  /** The place up to which everything is merged, in its text. */
  get reached(): PartStart {
    return this.#at;
  }

  /** The text in which {@link reached} is; the last one at the end. */
  get reachedText(): number {
    return this.ranges[Math.min(this.#next, this.ranges.length - 1)]?.text ?? 0;
  }

  /** The bytes of all texts up to {@link reached}. */
  get bytes(): number {
    return this.#before.bytes + this.#at.at;
  }

  /** Whether everything up to the end of a part lies before {@link reached}. */
  isBehind({ text, to }: PartRange): boolean {
    return text < this.reachedText || (text === this.reachedText && to < this.#at.at);
  }

  /** How many parts wait for one before them. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Rejected rows that may still be handed out. */
  get rejectsLeft(): number {
    return this.#plan.maxRejects - this.#rejectsHandedOut;
  }

  /** Whether all parts are merged. */
  get isDone(): boolean {
    return this.#next === this.ranges.length;
  }

  /** The text that a line of all lines together is in, and its line there. */
  placeOf(line: number): { text: number; line: number } {
    const text = this.#linesBefore.findLastIndex((before) => before < line);
    return { text, line: line - this.#linesBefore[text]! };
  }

  /**
   * Takes a part, and merges all that now can be.
   *
   * @returns a part that has to be read again, to be given here as well; undefined if none is known to be
   * @throws KernelError the failure of a part, or `TOO_MANY_DEPARTMENTS` and `OUT_OF_MEMORY` of all together
   */
  add(index: number, part: Part): PartAgain | undefined {
    // It was found to have no record of its own.
    if (index >= this.#next) this.#waiting.set(index, part);
    while (!this.isDone) {
      // The records of a part may all belong to one that began before it.
      if (this.#next > 0 && this.isBehind(this.ranges[this.#next]!)) {
        this.#waiting.delete(this.#next);
        this.#advance();
        continue;
      }
      const next = this.#waiting.get(this.#next);
      if (!next) return undefined;
      this.#waiting.delete(this.#next);
      const isWhole = !next.isRejectsCut || next.rejects.length >= this.rejectsLeft;
      if (!isSame(next.start, this.#at) || !isWhole) {
        return { index: this.#next, start: this.#at, maxRejects: this.rejectsLeft };
      }
      this.#merge(next);
      this.#advance();
    }
    return undefined;
  }

  /** Goes on to the next part, which may be the first of a text. */
  #advance(): void {
    const start = ++this.#next < this.ranges.length ? this.startOf(this.#next) : undefined;
    if (!start) return;
    const { lines = 0, textBytes = 0 } = this.#kernel ?? {};
    this.#before = { bytes: this.bytes, lines, textBytes };
    this.#linesBefore.push(lines);
    this.#at = start;
  }

  /** The rejected rows of the merged parts since the last call, in the order of the text, as one kernel gives them. */
  takeRejects(): KernelReject[] {
    const taken = this.#rejects;
    this.#rejects = [];
    return taken;
  }

  snapshot(topCount: number): KernelSnapshot {
    return this.#merged.snapshot(topCount);
  }

  course(): KernelCourse | undefined {
    return this.#merged.course();
  }

  totals(batchSize: number): Iterable<KernelTotal[]> {
    return this.#merged.totals(batchSize);
  }

  encodedTotals(batchSize: number, encode: EncodeTotals): Iterable<Uint8Array<ArrayBuffer>> {
    return this.#merged.encodedTotals(batchSize, encode);
  }

  names(total: bigint): NamesReport {
    return this.#merged.names(total);
  }

  /** The state of one kernel that has read up to {@link reached}. */
  checkpoint(): Uint8Array {
    return this.#merged.checkpoint();
  }

  /** The kernel of what is merged so far. */
  get #merged(): WasmKernel {
    this.#kernel ??= new WasmKernel(this.#plan);
    return this.#kernel;
  }

  #merge({ state, rejects, end, failure }: Part): void {
    if (failure) throw failure;
    const lines = (this.#kernel?.lines ?? 0) - this.#before.lines;
    const offset = (this.#kernel?.textBytes ?? 0) - this.#before.textBytes;
    const { text } = this.ranges[this.#next]!;
    this.#at = end;
    if (state.length > 0) {
      if (this.#kernel) this.#kernel.merge(state);
      else this.#kernel = new WasmKernel(this.#plan, state);
    }
    for (const reject of rejects.slice(0, this.rejectsLeft)) {
      this.#rejectsHandedOut++;
      const place = { line: reject.line + lines, byteOffset: reject.byteOffset + offset };
      this.#rejects.push({ ...reject, ...place, ...(text > 0 && { text }) });
    }
  }
}

function isSame(start: PartStart, other: PartStart): boolean {
  return start.at === other.at && start.isHeaderAwaited === other.isHeaderAwaited;
}
