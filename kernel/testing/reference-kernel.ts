import { isUtf8 } from 'node:buffer';
import { CR, LF } from '../ascii.ts';
import { type EvidenceSum, noEvidence } from '../evidence.ts';
import {
  type AmountColumn,
  type Kernel,
  type KernelFigures,
  type KernelReject,
  type KernelSnapshot,
  type KernelTotal,
  MAX_REJECT_RAW_BYTES,
  REJECT_REASONS,
  type ReadPlan,
  RejectReason,
  type RowFilter,
} from '../kernel.ts';
import { tooManyDepartments } from '../wasm/limit-errors.ts';
import { code } from './kernel-case.ts';
import { referencePeriod } from './reference-dates.ts';

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
const WIDE_SPACES = ['\u00a0', '\u200b', '\ufeff'].map((text) => Buffer.from(text));
/** The most significant digits and decimals of an amount that counts. */
const AMOUNT_DIGITS = 18;
const AMOUNT_DECIMALS = 6;
/** Records of more lines are told. */
const LONG_RECORD_LINES = 10;
/** Blanks between groups, and between a number and its currency. */
const BLANK = '[ \u00a0\u2009\u202f]';
const SIGN = '[-+\u2212]';
/** The same blanks at the ends of bytes, each of which is a character. */
const BLANKS_AROUND = /^(?: |\xc2\xa0|\xe2\x80[\xaf\x89])+|(?: |\xc2\xa0|\xe2\x80[\xaf\x89])+$/g;

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
  /** Records so far, blank lines and the header included. */
  records = 0;
  #rows = 0;
  #rowsFiltered = 0;
  #blankLines = 0;
  readonly #evidence = noEvidence();

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
    let nextLine = 1;
    for (let at = 0; at < text.length; ) {
      const record = this.#findRecord(text, at);
      at = record.next;
      this.records++;
      const { start, end, fields } = record;
      const line = nextLine;
      const lines = linesOf(text, start, end);
      nextLine += lines;
      if (typeof fields !== 'number' && this.#trim(text.subarray(start, end)).length === 0) {
        this.#blankLines++;
      } else if (isHeaderAwaited) {
        isHeaderAwaited = false;
        this.#noteRecord(line, lines);
      } else {
        const reason = typeof fields === 'number' ? fields : this.#countRow(fields, line);
        if (reason !== 0) this.#reject(text, record, reason, line, lines);
        else this.#noteRecord(line, lines);
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
      rowsFiltered: this.#rowsFiltered,
      blankLines: this.#blankLines,
      departments: all.length,
      total: all.reduce((total, { sum }) => total + sum, 0n),
      evidence: structuredClone(this.#evidence),
      totalScale: Math.max(0, ...all.map(({ scale }) => scale)),
      ...(this.#plan.amounts && {
        totals: this.#plan.amounts.map((amount, index) => this.#totalOf(all, amount, index)),
      }),
      top: ranked.slice(0, topCount),
    };
  }

  #totalOf(all: KernelTotal[], { factor }: AmountColumn, index: number) {
    const figures = all.map((total) => total.figures?.[index] ?? total);
    return {
      sum: figures.reduce((total, { sum }) => total + sum, 0n),
      scale: Math.max(0, ...figures.map(({ scale }) => scale)),
      hasNegative: figures.some(({ min }) => min < 0n),
      ...(factor !== undefined && { unitDecimals: 12 }),
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
      at = this.#skipSpace(text, at);
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
        at = this.#skipSpace(text, at);
      } else {
        while (at < text.length && text[at] !== delimiter && !isLineEnd(text[at])) at++;
        fields.push(this.#trim(text.subarray(fieldStart, at)));
      }
      if (at >= text.length || isLineEnd(text[at])) break;
      if (text[at] === delimiter) at++;
      else fields = RejectReason.MALFORMED_QUOTE;
    }
    while (at < text.length && !isLineEnd(text[at])) at++;
    if (at - start > maxRecordBytes) fields = RejectReason.RECORD_TOO_LONG;
    return { start, end: at, next: text[at] === CR && text[at + 1] === LF ? at + 2 : at + 1, fields };
  }

  #noteRecord(line: number, lines: number): void {
    const { longestRecord } = this.#evidence;
    if (lines > LONG_RECORD_LINES && lines > longestRecord.lines) Object.assign(longestRecord, { line, lines });
  }

  #countRow(fields: Buffer[], line: number): RejectReason | 0 {
    const { columnCount, departmentIndex, amountIndex, maxDepartments } = this.#plan;
    if (fields.length !== columnCount) return RejectReason.COLUMN_COUNT;
    const verdicts = this.#plan.where?.map((filter) => this.#judge(fields[filter.index]!, filter)) ?? [];
    this.#noteFilteredForms(fields, verdicts, line);
    if (verdicts.includes('out')) {
      this.#rowsFiltered++;
      return 0;
    }
    const groups = this.#plan.groups ?? [{ index: departmentIndex }];
    const values = groups.map(({ index, period, order = 'year first' }) => {
      const value = fields[index]!;
      // Of bytes that are no UTF-8 none is part of a date.
      const text = period && referencePeriod(value.toString('latin1'), period, order);
      return period ? text && Buffer.from(text) : value;
    });
    const columns = this.#plan.amounts ?? [{ index: amountIndex }];
    const amounts = columns.map((column) => this.#readFigure(fields, column));
    const amount = judged(amounts);
    const { leftOut, negatives } = this.#evidence;
    const unreadable = verdicts.find((verdict) => typeof verdict === 'number');
    if (unreadable !== undefined) {
      if (amount.reason === 0) this.#addLeftOut(amounts);
      return unreadable;
    }
    if (values.some((value) => value instanceof Buffer && value.length === 0)) {
      if (amount.reason === 0) this.#addLeftOut(amounts);
      return RejectReason.EMPTY_DEPARTMENT;
    }
    if (amount.reason === RejectReason.AMOUNT_NOT_A_NUMBER) this.#noteNoAmount(fields[amount.column]!, line);
    if (amount.reason === RejectReason.NEGATIVE_AMOUNT && !this.#plan.amounts) addTo(leftOut, amount);
    if (amount.reason !== 0) return amount.reason;
    if (values.some((value) => !(value instanceof Buffer))) {
      this.#addLeftOut(amounts);
      return RejectReason.DATE_NOT_READABLE;
    }
    const names = values as Buffer[];
    if (!names.every((name) => isUtf8(name))) {
      this.#addLeftOut(amounts);
      return RejectReason.INVALID_ENCODING;
    }
    const keys = names.map((name) => name.toString());
    const [department = ''] = keys;
    const key = JSON.stringify(keys);
    const known = this.#totals.get(key);
    if (!known && this.#totals.size >= maxDepartments) throw tooManyDepartments(maxDepartments);
    const figures = amounts.map((figure, at) => added(known?.figures?.[at] ?? (at === 0 ? known : undefined), figure));
    this.#totals.set(key, {
      department,
      ...(keys.length > 1 && { keys }),
      ...figures[0]!,
      ...(figures.length > 1 && { figures }),
    });
    this.#rows++;
    const [first] = amounts;
    if (first!.units < 0n && first!.reason === 0 && columns[0]!.factor === undefined) addTo(negatives, first!);
    for (const column of columns.flatMap(({ index, factor }) => (factor === undefined ? [index] : [index, factor]))) {
      const text = fields[column]!.toString();
      if (this.#readAmount(text).reason === 0) this.#noteForm(text, line);
    }
    return 0;
  }

  /** Of evidence there are sums of the first amount, if it is no product. */
  #addLeftOut([first]: readonly Figure[]): void {
    const isProduct = this.#plan.amounts?.[0]?.factor !== undefined;
    if (!isProduct && first!.reason === 0) addTo(this.#evidence.leftOut, first!);
  }

  /** An amount, or the product of two: missing if one of them is, wrong if one of them is wrong. */
  #readFigure(fields: Buffer[], { index, factor }: AmountColumn): Figure {
    const first = { ...this.#readAmount(fields[index]!.toString()), column: index };
    if (factor === undefined) return first;
    const second = { ...this.#readAmount(fields[factor]!.toString()), column: factor };
    const isWrong = ({ reason }: Amount) => reason !== 0 && reason !== RejectReason.EMPTY_AMOUNT;
    const failed = [first, second].find(isWrong) ?? [first, second].find(({ reason }) => reason !== 0);
    if (failed) return { ...failed, unitDecimals: 12 };
    const units = first.units * second.units;
    const isTooLarge = (units < 0n ? -units : units) >= 10n ** 27n;
    const decimals = first.decimals + second.decimals;
    return {
      reason: isTooLarge ? RejectReason.AMOUNT_OUT_OF_RANGE : 0,
      units,
      decimals,
      unitDecimals: 12,
      column: index,
    };
  }

  /** Whether a value passes a filter, or why that cannot be told. */
  #judge(field: Buffer, { kind, values, isNegated, from, to, order = 'year first' }: RowFilter) {
    if (kind === 'values') return values.some((value) => field.equals(Buffer.from(value))) !== isNegated ? 'in' : 'out';
    if (field.length === 0) return 'out';
    const isIn = (value: bigint) =>
      (from === undefined || value >= BigInt(from)) && (to === undefined || value <= BigInt(to)) ? 'in' : 'out';
    if (kind === 'numbers') {
      const { reason, units, isFitting } = this.#readAmount(field.toString());
      if (reason === RejectReason.NEGATIVE_AMOUNT && !isFitting) return RejectReason.AMOUNT_OUT_OF_RANGE;
      return reason === 0 || reason === RejectReason.NEGATIVE_AMOUNT ? isIn(units) : reason;
    }
    const day = referencePeriod(field.toString('latin1'), 'day', order);
    return day === undefined ? RejectReason.DATE_NOT_READABLE : isIn(BigInt(day.replaceAll('-', '')));
  }

  #readAmount(text: string): Amount {
    if (text === '') return { reason: RejectReason.EMPTY_AMOUNT, units: 0n, decimals: 0 };
    const { decimalSeparator, groupSeparator, isAnyGroup, allowNegative } = this.#plan;
    const { isNegative, number } = this.#undressed(text);
    const found = digitsOf(number, decimalSeparator, groupSeparator, isAnyGroup);
    if (!found) return { reason: RejectReason.AMOUNT_NOT_A_NUMBER, units: 0n, decimals: 0 };
    const { whole } = found;
    let { decimals } = found;
    const significantIn = (digits: string) => digits.replace(/^0+/, '').length;
    if (significantIn(whole + decimals) > AMOUNT_DIGITS || decimals.length > AMOUNT_DECIMALS) {
      decimals = decimals.replace(/0+$/, '');
    }
    const isFitting = significantIn(whole + decimals) <= AMOUNT_DIGITS && decimals.length <= AMOUNT_DECIMALS;
    const units = isFitting ? BigInt(whole + decimals + '0'.repeat(AMOUNT_DECIMALS - decimals.length)) : 0n;
    const isBelowZero = isNegative && /[1-9]/.test(whole + decimals);
    const reason =
      isBelowZero && !allowNegative ? RejectReason.NEGATIVE_AMOUNT : isFitting ? 0 : RejectReason.AMOUNT_OUT_OF_RANGE;
    return { reason, units: isNegative ? -units : units, decimals: isFitting ? decimals.length : 0, isFitting };
  }

  /** The number without what stands around it; the text as it is if that is more than it should be. */
  #undressed(text: string): { isNegative: boolean; number: string } {
    const currency = this.#plan.currency.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&');
    const parts = [`\\(`, SIGN, ...(currency ? [currency] : [])];
    const before: string[] = [];
    const behind: string[] = [];
    const taken = new Set<string>();
    let rest = text;
    const take = (part: string, kind: string, pattern: RegExp, list: string[]) => {
      const isTaken = taken.has(kind) || (kind === SIGN && taken.has('\\(')) || (kind === '\\(' && taken.has(SIGN));
      if (isTaken || !pattern.test(rest)) return false;
      taken.add(kind);
      list.push(part);
      rest = rest.replace(pattern, '');
      return true;
    };
    const takeBefore = () => {
      const blanks = before.length > 0 ? `${BLANK}*` : '';
      return parts.some((part) => take(rest, part, new RegExp(`^${blanks}${part}`), before));
    };
    while (takeBefore());
    if (before.length > 0) rest = rest.replace(new RegExp(`^${BLANK}+`), '');
    const isOpen = taken.has('\\(');
    const takeBehind = () => {
      const blanks = behind.length > 0 ? `${BLANK}*` : '';
      if (isOpen && take(rest, 'closed', new RegExp(`\\)${blanks}$`), behind)) return true;
      return parts.slice(1).some((part) => take(rest, part, new RegExp(`${part}${blanks}$`), behind));
    };
    while (takeBehind());
    // In `5.-` the dash stands for no cents.
    if (behind.some((part) => /[.,][-+\u2212]$/.test(part))) return { isNegative: false, number: text };
    if (behind.length > 0) rest = rest.replace(new RegExp(`${BLANK}+$`), '');
    if (isOpen !== taken.has('closed')) return { isNegative: false, number: text };
    const minus = isOpen || (taken.has(SIGN) && /^[^+]*$/.test(text));
    return { isNegative: minus, number: rest };
  }

  /** Notes numbers that could be read otherwise, up to the first filter that leaves the row out. */
  #noteFilteredForms(fields: Buffer[], verdicts: readonly unknown[], line: number): void {
    const first = verdicts.indexOf('out');
    const judging = (this.#plan.where ?? []).slice(0, first < 0 ? verdicts.length : first + 1);
    for (const { index, kind } of judging) {
      const text = fields[index]!.toString();
      if (kind === 'numbers' && this.#readAmount(text).reason === 0) this.#noteGroup(text, line);
    }
  }

  /** Notes how an amount that counts is written. */
  #noteForm(text: string, line: number): void {
    const { decimalSeparator } = this.#plan;
    const { number } = this.#undressed(text);
    const point = String.fromCharCode(decimalSeparator);
    const hasPoint = decimalSeparator !== 0 && number.includes(point);
    const digits = hasPoint ? number.length - number.indexOf(point) - 1 : 0;
    const { decimalsSeen } = this.#evidence;
    const seen = Math.min(digits, 7);
    if (hasPoint && !decimalsSeen.includes(seen)) decimalsSeen.push(seen);
    decimalsSeen.sort();
    this.#noteGroup(text, line);
  }

  /** Notes a group that could be decimals. */
  #noteGroup(text: string, line: number): void {
    const { decimalSeparator, groupSeparator } = this.#plan;
    const { oneGroup } = this.#evidence;
    const { number } = this.#undressed(text);
    const hasPoint = decimalSeparator !== 0 && number.includes(String.fromCharCode(decimalSeparator));
    if (![code(','), code('.')].includes(groupSeparator)) return;
    const groups = number.split(String.fromCharCode(groupSeparator)).length - 1;
    if (groups === 1 && !hasPoint && oneGroup.count++ === 0) oneGroup.line = line;
  }

  /** Notes in which other form a rejected text would be an amount. */
  #noteNoAmount(field: Buffer, line: number): void {
    const text = field.toString();
    if (this.#plan.quote !== 0 && field.includes(this.#plan.quote)) return;
    const { decimalSeparator: decimal, groupSeparator: group, isAnyGroup } = this.#plan;
    const { otherDecimal, otherCurrency } = this.#evidence;
    const other = decimal === code('.') ? code(',') : code('.');
    const { number } = this.#undressed(text);
    const inOther = digitsOf(number, other, group === other ? decimal : group, isAnyGroup);
    // Of bytes that are no UTF-8 each counts: the field itself is looked at, if nothing was taken away.
    const bare = (number === text ? field : Buffer.from(number)).toString('latin1').replaceAll(BLANKS_AROUND, '');
    const unit = digitsOf(this.#withoutUnit(bare), decimal, group, isAnyGroup);
    const note = inOther ? otherDecimal : unit ? otherCurrency : undefined;
    if (!note || note.count++ > 0) return;
    note.line = line;
    note.text = field
      .subarray(0, 40)
      .toString()
      .replace(/\ufffd+$/, '');
  }

  /** Without the currency before or behind the digits; empty if what stands there is none. */
  #withoutUnit(bytes: string): string {
    const point = escaped(this.#plan.decimalSeparator);
    const before = new RegExp(`^[^\\d${point}]*`).exec(bytes)![0];
    const behind = /[^\d]*$/.exec(bytes.slice(before.length))![0];
    const unit = (before + behind).replaceAll(/[-+() ]/g, '');
    // A sign with a letter or two perhaps, or a code of three capitals.
    const isUnit = unit.length <= 3 && (/[$\x80-\xff]/.test(unit) || /^[A-Z]{3}$/.test(unit));
    if (!isUnit) return '';
    return Buffer.from(bytes.slice(before.length, bytes.length - behind.length), 'latin1').toString();
  }

  #reject(text: Buffer, { start, end }: ReferenceRecord, reason: RejectReason, line: number, lines: number): void {
    this.#rejectedByReason[reason]!++;
    const { longRejects } = this.#evidence;
    const isAboutForm = reason === RejectReason.COLUMN_COUNT || reason >= RejectReason.RECORD_TOO_LONG;
    if (lines > 1 && isAboutForm) {
      longRejects.count++;
      longRejects.lines += lines;
      if (lines > longRejects.mostLines) Object.assign(longRejects, { mostLines: lines, line });
    }
    if (this.#rejectsReported >= this.#plan.maxRejects) return;
    this.#rejectsReported++;
    let cut = end;
    if (end - start > MAX_REJECT_RAW_BYTES) {
      cut = start + MAX_REJECT_RAW_BYTES;
      // A character has at most three bytes of the form 10xxxxxx behind its first; more of them are no UTF-8.
      while (cut > start + MAX_REJECT_RAW_BYTES - 4 && isContinuation(text[cut])) cut--;
      if (isContinuation(text[cut])) cut = start + MAX_REJECT_RAW_BYTES;
    }
    this.#rejects.push({
      line,
      byteOffset: start,
      reason,
      raw: text.toString('utf8', start, cut),
      rawTruncated: cut < end,
      lines,
    });
  }

  #trim(bytes: Buffer): Buffer {
    let start = 0;
    let end = bytes.length;
    for (let length = this.#spaceAt(bytes, start); length > 0; length = this.#spaceAt(bytes, start)) start += length;
    for (let length = 3; length > 0; length--) {
      if (end - length < start || this.#spaceAt(bytes, end - length) !== length) continue;
      end -= length;
      length = 4;
    }
    return bytes.subarray(start, end);
  }

  /** Where white space ends that is no line end. */
  #skipSpace(text: Buffer, from: number): number {
    let at = from;
    while (!isLineEnd(text[at]) && this.#spaceAt(text, at) > 0) at += this.#spaceAt(text, at);
    return at;
  }

  /** How long the white space at an index is, in bytes. */
  #spaceAt(text: Buffer, at: number): number {
    if (this.#isSpace(text[at])) return 1;
    const found = WIDE_SPACES.find((space) => text.subarray(at, at + space.length).equals(space));
    return this.#plan.trim && found ? found.length : 0;
  }

  #isSpace(byte: number | undefined): boolean {
    return this.#plan.trim && byte !== undefined && byte !== this.#plan.delimiter && WHITE_SPACE.includes(byte);
  }
}

/** An amount, or why it is none that counts. */
interface Amount {
  reason: RejectReason | 0;
  units: bigint;
  decimals: number;
  isFitting?: boolean;
}

interface Figure extends Amount {
  /** The column that was read last. */
  column: number;
  unitDecimals?: number;
}

/** The first amount that is wrong; else the first that is there, else one that is not. */
function judged(amounts: readonly Figure[]): Figure {
  const isWrong = ({ reason }: Figure) => reason !== 0 && reason !== RejectReason.EMPTY_AMOUNT;
  return amounts.find(isWrong) ?? amounts.find(({ reason }) => reason === 0) ?? amounts[0]!;
}

/** The figures with one amount more, if it is there. */
function added(before: KernelFigures | undefined, { reason, units, decimals, unitDecimals }: Figure): KernelFigures {
  const unit = unitDecimals === undefined ? {} : { unitDecimals };
  const { sum, count, min, max, scale } = before ?? { sum: 0n, count: 0, min: 0n, max: 0n, scale: 0 };
  if (reason !== 0) return { sum, count, min, max, scale, ...unit };
  return {
    sum: sum + units,
    count: count + 1,
    min: count === 0 || units < min ? units : min,
    max: count === 0 || units > max ? units : max,
    scale: Math.max(scale, decimals),
    ...unit,
  };
}

function addTo(sum: EvidenceSum, { units, decimals, isFitting }: Amount): void {
  sum.count++;
  if (!isFitting) return;
  sum.sum += units;
  sum.scale = Math.max(sum.scale, decimals);
}

/** The digits before and behind the decimal separator, or undefined if the text is no number. */
function digitsOf(
  text: string,
  decimal: number,
  group: number,
  isAnyGroup: boolean,
): { whole: string; decimals: string } | undefined {
  const point = decimal ? `(?:${escaped(decimal)}(\\d*))?` : '()';
  const apostrophe = "['\u2019]";
  const kinds = [
    ...(group && group !== decimal && group !== 32 && group !== 39 ? [escaped(group)] : []),
    ...(isAnyGroup || group === 32 ? [BLANK] : []),
    ...(isAnyGroup || group === 39 ? [apostrophe] : []),
  ];
  const grouped3 = kinds.map((kind) => `|[1-9]\\d{0,2}(?:${kind}\\d{3})+`).join('');
  const form = new RegExp(`^(\\d*${grouped3})${point}$`);
  const [isNumber, grouped = '', decimals = ''] = form.exec(text) ?? [];
  const whole = grouped.replaceAll(/\D/g, '');
  return isNumber === undefined || whole + decimals === '' ? undefined : { whole, decimals };
}

/** The lines that a part of a text spans. */
function linesOf(text: Buffer, start: number, end: number): number {
  return text.toString('latin1', start, end).split(/\r\n|\r|\n/).length;
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

/** In code point order, which is that of the UTF-8 bytes, of one column after the other. */
function compareNames(a: KernelTotal, b: KernelTotal): number {
  const [names, others] = [a, b].map(({ department, keys }) => keys ?? [department]);
  for (const [at, name] of names!.entries()) {
    const order = Buffer.compare(Buffer.from(name), Buffer.from(others![at]!));
    if (order !== 0) return order;
  }
  return 0;
}
