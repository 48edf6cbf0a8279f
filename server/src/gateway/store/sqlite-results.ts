import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { keyOf } from '../../../../kernel/group-key.ts';
import { TallyError } from '../../errors.ts';
import { decodeTotals, type PlainTotal } from '../../process-csv/totals-batch.ts';
import { MORE_SUMS, type RejectsQuery, type TotalsQuery } from './job-store.ts';
import { KnownSteps } from './known-steps.ts';
import { toSortKey } from './sort-key.ts';
import { type RejectRow, SqliteRejects } from './sqlite-rejects.ts';
import { findTotals, type PlainTotalsPage } from './sqlite-totals.ts';
import { defineSearch, foldedName } from './totals-search.ts';
import { inTransaction } from './transaction.ts';

/** Totals that one statement writes: a row costs less than the call. */
const TOTALS_AT_ONCE = 50;

/** Rows that one step removes; rejected rows have up to 1 kB. */
const REMOVED_AT_ONCE = 2_000;

/**
 * Totals and rejected rows of results. A result that is dropped is out of sight at once, and costs no more than that; its
 * rows are removed later, in steps, as millions of them take many seconds and megabytes of log.
 */
export class SqliteResults {
  readonly #steps = new KnownSteps();
  readonly #database: DatabaseSync;
  readonly #addTotal: StatementSync;
  readonly #addSomeTotals: StatementSync;
  readonly #rejects: SqliteRejects;
  readonly #find: StatementSync;
  readonly #setKeys: StatementSync;
  readonly #setFigures: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const total = '(?, ?, ?, ?, ?, ?, ?, ?)';
    const into = 'INSERT INTO totals (result_id, department, sum, count, min, max, mean, folded) VALUES';
    this.#addTotal = database.prepare(`${into} ${total}`);
    this.#addSomeTotals = database.prepare(`${into} ${Array(TOTALS_AT_ONCE).fill(total)}`);
    this.#setFigures = database.prepare(
      `UPDATE totals SET figures = ?, ${MORE_SUMS.map((column) => `${column} = ?`)} WHERE result_id = ? AND department = ?`,
    );
    this.#rejects = new SqliteRejects(database);
    this.#find = database.prepare("SELECT has_folded_names, has_keys FROM results WHERE id = ? AND job_id <> ''");
    this.#setKeys = database.prepare('UPDATE results SET has_keys = 1 WHERE id = ?');
    defineSearch(database);
  }

  begin(jobId: string): number {
    const begin = this.#database.prepare('INSERT INTO results (job_id, has_folded_names) VALUES (?, 1)');
    return Number(begin.run(jobId).lastInsertRowid);
  }

  /** @param batch a TotalsBatch of processor.proto */
  addTotals(resultId: number, batch: Uint8Array): void {
    const totals = decodeTotals(batch);
    this.#addBatch(resultId, () => {
      if (totals[0] && totals[0].keys.length > 0) this.#setKeys.run(resultId);
      const together = totals.length - (totals.length % TOTALS_AT_ONCE);
      for (let start = 0; start < together; start += TOTALS_AT_ONCE) {
        const some = totals.slice(start, start + TOTALS_AT_ONCE);
        this.#addSomeTotals.run(...some.flatMap((total) => toValues(resultId, total)));
      }
      for (const total of totals.slice(together)) this.#addTotal.run(...toValues(resultId, total));
      for (const total of totals) {
        if (total.figures.length > 0) this.#setFigures.run(...figureValues(total), resultId, nameOf(total));
      }
    });
  }

  addRejects(resultId: number, rejects: RejectRow[]): void {
    this.#addBatch(resultId, () => this.#rejects.insert(resultId, rejects));
  }

  /** How many rejected rows of a result are stored. */
  countRejects(resultId: number): number {
    return this.#rejects.count(resultId);
  }

  drop(resultId: number): void {
    inTransaction(this.#database, () => this.#drop(resultId));
  }

  #drop(resultId: number): void {
    this.#database
      .prepare('DELETE FROM checkpoint_parts WHERE job_id IN (SELECT job_id FROM checkpoints WHERE result_id = ?)')
      .run(resultId);
    this.#database.prepare('DELETE FROM checkpoints WHERE result_id = ?').run(resultId);
    this.#rejects.drop(resultId);
    // Nobody's: the rows of it are removed by and by.
    this.#database.prepare("UPDATE results SET job_id = '' WHERE id = ?").run(resultId);
  }

  /** Removes some rows of a result that was dropped. @returns whether there are more */
  removeSome(): boolean {
    const dropped = this.#database.prepare("SELECT id FROM results WHERE job_id = '' LIMIT 1").get();
    if (!dropped) return false;
    const id = Number(dropped['id']);
    this.#unsynced(() => {
      for (const [table, key] of [
        ['totals', 'department'],
        ['rejects', 'byte_offset'],
      ] as const) {
        const some = `SELECT ${key} FROM ${table} WHERE result_id = ?1 ORDER BY ${key} LIMIT 1 OFFSET ${REMOVED_AT_ONCE}`;
        const last = this.#database.prepare(some).get(id)?.[key];
        const upTo = last === undefined ? '' : ` AND ${key} < ?2`;
        this.#database
          .prepare(`DELETE FROM ${table} WHERE result_id = ?1${upTo}`)
          .run(id, ...(last === undefined ? [] : [last]));
        if (last !== undefined) return;
      }
      this.#database.prepare('DELETE FROM results WHERE id = ?').run(id);
    });
    return true;
  }

  /** Drops the checkpoint of a job that covers more bytes of the upload than these, with its result. */
  dropBeyond(jobId: string, uploadBytes: number): void {
    const beyond = this.#database
      .prepare('SELECT result_id FROM checkpoints WHERE job_id = ? AND upload_bytes > ?')
      .get(jobId, uploadBytes);
    if (beyond) this.drop(Number(beyond['result_id']));
  }

  /** Drops the results of a job but the one to keep, all or none. */
  dropOthers(jobId: string, keepId: number): void {
    inTransaction(this.#database, () => this.dropOfJob(jobId, keepId));
  }

  /** As {@link dropOthers}, in the caller's transaction. */
  dropOfJob(jobId: string, keepId: number): void {
    const others = this.#database.prepare('SELECT id FROM results WHERE job_id = ? AND id <> ?').all(jobId, keepId);
    for (const { id } of others) this.#drop(Number(id));
  }

  /** Drops unfinished results that an ended process has left, and that no checkpoint goes on with. */
  dropUnused(): void {
    const unused = this.#database
      .prepare(
        `SELECT id FROM results WHERE id NOT IN (SELECT result_id FROM jobs)
         AND id NOT IN (SELECT result_id FROM checkpoints) AND job_id <> ''`,
      )
      .all();
    for (const { id } of unused) this.drop(Number(id));
  }

  /** Drops totals, and rejected rows behind `lastRejectOffset`: they are written again. */
  rewind(resultId: number, lastRejectOffset: number): void {
    this.#steps.forget(resultId);
    inTransaction(this.#database, () => {
      this.#database.prepare('DELETE FROM totals WHERE result_id = ?').run(resultId);
      this.#rejects.dropBehind(resultId, lastRejectOffset);
    });
  }

  /** A page of totals, step by step. */
  listTotals(resultId: number, query: TotalsQuery): Generator<void, PlainTotalsPage> {
    return findTotals(this.#database, resultId, query, () => this.#check(resultId), this.#steps);
  }

  listRejects(resultId: number, query: RejectsQuery) {
    this.#check(resultId);
    return this.#rejects.list(resultId, query);
  }

  /** A result that was dropped while somebody reads it page by page must not look like one that has ended. */
  #check(resultId: number): { hasFoldedNames: boolean; hasKeys: boolean } {
    const result = this.#find.get(resultId);
    if (result) return { hasFoldedNames: result['has_folded_names'] === 1, hasKeys: result['has_keys'] === 1 };
    throw new TallyError('JOB_NOT_FOUND', 'This result no longer exists: its job was deleted or retried.');
  }

  /** A batch counts for nothing until its job names the result, and the commit that does so syncs it too. */
  #addBatch(resultId: number, work: () => void): void {
    this.#steps.forget(resultId);
    // Rows that were on their way when the result was dropped must not stay behind.
    if (this.#find.get(resultId)) this.#unsynced(work);
  }

  #unsynced(work: () => void): void {
    this.#database.exec('PRAGMA synchronous = NORMAL');
    try {
      inTransaction(this.#database, work);
    } finally {
      this.#database.exec('PRAGMA synchronous = FULL');
    }
  }
}

/** The name of a department in the table. */
function nameOf({ department, keys }: PlainTotal): string {
  return keys.length > 0 ? keyOf(keys) : department;
}

function figureValues({ figures }: PlainTotal): (string | null)[] {
  const rows = figures.map(({ sum, count, min, max, mean }) => [sum, String(count), min, max, mean]);
  return [
    JSON.stringify(rows),
    ...MORE_SUMS.map((_, index) => figures[index + 1]).map((each) => (each ? toSortKey(each.sum) : null)),
  ];
}

function toValues(resultId: number, total: PlainTotal) {
  const { sum, count, min, max, mean } = total;
  const department = nameOf(total);
  const decimals = [toSortKey(min), toSortKey(max), toSortKey(mean)];
  return [resultId, department, toSortKey(sum), count, ...decimals, foldedName(department)];
}
