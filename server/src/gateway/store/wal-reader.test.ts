import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LogState, readLog } from './wal-reader.ts';

const TRANSACTIONS = 12;
const [HEADER, FRAME] = [32, 24 + 4096];
let folder: string;
/** A database and its log as a killed process leaves them. */
let file: Buffer;
let log: Buffer;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystream-wal-'));
  const path = join(folder, 'source.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n INTEGER, x TEXT)');
  // An earlier round of the log, longer than the next: its frames stay behind those of that one.
  for (let n = 0; n < 30; n++) database.exec(`INSERT INTO t VALUES (-1, '${'y'.repeat(3000)}')`);
  database.exec('PRAGMA wal_checkpoint(RESTART); PRAGMA cache_size = 5');
  const add = (n: number) => database.exec(`INSERT INTO t VALUES (${n}, '${'x'.repeat(n * 700)}')`);
  for (let n = 0; n < TRANSACTIONS / 2; n++) add(n);
  // One that is rolled back after it has written into the log.
  database.exec(`BEGIN; UPDATE t SET x = '${'z'.repeat(3000)}'; ROLLBACK`);
  for (let n = TRANSACTIONS / 2; n < TRANSACTIONS; n++) add(n);
  copyFileSync(path, join(folder, 'killed.db'));
  copyFileSync(`${path}-wal`, join(folder, 'killed.db-wal'));
  database.close();
  file = readFileSync(join(folder, 'killed.db'));
  log = readFileSync(join(folder, 'killed.db-wal'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function stateOf(bytes: Buffer): Promise<LogState> {
  writeFileSync(join(folder, 'log'), bytes);
  await using handle = await open(join(folder, 'log'));
  return await readLog(handle, 4096);
}

/** How many of the transactions SQLite finds. */
function found(bytes: Buffer): number {
  const path = join(folder, 'opened.db');
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  writeFileSync(path, file);
  writeFileSync(`${path}-wal`, bytes);
  const database = new DatabaseSync(path);
  const { n } = database.prepare('SELECT count(*) AS n FROM t WHERE n >= 0').get() as { n: number };
  database.close();
  return n;
}

test('a log as a killed process leaves it is well, with the frames of earlier rounds and of a rollback in it', async () => {
  expect(log.length).toBeGreaterThan(HEADER + FRAME * (TRANSACTIONS + 10));
  expect(await stateOf(log)).toEqual({
    goodTransactions: TRANSACTIONS,
    lostTransactions: 0,
    lostFrames: expect.anything(),
  });
  expect(found(log)).toBe(TRANSACTIONS);
});

test('a log that was cut anywhere has lost its last writes, and nothing behind a damage', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: log.length }), async (length) => {
      const cut = log.subarray(0, length);
      expect(await stateOf(cut)).toMatchObject({ goodTransactions: found(cut), lostTransactions: 0 });
    }),
    { numRuns: 60 },
  );
});

test('of a log with flipped bits it is known which transactions SQLite finds, and which it leaves out', async () => {
  // The frames of the twelve transactions, without those behind them.
  const ownBytes = await lastOwnByte();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: ownBytes - 1 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
      const damaged = Buffer.from(log);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const { goodTransactions, lostTransactions } = await stateOf(damaged);
      const left = found(damaged);
      if (at >= HEADER) expect(goodTransactions).toBe(left);
      // Damage in the last transaction cannot be told from an end in the middle of it.
      const missing = TRANSACTIONS - left;
      expect(missing - lostTransactions, `byte ${at}, bit ${bit}`).toBeLessThanOrEqual(1);
      expect(lostTransactions).toBeLessThanOrEqual(missing);
      if (missing > 1) expect(lostTransactions).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});

test('a flipped bit in the sum of one frame hides no other', async () => {
  const frames = ((await lastOwnByte()) - HEADER) / FRAME;
  for (let frame = 0; frame < frames; frame++) {
    const damaged = Buffer.from(log);
    const at = HEADER + frame * FRAME;
    damaged[at + 16]! ^= 1;
    // A commit that is damaged itself is not counted.
    const isCommit = log.readUInt32BE(at + 4) !== 0;
    const { goodTransactions, lostTransactions } = await stateOf(damaged);
    expect(goodTransactions + lostTransactions, `frame ${frame}`).toBe(TRANSACTIONS - Number(isCommit));
  }
});

async function lastOwnByte(): Promise<number> {
  for (let length = HEADER; ; length += FRAME) {
    if ((await stateOf(log.subarray(0, length))).goodTransactions === TRANSACTIONS) return length;
  }
}
