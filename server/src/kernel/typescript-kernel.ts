import { AmountReader } from './amount.ts';
import { CR, LF } from './ascii.ts';
import { BoundedBuffer } from './bounded-buffer.ts';
import { DepartmentTable } from './department-table.ts';
import { DepartmentTallies } from './department-tallies.ts';
import {
  type Kernel,
  type KernelReject,
  type KernelSnapshot,
  type KernelTotal,
  MAX_REJECT_RAW_BYTES,
  type ReadPlan,
  RejectReason,
} from './kernel.ts';
import { PlainRows } from './plain-rows.ts';
import { RecordFields } from './record-fields.ts';
import { RecordFault, RecordScanner } from './record-scanner.ts';
import { RejectLog } from './reject-log.ts';
import { sortNames } from './sort-names.ts';
import { topDepartments } from './top-departments.ts';

const REASON_OF_FAULT = {
  [RecordFault.MALFORMED_QUOTE]: RejectReason.MALFORMED_QUOTE,
  [RecordFault.UNTERMINATED_QUOTE]: RejectReason.UNTERMINATED_QUOTE,
  [RecordFault.TOO_LONG]: RejectReason.RECORD_TOO_LONG,
} as const;

/**
 * The kernel in TypeScript: plain and exact, the one that every other kernel is measured against.
 *
 * Rows go one of two ways. Plain rows are read by {@link PlainRows} in one pass, right where they lie in the chunk. All
 * others (quoted, cut by the chunk's end, to be rejected) are delimited by {@link RecordScanner}, which can stop at any
 * byte, and then split by {@link RecordFields}. Both ways must agree on every record: the tests cut every case everywhere.
 */
export class TypeScriptKernel implements Kernel {
  readonly #plan: ReadPlan;
  readonly #scanner: RecordScanner;
  readonly #fields: RecordFields;
  readonly #amount: AmountReader;
  readonly #table: DepartmentTable;
  readonly #tallies = new DepartmentTallies();
  readonly #plainRows: PlainRows;
  readonly #rejects: RejectLog;
  /** The beginning of a record whose end has not arrived. */
  readonly #carry: BoundedBuffer;

  /** Bytes of all chunks before the one at hand. */
  #offset = 0;
  #recordOffset = 0;
  /** Physical lines that have ended. */
  #lines = 0;
  #rows = 0;
  #blankLines = 0;
  #isHeaderAwaited: boolean;
  /** A record has begun in an earlier chunk. */
  #isInRecord = false;
  /** The last byte was a CR that ended a record: a LF that follows belongs to it. */
  #isAfterCr = false;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
    this.#scanner = new RecordScanner(plan);
    this.#fields = new RecordFields(plan);
    this.#amount = new AmountReader(plan);
    this.#table = new DepartmentTable(plan.maxDepartments);
    this.#plainRows = new PlainRows(plan, this.#table, this.#tallies, this.#amount);
    this.#rejects = new RejectLog(plan.maxRejects);
    // One byte more than is handed out of a reject tells whether the cut is inside a character.
    this.#carry = new BoundedBuffer(Math.max(plan.maxRecordBytes, MAX_REJECT_RAW_BYTES + 1));
    this.#isHeaderAwaited = plan.hasHeader;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    if (this.#isInRecord) at = this.#resumeRecord(chunk);
    const fastEnd = afterLastLineBreak(chunk);
    while (at < chunk.length) {
      if (this.#isAfterCr) {
        this.#isAfterCr = false;
        if (chunk[at] === LF && ++at === chunk.length) break;
      }
      if (at < fastEnd && !this.#isHeaderAwaited) {
        at = this.#readPlainRows(chunk, at, fastEnd);
        if (at === fastEnd) continue;
      }
      at = this.#startRecord(chunk, at);
    }
    this.#offset += chunk.length;
  }

  finish(): void {
    if (!this.#isInRecord) return;
    this.#isInRecord = false;
    this.#scanner.end();
    this.#readRecord(this.#carry.bytes, 0, this.#carry.length);
    this.#carry.clear();
  }

  snapshot(topCount: number): KernelSnapshot {
    const table = this.#table;
    const top = topDepartments(this.#tallies.sums, table.count, topCount, (a, b) => table.compareNames(a, b));
    return {
      rows: this.#rows,
      rowsRejected: this.#rejects.total,
      rejectedByReason: [...this.#rejects.byReason],
      rejectsReported: this.#rejects.reported,
      blankLines: this.#blankLines,
      departments: table.count,
      total: this.#tallies.total,
      totalScale: this.#tallies.totalScale,
      top: top.map((id) => this.#total(id)),
    };
  }

  takeRejects(): KernelReject[] {
    return this.#rejects.take();
  }

  *totals(batchSize: number): Iterable<KernelTotal[]> {
    const order = sortNames(this.#table);
    for (let from = 0; from < order.length; from += batchSize) {
      yield Array.from(order.subarray(from, from + batchSize), (id) => this.#total(id));
    }
  }

  #total(id: number): KernelTotal {
    return { department: this.#table.name(id), ...this.#tallies.figures(id) };
  }

  /** Reads rows the fast way. Returns where it stopped: at `to`, or at a record for the other way. */
  #readPlainRows(chunk: Uint8Array, from: number, to: number): number {
    const reached = this.#plainRows.read(chunk, from, to);
    this.#rows += this.#plainRows.rows;
    this.#lines += this.#plainRows.rows;
    this.#isAfterCr = this.#plainRows.endsAfterCr;
    return reached;
  }

  /** Begins a record at `from`. Returns where the next one begins, or the chunk's end. */
  #startRecord(chunk: Uint8Array, from: number): number {
    this.#recordOffset = this.#offset + from;
    this.#scanner.reset();
    const end = this.#scanner.scan(chunk, from, chunk.length);
    if (end < 0) {
      this.#isInRecord = true;
      this.#carry.append(chunk, from, chunk.length);
      return chunk.length;
    }
    this.#readRecord(chunk, from, end);
    this.#isAfterCr = chunk[end] === CR;
    return end + 1;
  }

  /** Goes on with the record that an earlier chunk left unfinished. */
  #resumeRecord(chunk: Uint8Array): number {
    const end = this.#scanner.scan(chunk, 0, chunk.length);
    this.#carry.append(chunk, 0, end < 0 ? chunk.length : end);
    if (end < 0) return chunk.length;
    this.#isInRecord = false;
    this.#readRecord(this.#carry.bytes, 0, this.#carry.length);
    this.#carry.clear();
    this.#isAfterCr = chunk[end] === CR;
    return end + 1;
  }

  /** Takes up one record, delimited by the scanner, in any form. */
  #readRecord(buffer: Uint8Array, start: number, end: number): void {
    const reason = this.#countRecord(buffer, start, end);
    const { length, lineBreaks } = this.#scanner;
    if (reason !== 0) this.#rejects.add(reason, this.#lines + 1, this.#recordOffset, buffer, start, end, length);
    this.#lines += 1 + lineBreaks;
  }

  #countRecord(buffer: Uint8Array, start: number, end: number): RejectReason | 0 {
    const { fault } = this.#scanner;
    this.#fields.open(buffer, start, end);
    if (fault === RecordFault.NONE && this.#fields.isBlank()) {
      this.#blankLines++;
      return 0;
    }
    if (this.#isHeaderAwaited) {
      this.#isHeaderAwaited = false;
      return 0;
    }
    return fault === RecordFault.NONE ? this.#countRow() : REASON_OF_FAULT[fault];
  }

  #countRow(): RejectReason | 0 {
    const fields = this.#fields;
    const { columnCount, departmentIndex, amountIndex } = this.#plan;
    let name = fields.bytes;
    let nameStart = 0;
    let nameEnd = 0;
    let amountReason: RejectReason | 0 = 0;
    let column = 0;
    for (; fields.next(); column++) {
      if (column === departmentIndex) {
        name = fields.bytes;
        nameStart = fields.start;
        nameEnd = fields.end;
      } else if (column === amountIndex) {
        amountReason = this.#amount.read(fields.bytes, fields.start, fields.end);
      }
    }
    if (column !== columnCount) return RejectReason.COLUMN_COUNT;
    if (nameStart === nameEnd) return RejectReason.EMPTY_DEPARTMENT;
    if (amountReason !== 0) return amountReason;
    const id = this.#table.findOrAdd(name, nameStart, nameEnd);
    if (id < 0) return RejectReason.INVALID_ENCODING;
    this.#tallies.add(id, this.#amount.high, this.#amount.low, this.#amount.decimals);
    this.#rows++;
    return 0;
  }
}

/** The index after the last CR or LF, 0 if there is none. */
function afterLastLineBreak(chunk: Uint8Array): number {
  let at = chunk.length;
  while (at > 0 && chunk[at - 1] !== LF && chunk[at - 1] !== CR) at--;
  return at;
}
