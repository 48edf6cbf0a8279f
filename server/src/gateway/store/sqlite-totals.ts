import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { groupOf } from '../../../../kernel/group-key.ts';
import type { PlainFigures, PlainTotal } from '../../process-csv/totals-batch.ts';
import { type KeyValues, MORE_SUMS, TOTALS_COLUMNS, type TotalsColumn, type TotalsQuery } from './job-store.ts';
import { type KnownSteps, knownParts, type Steps } from './known-steps.ts';
import { fromPosition, toPosition } from './name-position.ts';
import { decodePageToken, encodePageToken, invalidPageToken } from './page-token.ts';
import { fromSortKey } from './sort-key.ts';
import { lookForKeys, rangesOf, type SearchCondition, searchCondition, withKeys } from './totals-search.ts';

/** Departments that one step looks at at most: some milliseconds, for which a write may have to wait. */
export const STEP_ROWS = 5_000;
/** Bytes of their names in a step: a search may look at each a thousand times, once for each of its own characters. */
const STEP_BYTES = 256 * 1024;
/** The names looked at next, beside those that fitted before. */
const MOST_GROWTH = 32;
/** A page ends early when its names have so many characters: those of ten thousand may have gigabytes. */
const PAGE_CHARACTERS = 2 * 1024 * 1024;

type Row = Record<string, unknown>;
type Values = (string | number)[];

/** A page of totals as it crosses to the gateway. */
export interface PlainTotalsPage {
  totals: PlainTotal[];
  nextPageToken: string;
  totalSize: number;
}

/** A part of a result: departments behind `after`, up to and with `to`, in the order in which they are gone through. */
export interface Part {
  condition: string;
  values: Values;
  /** How many departments it has; undefined for the last one. */
  size: number | undefined;
}

/**
 * Finds a page of totals step by step: its runner may do something else in between. No step leaves a statement open, so
 * that no snapshot of the database is held and its log does not grow.
 *
 * @param isThere is asked before each step and throws for a result that is gone
 * @param known has the steps of results that were gone through before
 * @throws TallyError PAGE_TOKEN_INVALID
 */
export function* findTotals(
  database: DatabaseSync,
  resultId: number,
  query: TotalsQuery,
  isThere: () => { hasFoldedNames: boolean; hasKeys: boolean },
  known: KnownSteps,
): Generator<void, PlainTotalsPage> {
  const { orderBy, descending, pageSize, search, keys } = query;
  const isMore = MORE_SUMS.some((column) => column === orderBy);
  if (!isMore && !TOTALS_COLUMNS.some((column) => column === orderBy)) throw new Error(`there is no column ${orderBy}`);
  const columns = [...TOTALS_COLUMNS, 'figures', ...(isMore ? [`ifnull(${orderBy}, '') AS ${orderBy}`] : [])];
  const { hasFoldedNames, hasKeys } = isThere();
  const list = `${orderBy} ${descending} ${search}${keys.length > 0 ? digestOf(keys) : ''}`;
  const after = positionAfter(database, resultId, query, list);
  const searched: SearchCondition =
    search === '' ? { condition: 'TRUE', values: [] } : searchCondition(search, hasFoldedNames);
  const found = withKeys(searched, keys, hasKeys);
  const isAll = search === '' && keys.length === 0;
  const page = new Page(query, after);
  // In the order of the departments a page is found when it is full, and only what is counted is still to be looked at.
  const isInOrder = orderBy === 'department';
  const isCounted = after === undefined;
  const start = isInOrder && after ? String(after[2]) : undefined;
  let count = 0;
  const isBackwards = isInOrder && descending;
  const steps = known.of(resultId);
  const seen: Steps = { lasts: [], sizes: [] };
  let isWhole = steps === undefined && !isBackwards && start === undefined;
  const all = steps
    ? knownParts(steps, isBackwards, start, hasKeys ? rangesOf(keys) : undefined)
    : parts(database, resultId, isBackwards, start, seen);
  for (const part of all) {
    yield;
    isThere();
    lookForKeys(keys);
    const where = `result_id = ? AND ${part.condition} AND ${found.condition}`;
    const values = [resultId, ...part.values, ...found.values];
    if (!isInOrder || !page.isFull) {
      const { condition, values: bounds, order } = page.wanted();
      const select = `SELECT ${columns.join(', ')} FROM totals WHERE ${where} AND ${condition} ${order} LIMIT ?`;
      page.add(database.prepare(select).iterate(...values, ...bounds, pageSize + 1));
    }
    if (isInOrder && page.isFull && !isCounted) {
      isWhole = false;
      break;
    }
    if (isCounted) count += isAll && part.size !== undefined ? part.size : countOf(database, where, values);
  }
  if (isWhole) known.keep(resultId, seen);
  const totalSize = after ? Number(after[3]) : count;
  const { rows, last } = page.end();
  return {
    totals: rows.map((row) => toPlainTotal(row, hasKeys)),
    nextPageToken: last ? encodePageToken(positionOf(last, list, orderBy, totalSize)) : '',
    totalSize,
  };
}

/** Stands for values in the token of a page, which goes with each request for the next one as they do. */
function digestOf(keys: readonly KeyValues[]): string {
  return createHash('sha256').update(JSON.stringify(keys)).digest('base64');
}

/** Where the next page of a list begins: behind this row. */
function positionOf(row: Row, list: string, orderBy: TotalsColumn, totalSize: number): Values {
  const { start, hash } = toPosition(String(row['department']));
  return [list, orderBy === 'department' ? '' : (row[orderBy] as string | number), start, hash, totalSize];
}

/** List, key, department and size of the whole list, behind which the page begins. @throws TallyError PAGE_TOKEN_INVALID */
function positionAfter(
  database: DatabaseSync,
  resultId: number,
  { pageToken, orderBy }: TotalsQuery,
  list: string,
): Values | undefined {
  const key = orderBy === 'count' ? 'number' : 'text';
  const position = decodePageToken(pageToken, ['text', key, 'text', 'text', 'number']);
  if (!position) return undefined;
  const [listAsked, keyAfter, start, hash, totalSize] = position;
  const department = fromPosition(database, resultId, { start: String(start), hash: String(hash) });
  if (listAsked !== list || department === undefined) throw invalidPageToken();
  return [list, keyAfter!, department, totalSize!];
}

/** The rows that are best so far. */
class Page {
  readonly #query: TotalsQuery;
  readonly #after: Values | undefined;
  #rows: Row[] = [];
  #characters = 0;

  constructor(query: TotalsQuery, after: Values | undefined) {
    this.#query = query;
    this.#after = after;
  }

  /** Whether there is one row more than the page has, or than its characters allow. */
  get isFull(): boolean {
    return this.#rows.length > this.#query.pageSize || (this.#rows.length > 1 && this.#characters > PAGE_CHARACTERS);
  }

  /** The condition of a row that may come on the page. */
  wanted(): { condition: string; values: Values; order: string } {
    const { orderBy, descending } = this.#query;
    // One that the result does not have is empty.
    const key = MORE_SUMS.some((column) => column === orderBy) ? `ifnull(${orderBy}, '')` : orderBy;
    const order = `ORDER BY ${key} ${descending ? 'DESC' : 'ASC'}${orderBy === 'department' ? '' : ', department'}`;
    if (orderBy === 'department') return { condition: 'TRUE', values: [], order };
    const conditions: string[] = ['TRUE'];
    const values: Values = [];
    if (this.#after) {
      const [, keyAfter = '', department = ''] = this.#after;
      conditions.push(`(${key} ${descending ? '<' : '>'} ? OR (${key} = ? AND department > ?))`);
      values.push(keyAfter, keyAfter, department);
    }
    const worst = this.isFull ? this.#rows.at(-1) : undefined;
    if (worst) {
      // One as good as the worst comes behind it: its department does.
      conditions.push(`${key} ${descending ? '>' : '<'} ?`);
      values.push(worst[orderBy] as string | number);
    }
    return { condition: conditions.join(' AND '), values, order };
  }

  /** Takes rows in order, whose departments come behind those of all rows before. */
  add(rows: Iterable<Row>): void {
    const { orderBy, descending, pageSize } = this.#query;
    const before = this.#rows;
    const merged: Row[] = [];
    let characters = 0;
    let at = 0;
    const isRoom = () => merged.length <= pageSize && (merged.length < 2 || characters <= PAGE_CHARACTERS);
    const take = (row: Row) => {
      merged.push(row);
      characters += String(row['department']).length;
    };
    for (const row of rows) {
      while (at < before.length && isRoom() && !isBetter(row, before[at] as Row, orderBy, descending)) {
        take(before[at++] as Row);
      }
      if (!isRoom()) break;
      take(row);
    }
    while (at < before.length && isRoom()) take(before[at++] as Row);
    this.#rows = merged;
    this.#characters = characters;
  }

  /** The rows of the page, and its last one if more follow. */
  end(): { rows: Row[]; last: Row | undefined } {
    const isMore = this.isFull;
    const rows = isMore ? this.#rows.slice(0, -1) : this.#rows;
    return { rows, last: isMore ? rows.at(-1) : undefined };
  }
}

/** Whether a row comes before another whose department is earlier. Keys are numbers, or ASCII, which sorts as its bytes. */
function isBetter(row: Row, other: Row, orderBy: string, descending: boolean): boolean {
  // Departments come in their order anyway.
  if (orderBy === 'department') return false;
  const [key, otherKey] = [row[orderBy] as string | number, other[orderBy] as string | number];
  return descending ? key > otherKey : key < otherKey;
}

/** The parts of a result, in the order of its departments or the other way. @param seen gets the steps */
function* parts(
  database: DatabaseSync,
  resultId: number,
  isBackwards: boolean,
  start: string | undefined,
  seen: Steps,
): Generator<Part> {
  const [beyond, upTo, direction] = isBackwards ? ['<', '>=', 'DESC'] : ['>', '<=', 'ASC'];
  let after = start;
  for (;;) {
    const begin = after === undefined ? 'TRUE' : `department ${beyond} ?`;
    const values = after === undefined ? [] : [after];
    const ordered = `FROM totals WHERE result_id = ? AND ${begin} ORDER BY department ${direction} LIMIT`;
    const size = rowsOfStep(database, ordered, [resultId, ...values]);
    const last = database.prepare(`SELECT department ${ordered} 1 OFFSET ?`).get(resultId, ...values, size - 1);
    if (!last) {
      yield { condition: begin, values, size: undefined };
      return;
    }
    after = String(last['department']);
    seen.lasts.push(after);
    seen.sizes.push(size);
    yield { condition: `${begin} AND department ${upTo} ?`, values: [...values, after], size };
  }
}

/**
 * How many departments the next step looks at: fewer if their names are long, and one at least. SQLite reads a long name to
 * tell its length, so a few are looked at before many.
 */
function rowsOfStep(database: DatabaseSync, ordered: string, values: Values): number {
  const bytesOf = database.prepare(
    `SELECT sum(bytes) AS bytes FROM (SELECT octet_length(department) AS bytes ${ordered} ?)`,
  );
  let fitting = 1;
  for (let rows = 1; ; ) {
    const bytes = Number(bytesOf.get(...values, rows)?.['bytes']);
    if (bytes > STEP_BYTES) return fitting;
    fitting = rows;
    const most = Math.min(STEP_ROWS, rows * MOST_GROWTH, Math.floor((rows * STEP_BYTES) / Math.max(bytes, 1)));
    if (most < 2 * rows) return fitting;
    rows = most;
  }
}

function countOf(database: DatabaseSync, where: string, values: Values): number {
  return Number(database.prepare(`SELECT count(*) AS n FROM totals WHERE ${where}`).get(...values)?.['n']);
}

function readFigures(json: string): PlainFigures[] {
  const rows = JSON.parse(json) as [string, string, string, string, string][];
  return rows.map(([sum, count, min, max, mean]) => ({ sum, count: BigInt(count), min, max, mean }));
}

function toPlainTotal(row: Row, hasKeys: boolean): PlainTotal {
  const department = String(row['department']);
  return {
    keys: [],
    ...(hasKeys ? groupOf(department) : { department }),
    sum: fromSortKey(String(row['sum'])),
    count: BigInt(row['count'] as number),
    min: fromSortKey(String(row['min'])),
    max: fromSortKey(String(row['max'])),
    mean: fromSortKey(String(row['mean'])),
    figures: row['figures'] === null ? [] : readFigures(String(row['figures'])),
  };
}
