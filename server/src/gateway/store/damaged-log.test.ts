import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepDamagedLog } from './damaged-log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystream-damaged-'));
  file = join(folder, 'jobs.db');
  const database = new DatabaseSync(join(folder, 'source.db'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER)');
  for (let n = 0; n < 10; n++) database.exec(`INSERT INTO t VALUES (${n})`);
  for (const suffix of ['', '-wal']) copyFileSync(join(folder, `source.db${suffix}`), `${file}${suffix}`);
  database.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

function createRecorder() {
  const lines: [Record<string, unknown>, string][] = [];
  const record = (...line: [Record<string, unknown>, string]) => void lines.push(line);
  return { lines, log: { error: record, warn: record } as never };
}

function flip(): void {
  const log = readFileSync(`${file}-wal`);
  const at = Math.floor(log.length / 2);
  log[at] = (log[at] ?? 0) ^ 1;
  writeFileSync(`${file}-wal`, log);
}

test('a log that is well, torn at its end, or not there says nothing and leaves no copies', async () => {
  const { log, lines } = createRecorder();
  await keepDamagedLog(file, log);
  writeFileSync(`${file}-wal`, readFileSync(`${file}-wal`).subarray(0, -100));
  await keepDamagedLog(file, log);
  rmSync(`${file}-wal`);
  await keepDamagedLog(file, log);
  await keepDamagedLog(join(folder, 'nothing.db'), log);
  expect(lines).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.startsWith('damaged'))).toEqual([]);
});

test('a damage says how many transactions are lost, and keeps the files as they were, three times at most', async () => {
  flip();
  const { log, lines } = createRecorder();
  const before = [readFileSync(file), readFileSync(`${file}-wal`)];
  for (let start = 0; start < 5; start++) await keepDamagedLog(file, log, new Date(start));
  const [figures, text] = lines[0] ?? [];
  const { goodTransactions, lostTransactions } = figures as { goodTransactions: number; lostTransactions: number };
  expect(text).toContain('damaged');
  expect(lostTransactions).toBeGreaterThan(0);
  // The table is a transaction, too; each has one frame, and the damaged one is not counted.
  expect(goodTransactions + lostTransactions).toBe(10);
  const copies = readdirSync(folder).filter((name) => name.startsWith('damaged'));
  expect(copies).toHaveLength(3);
  expect(figures?.['copies']).toBe(join(folder, copies[0] ?? ''));
  const kept = ['jobs.db', 'jobs.db-wal'].map((name) => readFileSync(join(folder, copies[0] ?? '', name)));
  expect(kept).toEqual(before);
  expect(lines.at(-1)?.[0]?.['copies']).toContain('none');
});
