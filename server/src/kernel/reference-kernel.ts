import { isUtf8 } from 'node:buffer';
import { CR, LF } from './ascii.ts';
import { tooManyDepartments } from './department-limits.ts';
import {
  AMOUNT_DECIMALS,
  AMOUNT_DIGITS,
  type Kernel,
  type KernelReject,
  type KernelSnapshot,
  type KernelTotal,
  MAX_REJECT_RAW_BYTES,
  REJECT_REASONS,
  type ReadPlan,
  RejectReason,
} from './kernel.ts';

/** A record of the text: `end` is that of its content, `next` is where another one may begin. */
interface ReferenceRecord {
  start: number;
  end: number;
  next: number;
  /** Unquoted and trimmed, or what is wrong with the record. */
  fields: Buffer[] | RejectReason;
}

/** Tab, LF, VT, FF, CR, space. */
const WHITE_SPACE = [9, 10, 11, 12, 13, 32];

/**
 * The rules in their plainest form, slow and with the whole file in memory: what the tests hold the real kernel against.
 * It shares no code with it, nor with what looks at the head of a file.
 */
export class ReferenceKernel implements Kernel {
  readonly #plan: ReadPlan;
  readonly #chunks: Uint8Array[] = [];
  readonly #totals = new Map<string, KernelTotal>();
  readonly #rejectedByReason = new Array<number>(REJECT_REASONS).fill(0);
  #rejects: KernelReject[] = [];
  #rejectsReported = 0;
  #rows = 0;
  #blankLines = 0;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(Uint8Array.from(chunk));
  }

  /** Reads the file, all at once. */
  finish(): void {
    const text = Buffer.concat(this.#chunks);
    let isHeaderAwaited = this.#plan.hasHeader;
    for (let at = 0; at < text.length; ) {
      const record = this.#findRecord(text, at);
      at = record.next;
      const { start, end, fields } = record;
      if (typeof fields !== 'number' && this.#trim(text.subarray(start, end)).length === 0) {
        this.#blankLines++;
      } else if (isHeaderAwaited) {
        isHeaderAwaited = false;
      } else {
        const reason = typeof fields === 'number' ? fields : this.#countRow(fields);
        if (reason !== 0) this.#reject(text, record, reason);
      }
    }
  }

  snapshot(topCount: number): KernelSnapshot {
    const all = [...this.#totals.values()];
    const ranked = all.sort((a, b) => (a.sum < b.sum ? 1 : a.sum > b.sum ? -1 : compareNames(a, b)));
    return {
      rows: this.#rows,
      rowsRejected: this.#rejectedByReason.reduce((sum, count) => sum + count, 0),
      rejectedByReason: [...this.#rejectedByReason],
      rejectsReported: this.#rejectsReported,
      blankLines: this.#blankLines,
      departments: all.length,
      total: all.reduce((total, { sum }) => total + sum, 0n),
      totalScale: Math.max(0, ...all.map(({ scale }) => scale)),
      top: ranked.slice(0, topCount),
    };
  }

  takeRejects(): KernelReject[] {
    const taken = this.#rejects;
    this.#rejects = [];
    return taken;
  }

  *totals(batchSize: number): Iterable<KernelTotal[]> {
    const sorted = [...this.#totals.values()].sort(compareNames);
    for (let from = 0; from < sorted.length; from += batchSize) yield sorted.slice(from, from + batchSize);
  }

  #findRecord(text: Buffer, start: number): ReferenceRecord {
    const { delimiter, quote, maxRecordBytes } = this.#plan;
    let fields: Buffer[] | RejectReason = [];
    let at = start;
    while (typeof fields !== 'number') {
      const fieldStart = at;
      while (this.#isSpace(text[at]) && !isLineEnd(text[at])) at++;
      if (quote !== 0 && text[at] === quote) {
        const bytes: number[] = [];
        let isClosed = false;
        for (at++; at < text.length && !isClosed; at++) {
          if (text[at] !== quote) bytes.push(text[at]!);
          else if (text[at + 1] === quote) bytes.push(text[at++]!);
          else isClosed = true;
        }
        if (isClosed) fields.push(this.#trim(Buffer.from(bytes)));
        else fields = RejectReason.UNTERMINATED_QUOTE;
        while (this.#isSpace(text[at]) && !isLineEnd(text[at])) at++;
      } else {
        while (at < text.length && text[at] !== delimiter && !isLineEnd(text[at])) at++;
        fields.push(this.#trim(text.subarray(fieldStart, at)));
      }
      if (at >= text.length || isLineEnd(text[at])) break;
      if (text[at] === delimiter) at++;
      else fields = RejectReason.MALFORMED_QUOTE;
    }
    while (at < text.length && !isLineEnd(text[at])) at++;
    if (at - start > maxRecordBytes) {
      fields = RejectReason.RECORD_TOO_LONG;
      at = start + maxRecordBytes;
      while (at < text.length && !isLineEnd(text[at])) at++;
    }
    return { start, end: at, next: text[at] === CR && text[at + 1] === LF ? at + 2 : at + 1, fields };
  }

  #countRow(fields: Buffer[]): RejectReason | 0 {
    const { columnCount, departmentIndex, amountIndex, maxDepartments } = this.#plan;
    if (fields.length !== columnCount) return RejectReason.COLUMN_COUNT;
    const name = fields[departmentIndex]!;
    if (name.length === 0) return RejectReason.EMPTY_DEPARTMENT;
    const amount = this.#readAmount(fields[amountIndex]!.toString('latin1'));
    if (typeof amount === 'number') return amount;
    if (!isUtf8(name)) return RejectReason.INVALID_ENCODING;
    const { units, decimals } = amount;
    const department = name.toString();
    const known = this.#totals.get(department);
    if (!known && this.#totals.size >= maxDepartments) throw tooManyDepartments(maxDepartments);
    const before = known ?? { sum: 0n, count: 0, min: units, max: units, scale: 0 };
    this.#totals.set(department, {
      department,
      sum: before.sum + units,
      count: before.count + 1,
      min: units < before.min ? units : before.min,
      max: units > before.max ? units : before.max,
      scale: Math.max(before.scale, decimals),
    });
    this.#rows++;
    return 0;
  }

  #readAmount(text: string): RejectReason | { units: bigint; decimals: number } {
    if (text === '') return RejectReason.EMPTY_AMOUNT;
    const { decimalSeparator, groupSeparator, allowNegative } = this.#plan;
    const decimal = decimalSeparator ? `(?:${escaped(decimalSeparator)}(\\d*))?` : '()';
    const groups = groupSeparator && groupSeparator !== decimalSeparator ? escaped(groupSeparator) : '(?!)';
    const form = new RegExp(`^([+-]?)(\\d*|\\d{1,3}(?:${groups}\\d{3})+)${decimal}$`);
    const [isAmount, sign, grouped = '', decimals = ''] = form.exec(text) ?? [];
    const digits = grouped.replaceAll(/\D/g, '') + decimals;
    if (isAmount === undefined || digits === '') return RejectReason.AMOUNT_NOT_A_NUMBER;
    const significant = digits.replace(/^0+/, '').length;
    if (sign === '-' && significant > 0 && !allowNegative) return RejectReason.NEGATIVE_AMOUNT;
    if (significant > AMOUNT_DIGITS || decimals.length > AMOUNT_DECIMALS) return RejectReason.AMOUNT_OUT_OF_RANGE;
    const units = BigInt(digits + '0'.repeat(AMOUNT_DECIMALS - decimals.length));
    return { units: sign === '-' ? -units : units, decimals: decimals.length };
  }

  #reject(text: Buffer, { start, end }: ReferenceRecord, reason: RejectReason): void {
    this.#rejectedByReason[reason]!++;
    if (this.#rejectsReported >= this.#plan.maxRejects) return;
    this.#rejectsReported++;
    let cut = end;
    if (end - start > MAX_REJECT_RAW_BYTES) {
      cut = start + MAX_REJECT_RAW_BYTES;
      // A character has at most three bytes of the form 10xxxxxx behind its first; more of them are no UTF-8.
      while (cut > start + MAX_REJECT_RAW_BYTES - 4 && isContinuation(text[cut])) cut--;
      if (isContinuation(text[cut])) cut = start + MAX_REJECT_RAW_BYTES;
    }
    const before = text.toString('latin1', 0, start);
    this.#rejects.push({
      line: before.split(/\r\n|\r|\n/).length,
      byteOffset: start,
      reason,
      raw: text.toString('utf8', start, cut),
      rawTruncated: cut < end,
      lines: text.toString('latin1', start, end).split(/\r\n|\r|\n/).length,
    });
  }

  #trim(bytes: Buffer): Buffer {
    let start = 0;
    let end = bytes.length;
    while (start < end && this.#isSpace(bytes[start])) start++;
    while (end > start && this.#isSpace(bytes[end - 1])) end--;
    return bytes.subarray(start, end);
  }

  #isSpace(byte: number | undefined): boolean {
    return this.#plan.trim && byte !== undefined && byte !== this.#plan.delimiter && WHITE_SPACE.includes(byte);
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function escaped(character: number): string {
  return `\\x${character.toString(16).padStart(2, '0')}`;
}

/** In code point order, which is that of the UTF-8 bytes. */
function compareNames(a: { department: string }, b: { department: string }): number {
  return Buffer.compare(Buffer.from(a.department), Buffer.from(b.department));
}
