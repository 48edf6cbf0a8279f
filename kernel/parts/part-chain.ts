import type { KernelReject, KernelSnapshot, KernelTotal, NamesReport, ResumableKernel } from '../kernel.ts';
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
 * Merges the parts of a text, which come in any order, in the order of the text. A part holds if it begins where the one
 * before has ended; else it is asked for again. What is merged is always what one kernel would have made of the text up
 * to there.
 */
export class PartChain implements Omit<ResumableKernel, 'push' | 'finish'> {
  readonly plan: PartPlan;
  readonly ranges: readonly PartRange[];
  /** Parts that wait for one before them. */
  readonly #waiting = new Map<number, Part>();
  #kernel: WasmKernel | undefined;
  #next = 0;
  #at: PartStart;
  #rejects: KernelReject[] = [];
  #rejectsHandedOut = 0;

  /** @param ranges of the parts: each begins where the one before ends */
  constructor(plan: PartPlan, ranges: readonly PartRange[]) {
    this.plan = plan;
    this.ranges = ranges;
    this.#at = { at: ranges[0]?.from ?? 0, isHeaderAwaited: plan.plan.hasHeader };
  }

  /** The place up to which everything is merged. The first part begins there. */
  get reached(): PartStart {
    return this.#at;
  }

  /** How many parts wait for one before them. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Rejected rows that may still be handed out. */
  get rejectsLeft(): number {
    return this.plan.plan.maxRejects - this.#rejectsHandedOut;
  }

  /** Whether all parts are merged. */
  get isDone(): boolean {
    return this.#next === this.ranges.length;
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
    for (; !this.isDone; this.#next++) {
      // The records of a part may all belong to one that began before it.
      if (this.#next > 0 && this.#at.at > this.ranges[this.#next]!.to) {
        this.#waiting.delete(this.#next);
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
    }
    return undefined;
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

  totals(batchSize: number): Iterable<KernelTotal[]> {
    return this.#merged.totals(batchSize);
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
    this.#kernel ??= new WasmKernel(this.plan.plan);
    return this.#kernel;
  }

  #merge({ state, rejects, end, failure }: Part): void {
    if (failure) throw failure;
    const lines = this.#kernel?.lines ?? 0;
    const offset = this.#kernel?.textBytes ?? 0;
    this.#at = end;
    if (state.length > 0) {
      if (this.#kernel) this.#kernel.merge(state);
      else this.#kernel = new WasmKernel(this.plan.plan, state);
    }
    for (const reject of rejects.slice(0, this.rejectsLeft)) {
      this.#rejectsHandedOut++;
      this.#rejects.push({ ...reject, line: reject.line + lines, byteOffset: reject.byteOffset + offset });
    }
  }
}

function isSame(start: PartStart, other: PartStart): boolean {
  return start.at === other.at && start.isHeaderAwaited === other.isHeaderAwaited;
}
