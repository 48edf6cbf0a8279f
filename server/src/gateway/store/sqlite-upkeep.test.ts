import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { allSteps } from '../../../test/support/all-steps.ts';
import { totalsBatch } from '../../../test/support/totals-batch.ts';
import { SqliteDatabase } from './sqlite-database.ts';

const MB = 1024 * 1024;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystream-upkeep-'));
  file = join(folder, 'jobs.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function job(id: string, resultId: number) {
  const flags = { isGzip: false, isResumable: true, acknowledgedBytes: 0, owner: '' };
  return { id, createMs: 1, state: JobState.SUCCEEDED, message: new Uint8Array(10), ...flags, resultId };
}

/** A job with 10 MB of totals. */
function addJob(database: SqliteDatabase, id: string): number {
  const resultId = database.results.begin(id);
  for (let batch = 0; batch < 80; batch++) {
    const names = Array.from({ length: 1000 }, (_, index) => `${batch}-${index} ${'x'.repeat(100)}`);
    database.results.addTotals(resultId, totalsBatch(names.map((department) => ({ department }))));
  }
  database.put(job(id, resultId));
  return resultId;
}

/** All steps until there is nothing left to do. @returns how many */
function keepUp(database: SqliteDatabase): number {
  let steps = 1;
  while (database.upkeep.step()) steps++;
  return steps;
}

function bytesOf(name: string): number {
  return statSync(name, { throwIfNoEntry: false })?.size ?? 0;
}

test('what deleted jobs held goes back to the disk, from the file and from its log, in steps', () => {
  const database = new SqliteDatabase(file);
  const kept = addJob(database, 'kept');
  const resultId = addJob(database, 'gone');
  keepUp(database);
  const before = bytesOf(file);
  database.delete('gone');
  // Out of sight at once, though its rows are still there.
  const query = {
    orderBy: 'department',
    descending: false,
    search: '',
    keys: [],
    pageSize: 10,
    pageToken: '',
  } as const;
  expect(() => allSteps(database.results.listTotals(resultId, query))).toThrow('no longer exists');
  expect(keepUp(database)).toBeGreaterThan(10);
  expect(bytesOf(`${file}-wal`)).toBe(0);
  expect(bytesOf(file)).toBeLessThan(before / 2 + 5 * MB);
  expect(allSteps(database.results.listTotals(kept, query)).value.totalSize).toBe(80_000);
  database.delete('kept');
  keepUp(database);
  expect(bytesOf(file)).toBeLessThan(5 * MB);
  database.close();
});

test('a removal that a process left in the middle is ended by the next', () => {
  const first = new SqliteDatabase(file);
  addJob(first, 'gone');
  first.delete('gone');
  first.upkeep.step();
  first.close();
  const second = new SqliteDatabase(file);
  keepUp(second);
  second.close();
  const database = new DatabaseSync(file);
  for (const table of ['totals', 'results', 'reject_counts']) {
    expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  }
  database.close();
});

test('the file of an older version, which could not shrink, does', () => {
  const old = new SqliteDatabase(file);
  addJob(old, 'gone');
  old.close();
  const plain = new DatabaseSync(file);
  plain.exec('PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM;');
  plain.close();
  const database = new SqliteDatabase(file);
  const before = bytesOf(file);
  expect(before).toBeGreaterThan(9 * MB);
  database.delete('gone');
  keepUp(database);
  expect(bytesOf(file)).toBeLessThan(MB);
  database.close();
});

test('when the disk is full the reserve is given for the end of a job, and held again when there is room', () => {
  const database = new SqliteDatabase(file);
  keepUp(database);
  const reserve = join(folder, 'reserve');
  expect(bytesOf(reserve)).toBe(16 * MB);
  const full = () => {
    if (existsSync(reserve)) throw new Error('database or disk is full');
    return 'done';
  };
  expect(database.upkeep.withReserve(full)).toBe('done');
  expect(existsSync(reserve)).toBe(false);
  // A fault that is not of room costs no reserve.
  keepUp(database);
  const broken = () => {
    throw new Error('no such table');
  };
  expect(() => database.upkeep.withReserve(broken)).toThrow('no such table');
  expect(bytesOf(reserve)).toBe(16 * MB);
  // Without any left to give, the error is told.
  rmSync(reserve);
  const stillFull = () => {
    throw new Error('database or disk is full');
  };
  expect(() => database.upkeep.withReserve(stillFull)).toThrow('full');
  database.close();
});
