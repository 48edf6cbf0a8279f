import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { freeBytes, type Reserve } from './reserve.ts';
import { isRoomError } from './sqlite-errors.ts';
import type { SqliteResults } from './sqlite-results.ts';

/** Free pages that stay in the file for the next job: 4 MiB. */
const KEPT_PAGES = 1024;
/** Pages that one step takes off the end of the file: some hundredths of a second. */
const STEP_PAGES = 1024;
/** A file of before is brought to INCREMENTAL by writing what it holds anew, which takes about a second for so much. */
const MAX_REWRITE_BYTES = 128 * 1024 * 1024;
/** Rewriting needs the temporary copy and the log beside the file. */
const REWRITE_ROOM = 3;
const INCREMENTAL = 2;
/** The reserve has room for a log of this length in the file, and for as much of the work that it is given up for. */
const SHORT_LOG_BYTES = 8 * 1024 * 1024;

/**
 * Keeps a database as small as what it holds, and able to write: removes results that nobody sees any more, gives the
 * room of the file and of its log (the WAL) back to the disk, and holds a reserve for a disk that is full. All of it in
 * short steps, between which the thread answers calls.
 */
export class SqliteUpkeep {
  readonly #database: DatabaseSync;
  readonly #results: SqliteResults;
  readonly #reserve: Reserve;
  readonly #file: string;
  #isRewritten = false;

  constructor(database: DatabaseSync, results: SqliteResults, reserve: Reserve, file: string) {
    this.#database = database;
    this.#results = results;
    this.#reserve = reserve;
    this.#file = file;
  }

  /** Clears the log of the process before: behind what counts of it may stand frames that look as if they did. */
  begin(): void {
    this.#truncateLog();
  }

  /**
   * Does the next piece of work.
   *
   * @returns whether there is more
   * @throws an Error of SQLite; a full disk has given up its reserve by then
   */
  step(): boolean {
    const isMore = this.withReserve(() => this.#results.removeSome() || this.#shrink());
    if (isMore) return true;
    this.#truncateLog();
    this.#reserve.hold();
    return false;
  }

  /**
   * Does work that ends a job or gives room back. If there is no room for it, the reserve is given up for it.
   *
   * @throws the error of the work, even with all the room that there is
   */
  withReserve<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isRoomError(error, freeBytes(this.#file))) throw error;
      this.#reserve.give();
      this.#truncateLog();
      return work();
    }
  }

  /**
   * Does work that can wait for room. Before, it keeps the log so short that what is in it still fits into the file: a
   * log that does not can never be given back.
   */
  withShortLog<T>(work: () => T): T {
    const logBytes = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (logBytes > SHORT_LOG_BYTES && logBytes > freeBytes(this.#file) / 2) this.#truncateLog();
    return work();
  }

  /** Takes pages that are free off the end of the file. */
  #shrink(): boolean {
    if (this.#pragma('auto_vacuum') !== INCREMENTAL) return this.#rewrite();
    const free = this.#pragma('freelist_count');
    if (free <= KEPT_PAGES) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${Math.min(STEP_PAGES, free - KEPT_PAGES)})`);
    return this.#pragma('freelist_count') > KEPT_PAGES;
  }

  /** Brings a file of an older version to where it can shrink in steps, once it holds little and the disk has room. */
  #rewrite(): boolean {
    if (this.#isRewritten) return false;
    const bytes = (this.#pragma('page_count') - this.#pragma('freelist_count')) * this.#pragma('page_size');
    if (bytes > MAX_REWRITE_BYTES || freeBytes(this.#file) < REWRITE_ROOM * bytes) return false;
    // Once only: if it fails, so will the next time.
    this.#isRewritten = true;
    this.#database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    this.#database.exec('VACUUM');
    return true;
  }

  /** Brings the log into the file and gives its room back; readers are not waited for, the next time is soon. */
  #truncateLog(): void {
    const timeoutMs = this.#pragma('busy_timeout', 'timeout');
    this.#database.exec('PRAGMA busy_timeout = 0');
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // As much as there was room for is in the file.
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${timeoutMs}`);
    }
  }

  #pragma(name: string, column = name): number {
    return Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[column]);
  }
}
