import type { DatabaseSync } from 'node:sqlite';

/** The statements that lead from each version to the next, beginning with an empty file. */
const MIGRATIONS = [
  `
  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    create_ms INTEGER NOT NULL,
    state INTEGER NOT NULL,
    message BLOB NOT NULL, -- tallystream.v1.Job
    is_gzip INTEGER NOT NULL,
    is_resumable INTEGER NOT NULL,
    result_id INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX jobs_newest ON jobs (create_ms DESC, id DESC);

  CREATE TABLE results (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL
  ) STRICT;
  CREATE INDEX results_of_job ON results (job_id);

  -- Decimals are sort keys: see sort-key.ts.
  CREATE TABLE totals (
    result_id INTEGER NOT NULL,
    department TEXT NOT NULL,
    sum TEXT NOT NULL,
    count INTEGER NOT NULL,
    min TEXT NOT NULL,
    max TEXT NOT NULL,
    mean TEXT NOT NULL,
    PRIMARY KEY (result_id, department)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rejects (
    result_id INTEGER NOT NULL,
    byte_offset INTEGER NOT NULL,
    line INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    raw TEXT NOT NULL,
    raw_truncated INTEGER NOT NULL,
    PRIMARY KEY (result_id, byte_offset)
  ) STRICT, WITHOUT ROWID;
`,
  `
  ALTER TABLE jobs ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  CREATE INDEX jobs_newest_of_owner ON jobs (owner, create_ms DESC, id DESC);

  CREATE TABLE checkpoints (
    job_id TEXT PRIMARY KEY,
    result_id INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    upload_bytes INTEGER NOT NULL,
    last_reject_offset INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE checkpoint_parts (
    job_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (job_id, part)
  ) STRICT;
`,
  `
  -- Results of before have no folded names; they are searched without.
  ALTER TABLE results ADD COLUMN has_folded_names INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE totals ADD COLUMN folded TEXT; -- see totals-search.ts
`,
  `
  ALTER TABLE jobs ADD COLUMN acknowledged_bytes INTEGER NOT NULL DEFAULT 0;

  ALTER TABLE rejects ADD COLUMN lines INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX rejects_by_reason ON rejects (result_id, reason, byte_offset);

  -- Kept beside the rows: to count a million of them takes longer than to read a page.
  CREATE TABLE reject_counts (
    result_id INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (result_id, reason)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO reject_counts SELECT result_id, reason, count(*) FROM rejects GROUP BY result_id, reason;
`,
  `
  -- Of rows in one of several files: which, and where in it. The offset goes on over all files then.
  ALTER TABLE rejects ADD COLUMN file TEXT NOT NULL DEFAULT '';
  ALTER TABLE rejects ADD COLUMN file_offset INTEGER;
`,
  `
  -- Whether a department is a key of several values: see kernel/group-key.ts.
  ALTER TABLE results ADD COLUMN has_keys INTEGER NOT NULL DEFAULT 0;
`,
  `
  -- Of several amounts: the figures of all of them as JSON, and the sums of those behind the first as sort keys.
  ALTER TABLE totals ADD COLUMN figures TEXT;
  ALTER TABLE totals ADD COLUMN sum_2 TEXT;
  ALTER TABLE totals ADD COLUMN sum_3 TEXT;
  ALTER TABLE totals ADD COLUMN sum_4 TEXT;
  ALTER TABLE totals ADD COLUMN sum_5 TEXT;
  ALTER TABLE totals ADD COLUMN sum_6 TEXT;
  ALTER TABLE totals ADD COLUMN sum_7 TEXT;
  ALTER TABLE totals ADD COLUMN sum_8 TEXT;
`,
] as const;

/**
 * Opens the tables, making them in a new file and bringing those of an older version up to date.
 *
 * @throws an Error for a file of a newer version of this program
 */
export function migrate(database: DatabaseSync): void {
  // One process a folder: two would both take up the same jobs. The lock goes with the process, however it ends.
  database.exec('PRAGMA busy_timeout = 500; PRAGMA locking_mode = EXCLUSIVE;');
  // Before anything is in the file: in others the setting itself is a write, which a full disk refuses.
  // `sqlite-upkeep.ts` brings those there, and shrinks all.
  if (pragma(database, 'page_count') === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL;');
  // WAL survives kill -9; FULL makes a commit durable before it returns.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  // Pages of 4 KiB that gather in the WAL before the file gets them, for which a commit waits: with SQLite's 1,000 that
  // was most of the time that the totals of a million departments took. A log that became larger goes back to that size.
  database.exec('PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 33554432;');
  const version = pragma(database, 'user_version');
  if (version > MIGRATIONS.length) {
    throw new Error(
      `the database has version ${version}, but this program supports at most ${MIGRATIONS.length}: use a newer Tallystream`,
    );
  }
  if (version === MIGRATIONS.length) return;
  const missing = MIGRATIONS.slice(version).join('');
  database.exec(`BEGIN; ${missing} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT;`);
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
