import { DepartmentPool } from './department-pool.ts';
import { MALFORMED_KINDS } from './malformed-rows.ts';
import { Random } from './random.ts';
import { Tallies, type Truth } from './truth.ts';

/** The first line of every file. */
export const HEADER = 'Department Name,Date,Number of Sales\n';

/** The file to write. The same options give the same bytes. */
export interface RowSourceOptions {
  /** Rows without the header; leave it out to write until `sizeBytes`. */
  rows?: number;
  /** The file ends with the first row that reaches this size in bytes. */
  sizeBytes?: number;
  departments: number;
  seed: number;
  /** The share of rows with decimals in the amount, 0 to 1. */
  decimals: number;
  /** The share of rows with quotes, 0 to 1. */
  quoted: number;
  /** The share of rows that do not count, 0 to 1. */
  malformed: number;
  /** Whether to keep the totals for {@link RowSource.truth}, which costs some speed. */
  keepsTruth?: boolean;
  /** Size of the chunks. */
  chunkBytes?: number;
}

const DEFAULT_CHUNK_BYTES = 1024 * 1024;
/** No row is longer: names are far below 200 bytes. */
const MAX_ROW_BYTES = 1024;
const RANDOM_RANGE = 2 ** 32;
const MAX_WHOLE = 999;
const DAYS = 366;
const DATE_BYTES = 12;
const COMMA = 44;
const QUOTE = 34;
const POINT = 46;
const ZERO = 48;
const LF = 10;

/** A source of rows; see {@link RowSource}. */
export function createRowSource(options: RowSourceOptions): RowSource {
  return new RowSource(options);
}

/**
 * Yields a CSV in chunks. Every chunk is a view of the same buffer, good until the next one is asked for: fresh buffers
 * would cost as much as the rows.
 */
export class RowSource implements Iterable<Uint8Array> {
  /** Rows so far, malformed ones included, without the header. */
  rows = 0;
  bytes = 0;

  readonly #options: RowSourceOptions;
  readonly #pool: DepartmentPool;
  readonly #tallies: Tallies;
  readonly #random: Random;
  readonly #dates = viewOf(encodeDates());
  readonly #buffer: Uint8Array;
  readonly #view: DataView;

  constructor(options: RowSourceOptions) {
    this.#options = options;
    this.#pool = new DepartmentPool(options.departments, options.quoted > 0);
    this.#tallies = new Tallies(options.departments);
    this.#random = new Random(options.seed);
    this.#buffer = new Uint8Array((options.chunkBytes ?? DEFAULT_CHUNK_BYTES) + MAX_ROW_BYTES);
    this.#view = viewOf(this.#buffer);
  }

  *[Symbol.iterator](): Iterator<Uint8Array> {
    const { rows = Number.POSITIVE_INFINITY, sizeBytes = Number.POSITIVE_INFINITY } = this.#options;
    let used = new TextEncoder().encodeInto(HEADER, this.#buffer).written;
    do {
      const limit = Math.min(this.#buffer.length - MAX_ROW_BYTES, sizeBytes - this.bytes);
      used = this.#fill(used, limit, rows);
      this.bytes += used;
      yield this.#buffer.subarray(0, used);
      used = 0;
    } while (this.rows < rows && this.bytes < sizeBytes);
  }

  /** The right result for the rows so far. */
  truth(): Truth {
    if (!this.#options.keepsTruth) throw new Error('the truth was not kept: set keepsTruth');
    return this.#tallies.truth(this.#pool.names, this.rows);
  }

  /** Writes rows from `at` until the buffer is filled to `limit` or there are `rows` in all. */
  #fill(at: number, limit: number, rows: number): number {
    const { decimals, quoted, malformed } = this.#options;
    const random = this.#random;
    const pool = this.#pool;
    const buffer = this.#buffer;
    const target = this.#view;
    const names = viewOf(pool.bytes);
    const dates = this.#dates;
    const tallies = this.#options.keepsTruth ? this.#tallies : undefined;
    const isPlain = quoted === 0 && malformed === 0;
    const malformedBelow = malformed * RANDOM_RANGE;
    const quotedBelow = malformedBelow + (1 - malformed) * quoted * RANDOM_RANGE;
    const decimalsBelow = decimals * RANDOM_RANGE;
    let row = this.rows;
    while (at < limit && row < rows) {
      row++;
      const kind = isPlain ? RANDOM_RANGE : random.next();
      if (kind < malformedBelow) {
        at = this.#writeMalformed(at);
        continue;
      }
      const isQuoted = kind < quotedBelow;
      const department = isQuoted ? this.#pickAny() : pick(random.next(), pool.plainCount);
      // Its upper half decides the date, its lower half the amount.
      const draw = random.next();
      const whole = 1 + (((draw & 0xffff) * MAX_WHOLE) >>> 16);
      const fraction = decimals > 0 && random.next() < decimalsBelow ? 1 + pick(random.next(), 99) : 0;
      tallies?.add(department, whole * 100 + fraction);

      const isNameToQuote = isQuoted && department < pool.plainCount;
      if (isNameToQuote) buffer[at++] = QUOTE;
      at = copy(names, pool.offsets[department]!, pool.offsets[department + 1]!, target, at);
      if (isNameToQuote) buffer[at++] = QUOTE;
      const date = (((draw >>> 16) * DAYS) >>> 16) * DATE_BYTES;
      at = copy(dates, date, date + DATE_BYTES, target, at);
      at = writeAmount(buffer, at, whole, fraction);
      buffer[at++] = LF;
    }
    this.rows = row;
    return at;
  }

  /** Half of the quoted rows have a name that needs the quotes. */
  #pickAny(): number {
    const { plainCount, names } = this.#pool;
    const draw = this.#random.next();
    const awkward = names.length - plainCount;
    return awkward > 0 && draw & 1 ? plainCount + pick(this.#random.next(), awkward) : pick(draw, plainCount);
  }

  #writeMalformed(at: number): number {
    const kind = MALFORMED_KINDS[pick(this.#random.next(), MALFORMED_KINDS.length)]!;
    const row = kind.write(this.#pool.names[pick(this.#random.next(), this.#pool.plainCount)]!);
    this.#buffer.set(row, at);
    this.#tallies.reject(kind.reason);
    return at + row.length;
  }
}

/** Turns a random number into one from 0 to `count - 1`. */
function pick(random: number, count: number): number {
  return Math.floor((random / RANDOM_RANGE) * count);
}

/**
 * Copies four bytes at a time, up to three too many: the next bytes overwrite them, and both sides have room for them.
 * For a dozen bytes this beats `set`, which needs a view of them, and twice a loop over bytes.
 */
function copy(source: DataView, from: number, to: number, target: DataView, at: number): number {
  for (let next = from, into = at; next < to; next += 4, into += 4) target.setInt32(into, source.getInt32(next));
  return at + to - from;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes an amount of 1 to 999 and `fraction` hundredths; no fraction leaves out the point. */
function writeAmount(buffer: Uint8Array, at: number, whole: number, fraction: number): number {
  if (whole >= 100) buffer[at++] = ZERO + ((whole / 100) | 0);
  if (whole >= 10) buffer[at++] = ZERO + (((whole / 10) | 0) % 10);
  buffer[at++] = ZERO + (whole % 10);
  if (fraction === 0) return at;
  buffer[at++] = POINT;
  buffer[at++] = ZERO + ((fraction / 10) | 0);
  buffer[at++] = ZERO + (fraction % 10);
  return at;
}

/** Every day of 2024 with a comma on both sides. */
function encodeDates(): Uint8Array {
  const dates = new Uint8Array(DAYS * DATE_BYTES);
  for (let day = 0; day < DAYS; day++) {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    dates[day * DATE_BYTES] = COMMA;
    new TextEncoder().encodeInto(date, dates.subarray(day * DATE_BYTES + 1));
    dates[day * DATE_BYTES + DATE_BYTES - 1] = COMMA;
  }
  return dates;
}
