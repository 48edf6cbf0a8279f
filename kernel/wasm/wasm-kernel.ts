import { randomBytes } from 'node:crypto';
import {
  AMOUNT_BYTES,
  AMOUNTS,
  BLANK_LINES,
  CURRENCY,
  DEPARTMENTS,
  FILTERED,
  GROUP_BYTES,
  GROUPS,
  IS_AFTER_CR,
  IS_HEADER_AWAITED,
  IS_IN_RECORD,
  LINES,
  NO_FACTOR,
  OFFSET,
  REJECTED,
  REPORTED,
  ROWS,
  TOO_MANY_DEPARTMENTS,
  TOO_MANY_NAME_BYTES,
  TOP,
  UNIT_BYTES,
} from '#gen/kernel-constants.ts';
import { copyBytes } from '../copy-bytes.ts';
import type { KernelCourse } from '../course.ts';
import {
  type AmountColumn,
  DATE_ORDERS,
  type GroupColumn,
  type KernelReject,
  type KernelSnapshot,
  type KernelTotal,
  MAX_BATCH_BYTES,
  MAX_CURRENCY_BYTES,
  MAX_NAME_BYTES,
  type NamesReport,
  PERIODS,
  REJECT_REASONS,
  type ReadPlan,
  type RejectReason,
  type ResumableKernel,
} from '../kernel.ts';
import { pairToBigInt, unitOf, WasmDepartments } from './departments.ts';
import { readEvidence } from './evidence.ts';
import { setFilters } from './filters.ts';
import { outOfMemory, tooManyDepartments, tooManyNameBytes } from './limit-errors.ts';
import { LiveCourse } from './live-course.ts';
import { createMemory, layOutMemory, type MemoryLayout, PIECE_BYTES } from './memory-layout.ts';
import { instantiateKernel, type WasmExports } from './module.ts';
import { reportKeys, reportNames } from './names.ts';
import { entriesOffset, mergeState, readState, writeState } from './state.ts';
import { TotalsEncoder } from './totals-encoder.ts';

/**
 * The kernel in WebAssembly (`assembly/`), with an instance and a memory of its own. The memory grows with the number of
 * departments, up to `kernelMemoryBytes`.
 *
 * A snapshot has at most 4,096 leading departments.
 */
export class WasmKernel implements ResumableKernel {
  readonly #layout: MemoryLayout;
  readonly #memory: WebAssembly.Memory;
  readonly #wasm: WasmExports;
  /** All of the memory; made anew when that has grown. */
  #bytes: Buffer;
  #rejects: KernelReject[] = [];
  readonly #limits: Pick<ReadPlan, 'maxRecordBytes' | 'amounts'>;
  /** Whether the names of departments are keys: see `group-key.ts`. */
  readonly #hasKeys: boolean;
  readonly #hasSeveralColumns: boolean;
  readonly #amounts: readonly AmountColumn[] | undefined;
  readonly #course: LiveCourse | undefined;
  /** The state that is being merged. */
  #merged: Uint8Array | undefined;
  #reservedAt = 0;

  /**
   * @param state an earlier {@link checkpoint} of a kernel with the same plan, to go on from
   * @throws KernelError `CHECKPOINT_INVALID`, `OUT_OF_MEMORY`
   */
  constructor(plan: ReadPlan, state?: Uint8Array) {
    const layout = layOutMemory(plan);
    this.#layout = layout;
    this.#limits = plan;
    this.#hasKeys = plan.groups !== undefined;
    this.#amounts = plan.amounts;
    this.#course = LiveCourse.of(plan.groups);
    this.#hasSeveralColumns =
      plan.groups !== undefined && (plan.groups.length > 1 || plan.groups[0]?.period !== undefined);
    this.#memory = createMemory(layout);
    this.#bytes = Buffer.from(this.#memory.buffer);
    this.#wasm = instantiateKernel(this.#memory, {
      report: (...reject) => this.#addReject(...reject),
      fetchUnit: (number, to) => this.#fetchUnit(number, to),
    });
    const wasm = this.#wasm;
    const currencyBytes = this.#bytes.write(plan.currency, CURRENCY, MAX_CURRENCY_BYTES, 'utf8');
    wasm.placeRegions(layout.scratch, layout.input, layout.inputEnd, layout.slots, layout.entries);
    wasm.setFormat(
      plan.delimiter,
      plan.quote,
      plan.columnCount,
      plan.departmentIndex,
      plan.amountIndex,
      plan.decimalSeparator,
      plan.groupSeparator,
      plan.isAnyGroup,
      plan.allowNegative,
      plan.trim,
      currencyBytes,
    );
    if (plan.groups) this.#setGroups(plan.groups);
    if (plan.amounts) this.#setAmounts(plan.amounts);
    wasm.setLimits(plan.maxRecordBytes, layout.maxDepartments, MAX_NAME_BYTES, plan.maxRejects);
    const seeds = randomBytes(24);
    wasm.setSeeds(seeds.readBigInt64LE(0), seeds.readBigInt64LE(8), seeds.readBigInt64LE(16));
    if (plan.where) setFilters(plan.where, this.#bytes, wasm);
    if (wasm.growTable(0) === 0) throw outOfMemory();
    if (state) readState(state, this.#memory, wasm, { ...plan, layout });
    else this.#view().setUint32(IS_HEADER_AWAITED, plan.hasHeader ? 1 : 0, true);
  }

  #setGroups(groups: readonly GroupColumn[]): void {
    for (const [at, { index, period, order }] of groups.entries()) {
      const group = [index, period ? PERIODS.indexOf(period) + 1 : 0, order ? DATE_ORDERS.indexOf(order) : 0];
      for (const [field, value] of group.entries()) {
        this.#view().setUint32(GROUPS + at * GROUP_BYTES + field * 4, value, true);
      }
    }
    this.#wasm.setGroups(groups.length);
  }

  #setAmounts(amounts: readonly AmountColumn[]): void {
    for (const [at, { index, factor = NO_FACTOR }] of amounts.entries()) {
      this.#view().setUint32(AMOUNTS + at * AMOUNT_BYTES, index, true);
      this.#view().setUint32(AMOUNTS + at * AMOUNT_BYTES + 4, factor >>> 0, true);
    }
    this.#wasm.setAmounts(amounts.length);
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.length <= PIECE_BYTES ? chunk : chunk.subarray(at, at + PIECE_BYTES);
      copyBytes(piece, this.reserve(piece.length), 0);
      this.take(piece.length);
    }
  }

  /**
   * Where the next bytes of the file may be put right away, instead of a {@link push}, which copies them there.
   *
   * @param length at most {@link PIECE_BYTES}
   * @returns a view to be filled from its start before {@link take}, and not used afterwards
   */
  reserve(length: number): Buffer {
    this.#reservedAt = this.#wasm.reservePiece(length);
    return this.#memoryBytes().subarray(this.#reservedAt, this.#reservedAt + length);
  }

  /**
   * Takes up the bytes that were put where {@link reserve} said.
   *
   * @param length how many, not more than were reserved
   * @throws KernelError as {@link push}
   */
  take(length: number): void {
    this.#check(this.#wasm.takePiece(this.#reservedAt, length));
  }

  /**
   * Takes up the bytes that were put where {@link reserve} said, to the end of the record that is open, and no further.
   *
   * @returns how many: all of them if the record goes on; none if no record is open
   * @throws KernelError as {@link push}
   */
  takeRecordEnd(length: number): number {
    const taken = this.#wasm.takeRecordEnd(this.#reservedAt, length);
    this.#check(Math.max(0, -taken));
    return taken;
  }

  finish(): void {
    this.#check(this.#wasm.endPieces());
  }

  snapshot(topCount: number): KernelSnapshot {
    const wasm = this.#wasm;
    const top = wasm.summarize(topCount);
    const view = this.#view();
    const departments = this.#departments();
    const rejectedByReason = Array.from({ length: REJECT_REASONS }, (_, reason) =>
      Number(view.getBigUint64(REJECTED + reason * 8, true)),
    );
    const readTotal = () => pairToBigInt(BigInt.asUintN(64, wasm.totalLow.value), wasm.totalHigh.value);
    const total = { total: readTotal(), totalScale: wasm.totalScale.value };
    const totals = this.#amounts?.map((amount, index) => {
      wasm.addUp(index);
      const hasNegative = wasm.totalHasNegative.value !== 0;
      return { sum: readTotal(), scale: wasm.totalScale.value, hasNegative, ...unitOf(amount) };
    });
    return {
      rows: Number(view.getBigUint64(ROWS, true)),
      rowsRejected: rejectedByReason.reduce((sum, count) => sum + count, 0),
      rejectedByReason,
      rejectsReported: Number(view.getBigUint64(REPORTED, true)),
      rowsFiltered: Number(view.getBigUint64(FILTERED, true)),
      blankLines: Number(view.getBigUint64(BLANK_LINES, true)),
      departments: view.getUint32(DEPARTMENTS, true),
      ...total,
      ...(totals && { totals }),
      evidence: readEvidence(this.#memory.buffer),
      top: Array.from({ length: top }, (_, rank) => departments.total(view.getUint32(TOP + rank * 4, true))),
    };
  }

  /** The sums over time so far; undefined where rows are not grouped by a period, or there is too much of them. */
  course(): KernelCourse | undefined {
    return this.#course?.read(this.#departments(), this.#view().getUint32(DEPARTMENTS, true));
  }

  takeRejects(): KernelReject[] {
    const taken = this.#rejects;
    this.#rejects = [];
    return taken;
  }

  *totals(batchSize: number): Iterable<KernelTotal[]> {
    const departments = this.#departments();
    for (const batch of this.#batches(departments, batchSize)) {
      yield Array.from(batch, (entry) => departments.total(entry));
    }
  }

  /**
   * As {@link totals}, each batch as the bytes of a `TotalsBatch`, in memory of its own.
   *
   * @param encode makes them of totals whose amounts do not fit into 64 bits
   */
  *encodedTotals(batchSize: number, encode: (totals: KernelTotal[]) => Uint8Array): Iterable<Uint8Array<ArrayBuffer>> {
    const departments = this.#departments();
    if (this.#hasKeys) {
      for (const totals of this.totals(batchSize)) yield Uint8Array.from(encode(totals));
      return;
    }
    const encoder = new TotalsEncoder(this.#memory, this.#wasm, this.#layout);
    for (const batch of this.#batches(departments, batchSize)) {
      yield encoder.encode(batch, (entry) => encode([departments.total(entry)]));
    }
  }

  /** The addresses of all departments in order, in the batches that a {@link Kernel} promises. */
  *#batches(departments: WasmDepartments, batchSize: number): Generator<Uint32Array> {
    for (const part of departments.sorted(this.#view().getUint32(DEPARTMENTS, true), batchSize)) {
      let from = 0;
      let bytes = 0;
      for (let at = 0; at < part.length; at++) {
        const length = departments.nameLength(part[at]!);
        if (at > from && bytes + length > MAX_BATCH_BYTES) {
          yield part.subarray(from, at);
          from = at;
          bytes = 0;
        }
        bytes += length;
      }
      yield part.subarray(from);
    }
  }

  names(total: bigint): NamesReport {
    const departments = this.#departments();
    if (this.#hasSeveralColumns) return reportKeys(departments, this.#view().getUint32(DEPARTMENTS, true));
    return reportNames(departments, this.#view().getUint32(DEPARTMENTS, true), total);
  }

  checkpoint(): Uint8Array {
    return writeState(this.#memory, this.#wasm);
  }

  /**
   * Merges the state of another kernel with the same plan, which has read the part of the file that follows: afterwards
   * this one is as if it had read both. Neither may be inside a record.
   *
   * @param state a {@link checkpoint} of the other, which is finished or at the end of a record
   * @throws KernelError `CHECKPOINT_INVALID`, `TOO_MANY_DEPARTMENTS`, `OUT_OF_MEMORY`; no further call may follow then
   */
  merge(state: Uint8Array): void {
    this.#merged = state;
    try {
      this.#check(mergeState(state, this.#memory, this.#wasm, { ...this.#limits, layout: this.#layout }));
    } finally {
      this.#merged = undefined;
    }
  }

  /** Whether a record has begun that has not ended yet. */
  get isInRecord(): boolean {
    return this.#view().getUint32(IS_IN_RECORD, true) !== 0;
  }

  /** Whether the last byte was a CR that ended a record: a LF that follows belongs to it. */
  get isAfterCr(): boolean {
    return this.#view().getUint32(IS_AFTER_CR, true) !== 0;
  }

  /** Whether no record has come yet that names the columns, although one should. */
  get isHeaderAwaited(): boolean {
    return this.#view().getUint32(IS_HEADER_AWAITED, true) !== 0;
  }

  /** Bytes of the text so far. */
  get textBytes(): number {
    return Number(this.#view().getBigUint64(OFFSET, true));
  }

  /** The physical lines that have ended. */
  get lines(): number {
    return Number(this.#view().getBigUint64(LINES, true));
  }

  #addReject(
    reason: number,
    line: number,
    byteOffset: number,
    raw: number,
    rawBytes: number,
    isTruncated: number,
    lines: number,
  ): void {
    this.#rejects.push({
      line,
      byteOffset,
      reason: reason as RejectReason,
      raw: this.#memoryBytes().toString('utf8', raw, raw + rawBytes),
      rawTruncated: isTruncated !== 0,
      lines,
    });
  }

  #fetchUnit(number: number, to: number): void {
    const at = entriesOffset(this.#merged!) + number * UNIT_BYTES;
    this.#memoryBytes().set(this.#merged!.subarray(at, at + UNIT_BYTES), to);
  }

  /** @throws KernelError */
  #check(failure: number): void {
    if (failure === 0) return;
    if (failure === TOO_MANY_DEPARTMENTS) throw tooManyDepartments(this.#layout.maxDepartments);
    if (failure === TOO_MANY_NAME_BYTES) throw tooManyNameBytes();
    throw outOfMemory();
  }

  #departments(): WasmDepartments {
    return new WasmDepartments(this.#memory.buffer, this.#wasm, this.#hasKeys, this.#amounts);
  }

  #memoryBytes(): Buffer {
    // A buffer that was left behind by a growth has no length.
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(this.#memory.buffer);
    return this.#bytes;
  }

  #view(): DataView {
    return new DataView(this.#memory.buffer);
  }
}
