import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { takeBack } from '../../../test/support/older-database.ts';
import { migrate } from './schema.ts';
import type { RejectRow } from './sqlite-rejects.ts';
import { SqliteResults } from './sqlite-results.ts';

const { EMPTY_AMOUNT, COLUMN_COUNT, MALFORMED_QUOTE, INVALID_ENCODING } = RejectReason;
const ALL = { reasons: [], pageSize: 1000, pageToken: '' };

function open(): { database: DatabaseSync; results: SqliteResults; resultId: number } {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const results = new SqliteResults(database);
  return { database, results, resultId: results.begin('job') };
}

function reject(byteOffset: number, reason: RejectReason = EMPTY_AMOUNT): RejectRow {
  return {
    line: BigInt(byteOffset),
    byteOffset: BigInt(byteOffset),
    reason,
    raw: 'x',
    rawTruncated: false,
    lines: 1n,
    file: '',
  };
}

/** A hundred rows, of which every tenth has the wrong number of columns, and one a bad quote. */
function hundred(): RejectRow[] {
  return Array.from({ length: 100 }, (_, index) =>
    reject(index, index === 77 ? MALFORMED_QUOTE : index % 10 === 0 ? COLUMN_COUNT : EMPTY_AMOUNT),
  );
}

test('rejected rows come back as they were, with the lines that they span', () => {
  const { results, resultId } = open();
  const rows = [reject(5), { ...reject(9, COLUMN_COUNT), lines: 81_511n, raw: 'a\n"b', rawTruncated: true }];
  results.addRejects(resultId, rows);
  expect(results.listRejects(resultId, ALL).rejects).toEqual(rows);
});

test.each([
  ['one reason', [COLUMN_COUNT], 10],
  ['two reasons', [MALFORMED_QUOTE, COLUMN_COUNT], 11],
  ['a reason twice, and one that does not occur', [COLUMN_COUNT, INVALID_ENCODING, COLUMN_COUNT], 10],
  ['a number that is no reason', [4711 as RejectReason], 0],
  ['all', [], 100],
])('a list of %s has every row of it once, in file order, on pages of any size', (_, reasons, count) => {
  const { results, resultId } = open();
  results.addRejects(resultId, hundred());
  const right = hundred().filter(({ reason }) => reasons.length === 0 || reasons.includes(reason));
  for (const pageSize of [1, 3, 10, 11, 1000]) {
    const seen: RejectRow[] = [];
    let pageToken = '';
    do {
      const page = results.listRejects(resultId, { reasons, pageSize, pageToken });
      expect(page.totalSize).toBe(count);
      expect(page.rejects.length).toBeLessThanOrEqual(pageSize);
      seen.push(...page.rejects);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual(right);
  }
});

test('a page token goes on with the list of its own reasons only, in whatever order they are named', () => {
  const { results, resultId } = open();
  results.addRejects(resultId, hundred());
  const reasons = [COLUMN_COUNT, MALFORMED_QUOTE];
  const { nextPageToken: pageToken } = results.listRejects(resultId, { reasons, pageSize: 2, pageToken: '' });
  for (const others of [[COLUMN_COUNT], [], [EMPTY_AMOUNT, COLUMN_COUNT]]) {
    expect(() => results.listRejects(resultId, { reasons: others, pageSize: 2, pageToken })).toThrow('page token');
  }
  const next = results.listRejects(resultId, { reasons: reasons.toReversed(), pageSize: 1, pageToken });
  expect(next.rejects.map(({ byteOffset }) => byteOffset)).toEqual([20n]);
});

test('a rare reason is found in an index, whatever the number of rows of other reasons', () => {
  const { database, results, resultId } = open();
  results.addRejects(resultId, hundred());
  const asked: string[] = [];
  const { prepare } = database;
  database.prepare = (sql) => {
    asked.push(sql);
    return prepare.call(database, sql);
  };
  results.listRejects(resultId, { reasons: [MALFORMED_QUOTE, COLUMN_COUNT], pageSize: 10, pageToken: '' });
  expect(asked).toHaveLength(1);
  const plan = prepare.call(database, `EXPLAIN QUERY PLAN ${asked[0]}`).all(...Array(9).fill(1));
  const steps = plan.map(({ detail }) => String(detail));
  const searches = steps.filter((step) => step.startsWith('SEARCH'));
  expect(searches).toHaveLength(2);
  for (const step of searches)
    expect(step).toMatch(/rejects_by_reason \(result_id=\? AND reason=\? AND byte_offset>\?\)/);
  expect(steps.some((step) => step.startsWith('SCAN rejects'))).toBe(false);
});

test('the count is of what is stored, also after a result was brought back and written again', () => {
  const { results, resultId } = open();
  results.addRejects(resultId, hundred().slice(0, 60));
  results.addRejects(resultId, hundred().slice(60));
  expect(results.countRejects(resultId)).toBe(100);
  results.rewind(resultId, 41);
  expect(results.countRejects(resultId)).toBe(42);
  expect(results.listRejects(resultId, { ...ALL, reasons: [COLUMN_COUNT] }).totalSize).toBe(5);
  expect(results.listRejects(resultId, { ...ALL, reasons: [MALFORMED_QUOTE] }).totalSize).toBe(0);
  results.addRejects(resultId, hundred().slice(42));
  expect(results.countRejects(resultId)).toBe(100);
  // A batch that cannot be written whole is not written at all.
  expect(() => results.addRejects(resultId, [reject(100), reject(3)])).toThrow('UNIQUE');
  expect(results.countRejects(resultId)).toBe(100);
  results.drop(resultId);
  expect(results.countRejects(resultId)).toBe(0);
});

test('results of a version that neither counted rejected rows nor knew their lines have both', () => {
  const { database, results, resultId } = open();
  results.addRejects(resultId, hundred());
  takeBack(database, 3);
  migrate(database);
  const reopened = new SqliteResults(database);
  expect(reopened.countRejects(resultId)).toBe(100);
  expect(reopened.listRejects(resultId, { ...ALL, reasons: [COLUMN_COUNT] })).toMatchObject({
    totalSize: 10,
    rejects: hundred().filter(({ reason }) => reason === COLUMN_COUNT),
  });
});
