import type { DatabaseSync } from 'node:sqlite';

/** Statements that take a database back by one version each: from 7, from 6, from 5, from 4, then from 3. */
const STEPS_BACK = [
  ['figures', ...Array.from({ length: 7 }, (_, index) => `sum_${index + 2}`)]
    .map((column) => `ALTER TABLE totals DROP COLUMN ${column};`)
    .join(' '),
  'ALTER TABLE results DROP COLUMN has_keys;',
  'ALTER TABLE rejects DROP COLUMN file; ALTER TABLE rejects DROP COLUMN file_offset;',
  `DROP TABLE reject_counts; DROP INDEX rejects_by_reason; ALTER TABLE rejects DROP COLUMN lines;
   ALTER TABLE jobs DROP COLUMN acknowledged_bytes;`,
  'ALTER TABLE totals DROP COLUMN folded; ALTER TABLE results DROP COLUMN has_folded_names;',
];
const NEWEST = 2 + STEPS_BACK.length;

/** Turns a database, with its contents, into that of an older version of the program. */
export function takeBack(database: DatabaseSync, version: 2 | 3 | 4 | 5 | 6): void {
  database.exec(`${STEPS_BACK.slice(0, NEWEST - version).join('')} PRAGMA user_version = ${version}`);
}
