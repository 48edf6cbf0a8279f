import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { TallyError } from '../../errors.ts';
import { hasEnded } from '../job-state.ts';
import type { JobsQuery } from './job-store.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import { Reserve } from './reserve.ts';
import { migrate } from './schema.ts';
import { SqliteCheckpoints } from './sqlite-checkpoints.ts';
import { fromSqliteError } from './sqlite-errors.ts';
import { SqliteResults } from './sqlite-results.ts';
import { SqliteUpkeep } from './sqlite-upkeep.ts';
import { inTransaction } from './transaction.ts';

/** A stop has little time: see `main.ts`. */
const CLOSE_MS = 500;

/** A job as it lies in the table. */
export interface JobRow {
  id: string;
  createMs: number;
  state: JobState;
  /** A serialised tallystream.v1.Job. */
  message: Uint8Array;
  isGzip: boolean;
  isResumable: boolean;
  acknowledgedBytes: number;
  owner: string;
  resultId: number;
}

/** The synchronous half of the SQLite store: runs in a thread of its own, so that no query holds up the gateway. */
export class SqliteDatabase {
  readonly results: SqliteResults;
  readonly checkpoints: SqliteCheckpoints;
  readonly upkeep: SqliteUpkeep;
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #get: StatementSync;

  /** @param file the database file, made if it is not there */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    migrate(this.#database);
    this.results = new SqliteResults(this.#database);
    this.checkpoints = new SqliteCheckpoints(this.#database);
    this.#put = this.#database.prepare(
      `INSERT INTO jobs (id, create_ms, state, message, is_gzip, is_resumable, acknowledged_bytes, owner, result_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, message = excluded.message, is_gzip = excluded.is_gzip,
         is_resumable = excluded.is_resumable, acknowledged_bytes = excluded.acknowledged_bytes,
         result_id = excluded.result_id`,
    );
    this.#get = this.#database.prepare('SELECT * FROM jobs WHERE id = ?');
    const reserve = new Reserve(join(dirname(file), 'reserve'));
    this.upkeep = new SqliteUpkeep(this.#database, this.results, reserve, file);
    this.upkeep.begin();
    this.#dropUnused();
  }

  /** Without room even for that the next start sees to it: the operator must be able to remove jobs. */
  #dropUnused(): void {
    try {
      this.upkeep.withReserve(() => this.results.dropUnused());
    } catch (error) {
      if (fromSqliteError(error) instanceof TallyError) return;
      throw error;
    }
  }

  /** All jobs in one of these states, oldest first. */
  inStates(states: JobState[]): JobRow[] {
    return this.#database
      .prepare(`SELECT * FROM jobs WHERE state IN (${states.map(() => '?').join(', ')}) ORDER BY create_ms, id`)
      .all(...states)
      .map(toJobRow);
  }

  get(id: string): JobRow | undefined {
    const row = this.#get.get(id);
    return row && toJobRow(row);
  }

  some(ids: readonly string[]): JobRow[] {
    return this.#database
      .prepare('SELECT * FROM jobs WHERE id IN (SELECT value FROM json_each(?))')
      .all(JSON.stringify(ids))
      .map(toJobRow);
  }

  list(query: JobsQuery): { rows: JobRow[]; nextPageToken: string } {
    const after = decodePageToken(query.pageToken, ['number', 'text']);
    const conditions: string[] = [];
    if (query.states.length > 0) conditions.push(`state IN (${query.states.map(() => '?').join(', ')})`);
    if (query.owner !== undefined) conditions.push('owner = ?');
    if (after) conditions.push('(create_ms, id) < (?, ?)');
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const rows = this.#database
      .prepare(`SELECT * FROM jobs ${where} ORDER BY create_ms DESC, id DESC LIMIT ?`)
      .all(...query.states, ...(query.owner === undefined ? [] : [query.owner]), ...(after ?? []), query.pageSize + 1)
      .map(toJobRow);
    const hasMore = rows.length > query.pageSize;
    if (hasMore) rows.pop();
    const last = rows.at(-1);
    return { rows, nextPageToken: hasMore && last ? encodePageToken([last.createMs, last.id]) : '' };
  }

  put(row: JobRow): void {
    // The end of a job is worth the reserve; anything else can wait for room.
    if (hasEnded(row.state)) this.upkeep.withReserve(() => this.#store(row));
    else this.#store(row);
  }

  #store(row: JobRow): void {
    inTransaction(this.#database, () => {
      this.#put.run(
        row.id,
        row.createMs,
        row.state,
        row.message,
        Number(row.isGzip),
        Number(row.isResumable),
        row.acknowledgedBytes,
        row.owner,
        row.resultId,
      );
      if (hasEnded(row.state)) this.checkpoints.drop(row.id);
    });
  }

  delete(id: string): void {
    this.upkeep.withReserve(() =>
      inTransaction(this.#database, () => {
        this.#database.prepare('DELETE FROM jobs WHERE id = ?').run(id);
        this.checkpoints.drop(id);
        this.results.dropOfJob(id, 0);
      }),
    );
  }

  /** Deleted rows go with the last steps; those that a stop has no time for are the next process's. */
  close(): void {
    const deadline = performance.now() + CLOSE_MS;
    try {
      while (performance.now() < deadline && this.upkeep.step());
    } catch {
      // A disk that is full, or broken: as it is, so it stays.
    }
    this.#database.close();
  }
}

function toJobRow(row: Record<string, unknown>): JobRow {
  return {
    id: String(row['id']),
    createMs: Number(row['create_ms']),
    state: Number(row['state']) as JobState,
    message: row['message'] as Uint8Array,
    isGzip: row['is_gzip'] === 1,
    isResumable: row['is_resumable'] === 1,
    acknowledgedBytes: Number(row['acknowledged_bytes']),
    owner: String(row['owner']),
    resultId: Number(row['result_id']),
  };
}
