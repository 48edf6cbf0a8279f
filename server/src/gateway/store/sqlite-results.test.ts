import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allSteps } from '../../../test/support/all-steps.ts';
import { takeBack } from '../../../test/support/older-database.ts';
import { totalsBatch } from '../../../test/support/totals-batch.ts';
import type { TotalsQuery } from './job-store.ts';
import { migrate } from './schema.ts';
import { SqliteResults } from './sqlite-results.ts';

const ALL: TotalsQuery = {
  orderBy: 'department',
  descending: false,
  search: '',
  keys: [],
  pageSize: 100,
  pageToken: '',
};
/** Letters whose lower case is longer, or another script's, or depends on the next; specials of LIKE and C. */
const LETTERS = [...'aAkK\u212ai\u0130ßÜüΣσςお𝒳%_\\ '];
const text = fc.string({ unit: fc.constantFrom(...LETTERS, '\t', '\0'), minLength: 1, maxLength: 6 });

function openResults(): { database: DatabaseSync; results: SqliteResults } {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  return { database, results: new SqliteResults(database) };
}

/** A page, with all of its steps. */
function listTotals(results: SqliteResults, resultId: number, query: TotalsQuery) {
  return allSteps(results.listTotals(resultId, query)).value;
}

function total(department: string, sum = '1') {
  return { department, sum, count: 1n, min: '1', max: '1', mean: '1' };
}

function found(results: SqliteResults, resultId: number, search: string): string[] {
  return listTotals(results, resultId, { ...ALL, search }).totals.map(({ department }) => department);
}

function containing(names: readonly string[], search: string): Set<string> {
  return new Set(names.filter((name) => name.toLowerCase().includes(search.toLowerCase())));
}

test('totals come back as they were, however many are written at once', () => {
  const { results } = openResults();
  for (const length of [0, 1, 49, 50, 51, 120]) {
    const resultId = results.begin('job');
    const totals = Array.from({ length }, (_, index) => ({
      department: `Dépôt ${String(index).padStart(3, '0')}`,
      sum: `${index}.5`,
      count: BigInt(index),
      min: `-${index + 1}`,
      max: `${index}`,
      mean: `${index}.25`,
      keys: [],
      figures: [],
    }));
    results.addTotals(resultId, totalsBatch(totals));
    expect(listTotals(results, resultId, { ...ALL, pageSize: 200 }).totals).toEqual(totals);
  }
});

test('a search finds what contains its lower case in lower case, with any letters', () => {
  const names = fc.uniqueArray(text, { minLength: 1, maxLength: 20 });
  const { results } = openResults();
  fc.assert(
    fc.property(names, fc.array(text, { maxLength: 10 }), (departments, searches) => {
      const resultId = results.begin('job');
      results.addTotals(resultId, totalsBatch(departments.map((name) => total(name))));
      for (const search of [...searches, ...departments, ...LETTERS]) {
        expect(new Set(found(results, resultId, search))).toEqual(containing(departments, search));
      }
    }),
  );
});

test('a search for more than a pattern of SQLite may hold is a search like any other', () => {
  const { results } = openResults();
  const resultId = results.begin('job');
  const long = 'x%'.repeat(30_000);
  results.addTotals(resultId, totalsBatch([total(`A${long}`), total('x')]));
  expect(found(results, resultId, `a${long.toUpperCase()}`)).toEqual([`A${long}`]);
});

test('every page of a search tells how many there are in all, also when the first is the last', () => {
  const { results } = openResults();
  const resultId = results.begin('job');
  const names = ['Bücher', 'Books', 'Toys', 'Boots'];
  results.addTotals(resultId, totalsBatch(names.map((name, index) => total(name, String(index)))));
  for (const orderBy of ['department', 'sum'] as const) {
    for (const pageSize of [1, 2, 3, 4]) {
      const seen: string[] = [];
      let pageToken = '';
      do {
        const page = listTotals(results, resultId, { ...ALL, orderBy, search: 'B', pageSize, pageToken });
        expect(page.totalSize).toBe(3);
        seen.push(...page.totals.map(({ department }) => department));
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      expect(seen).toEqual(orderBy === 'sum' ? ['Bücher', 'Books', 'Boots'] : ['Books', 'Boots', 'Bücher']);
    }
  }
  expect(listTotals(results, resultId, { ...ALL, search: 'nothing' }).totalSize).toBe(0);
});

test('no name of a new result is searched by a call into JavaScript', () => {
  const { database, results } = openResults();
  const resultId = results.begin('job');
  results.addTotals(resultId, totalsBatch([total('Bücher'), total('BOOKS')]));
  database.function('contains_folded', (_text, _folded) => {
    throw new Error('called');
  });
  expect(found(results, resultId, 'b')).toEqual(['BOOKS', 'Bücher']);
  expect(found(results, resultId, 'Ü')).toEqual(['Bücher']);
});

test('results of a version that did not keep folded names are found as before', () => {
  const { database, results } = openResults();
  const names = ['BÜCHER', 'Books', 'bücher 2'];
  const resultId = results.begin('job');
  results.addTotals(resultId, totalsBatch(names.map((name) => total(name))));
  takeBack(database, 2);
  migrate(database);
  const reopened = new SqliteResults(database);
  expect(found(reopened, resultId, 'Büch')).toEqual(['BÜCHER', 'bücher 2']);
  expect(found(reopened, resultId, 'bo')).toEqual(['Books']);
  const next = reopened.begin('job');
  reopened.addTotals(next, totalsBatch([total('BÜCHER')]));
  expect(found(reopened, next, 'büch')).toEqual(['BÜCHER']);
});
