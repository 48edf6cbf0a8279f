import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { totalsBatch } from '../../../test/support/totals-batch.ts';
import { TOTALS_COLUMNS, type TotalsQuery } from './job-store.ts';
import { migrate } from './schema.ts';
import { SqliteResults } from './sqlite-results.ts';
import { STEP_ROWS } from './sqlite-totals.ts';

const ALL: TotalsQuery = {
  orderBy: 'department',
  descending: false,
  search: '',
  keys: [],
  pageSize: 50,
  pageToken: '',
};

/** Departments by number, with figures of which many are the same. */
function figuresOf(index: number) {
  const sum = String((index * 7919) % 1_000);
  return { department: `Dep ${String(index).padStart(6, '0')}`, sum, count: BigInt((index * 31) % 17), min: sum };
}

function resultOf(departments: number, longName = ''): { database: DatabaseSync; results: SqliteResults; id: number } {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const results = new SqliteResults(database);
  const id = results.begin('job');
  const all = Array.from({ length: departments }, (_, index) => {
    const { department, sum, count, min } = figuresOf(index);
    return { department: department + longName, sum, count, min, max: sum, mean: sum };
  });
  for (let at = 0; at < all.length; at += 1_000) results.addTotals(id, totalsBatch(all.slice(at, at + 1_000)));
  return { database, results, id };
}

function run(results: SqliteResults, id: number, query: TotalsQuery) {
  const reading = results.listTotals(id, query);
  for (let steps = 0; ; steps++) {
    const { done, value } = reading.next();
    if (done) return { page: value, steps };
  }
}

describe('pages that are found in steps are those of one statement', () => {
  const size = 2 * STEP_ROWS + 123;
  const { database, results, id } = resultOf(size);
  const queries = TOTALS_COLUMNS.flatMap((orderBy) =>
    [false, true].flatMap((descending) => ['', '7'].map((search) => ({ ...ALL, orderBy, descending, search }))),
  );
  test.each(queries)('$orderBy, descending $descending, search "$search"', (query) => {
    const { orderBy, descending, search } = query;
    const direction = descending ? 'DESC' : 'ASC';
    const expected = database
      .prepare(
        `SELECT department FROM totals WHERE result_id = ? AND department LIKE ?
         ORDER BY ${orderBy} ${direction}, department ${orderBy === 'department' ? direction : 'ASC'}`,
      )
      .all(id, `%${search}%`)
      .map((row) => row['department']);
    // The first time the steps are found, then they are known.
    const unread = new SqliteResults(database);
    for (const reader of [unread, unread, results]) {
      const seen: string[] = [];
      let pageToken = '';
      do {
        const { page } = run(reader, id, { ...query, pageSize: 3_001, pageToken });
        expect(page.totalSize).toBe(expected.length);
        seen.push(...page.totals.map(({ department }) => department));
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      expect(seen).toEqual(expected);
    }
  });
});

test('a step looks at so many departments, and twice as many take twice as many steps', () => {
  const steps = [4, 8].map((parts) => {
    const { results, id } = resultOf(parts * STEP_ROWS - 1);
    return run(results, id, { ...ALL, orderBy: 'mean', descending: true, search: '9' }).steps;
  });
  expect(steps).toEqual([4, 8]);
});

test('a page further on of the departments in order takes the steps of its rows only', () => {
  const { results, id } = resultOf(4 * STEP_ROWS);
  const { page } = run(results, id, ALL);
  expect(page.totalSize).toBe(4 * STEP_ROWS);
  expect(run(results, id, { ...ALL, pageToken: page.nextPageToken }).steps).toBe(1);
});

test('known steps are those of the rows that there are: they are found anew where rows come or go', () => {
  const { results, id } = resultOf(2 * STEP_ROWS);
  expect(run(results, id, ALL).page.totalSize).toBe(2 * STEP_ROWS);
  const more = { sum: '1', count: 1n, min: '1', max: '1', mean: '1' };
  results.addTotals(
    id,
    totalsBatch([
      { department: 'Aaa', ...more },
      { department: '\u{1f600}', ...more },
    ]),
  );
  const query = { ...ALL, pageSize: 3 * STEP_ROWS };
  for (let reading = 0; reading < 2; reading++) {
    const { totals, totalSize } = run(results, id, { ...query, descending: reading === 1 }).page;
    expect([totalSize, totals.length]).toEqual([2 * STEP_ROWS + 2, 2 * STEP_ROWS + 2]);
    expect(totals.at(reading === 1 ? -1 : 0)?.department).toBe('Aaa');
  }
  results.rewind(id, 0);
  expect(run(results, id, ALL).page.totalSize).toBe(0);
});

test('a result that is dropped while it is read is said to be gone', () => {
  const { results, id } = resultOf(3 * STEP_ROWS);
  const reading = results.listTotals(id, { ...ALL, orderBy: 'sum' });
  reading.next();
  results.drop(id);
  expect(() => reading.next()).toThrow('This result no longer exists');
});

test('a page of very long names ends early, and the next one goes on', () => {
  const { results, id } = resultOf(18, 'x'.repeat(1_000_000));
  for (const orderBy of ['department', 'sum'] as const) {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const { page } = run(results, id, { ...ALL, orderBy, pageToken });
      expect(page.totals.length).toBeLessThan(12);
      expect(page.totals.length).toBeGreaterThan(0);
      seen.push(...page.totals.map(({ department }) => department));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(new Set(seen).size).toBe(18);
    expect(seen).toHaveLength(18);
  }
});

test('a step looks at fewer departments if their names are long, and finds the same', () => {
  const { results, id } = resultOf(100, ' long'.repeat(20_000));
  const { page, steps } = run(results, id, { ...ALL, orderBy: 'sum', search: '9' });
  // Two names of 100 kB a step, or four.
  expect(steps).toBeGreaterThanOrEqual(25);
  expect(page.totalSize).toBe(19);
});

describe('groups by the values of their columns', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const results = new SqliteResults(database);
  const id = results.begin('job');
  const groups = Array.from({ length: 2 * STEP_ROWS + 7 }, (_, index) => [
    `Dep ${String(index).padStart(6, '0')}`,
    `${index % 7}`,
    index % 3 === 0 ? 'a\u0001' : 'b\u0000',
  ]);
  for (let at = 0; at < groups.length; at += 1_000) {
    const some = groups.slice(at, at + 1_000).map((keys) => ({
      ...{ department: keys[0]!, keys, sum: '1', count: 1n, min: '1', max: '1', mean: '1' },
    }));
    results.addTotals(id, totalsBatch(some));
  }
  const queryOf = (...keys: TotalsQuery['keys']): TotalsQuery => ({ ...ALL, orderBy: 'sum', keys });
  const countOf = (isWanted: (keys: string[]) => boolean) => groups.filter(isWanted).length;

  test('two lists that are found in turns do not get into each other', () => {
    const readings = [
      results.listTotals(id, queryOf({ index: 1, values: ['3', '5'] }, { index: 2, values: ['a\u0001'] })),
      results.listTotals(id, queryOf({ index: 2, values: ['b\u0000'] })),
      results.listTotals(id, ALL),
    ];
    const sizes: unknown[] = [];
    while (sizes.filter((size) => size !== undefined).length < readings.length) {
      for (const [at, reading] of readings.entries()) {
        const { done, value } = reading.next();
        if (done && sizes[at] === undefined) sizes[at] = value.totalSize;
      }
    }
    expect(sizes).toEqual([
      countOf(([, second, third]) => ['3', '5'].includes(second!) && third === 'a\u0001'),
      countOf(([, , third]) => third === 'b\u0000'),
      groups.length,
    ]);
  });

  test.each([
    [['Dep 000000']],
    [['Dep 004999', 'Dep 005000', 'Dep 010006']],
    [['Dep 00', 'Dep 0', 'Dep 999999', '']],
    [['Dep 000007\u0001', 'Dep 009999']],
  ])('values %j of the first column are found in a few steps, whatever order is wanted', (values) => {
    const names = groups.filter(([first]) => values.includes(first!)).map(([first]) => first);
    const unread = new SqliteResults(database);
    for (const descending of [false, true, true, false]) {
      for (const orderBy of ['department', 'sum'] as const) {
        const { page } = run(unread, id, { ...queryOf({ index: 0, values }), orderBy, descending });
        const found = page.totals.map(({ keys }) => keys[0]);
        expect([page.totalSize, ...found.toSorted()]).toEqual([names.length, ...names]);
      }
    }
    run(unread, id, ALL);
    expect(run(unread, id, queryOf({ index: 0, values: ['Dep 000000'] })).steps).toBe(1);
  });

  test('a column that groups do not have has no value', () => {
    expect(run(results, id, queryOf({ index: 3, values: ['', 'a', 'undefined'] })).page.totalSize).toBe(0);
    expect(run(results, id, queryOf({ index: 1, values: [] })).page.totalSize).toBe(0);
  });

  test('the token of the next page does not repeat the values, and belongs to them', () => {
    const values = [...Array.from({ length: 990 }, (_, index) => 'x'.repeat(400) + index), '1', '2'];
    const { page } = run(results, id, queryOf({ index: 1, values }));
    expect(page.nextPageToken.length).toBeLessThan(500);
    const next = { ...queryOf({ index: 1, values }), pageToken: page.nextPageToken };
    expect(run(results, id, next).page.totals[0]?.keys[1]).toMatch(/^[12]$/);
    const other = { ...queryOf({ index: 1, values: ['1', '2'] }), pageToken: page.nextPageToken };
    expect(() => run(results, id, other)).toThrow(expect.objectContaining({ code: 'PAGE_TOKEN_INVALID' }));
  });
});
