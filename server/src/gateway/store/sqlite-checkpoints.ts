import type { DatabaseSync } from 'node:sqlite';
import type { Checkpoint } from './job-store.ts';
import { inTransaction } from './transaction.ts';

/** The checkpoints of jobs that run: at most one a job. */
export class SqliteCheckpoints {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  put({ jobId, resultId, bytes, uploadBytes, lastRejectOffset, state }: Checkpoint): void {
    inTransaction(this.#database, () => {
      // One that comes late, when the job has ended without a result, must not stay.
      if (!this.#database.prepare("SELECT 1 FROM results WHERE id = ? AND job_id <> ''").get(resultId)) return;
      this.drop(jobId);
      this.#database
        .prepare('INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)')
        .run(jobId, resultId, bytes, uploadBytes, lastRejectOffset);
      const insert = this.#database.prepare('INSERT INTO checkpoint_parts VALUES (?, ?, ?)');
      for (const [index, part] of state.entries()) insert.run(jobId, index, part);
    });
  }

  get(jobId: string): Checkpoint | undefined {
    const row = this.#database.prepare('SELECT * FROM checkpoints WHERE job_id = ?').get(jobId);
    if (!row) return undefined;
    const parts = this.#database
      .prepare('SELECT state FROM checkpoint_parts WHERE job_id = ? ORDER BY part')
      .all(jobId) as { state: Uint8Array }[];
    return {
      jobId,
      resultId: Number(row['result_id']),
      bytes: Number(row['bytes']),
      uploadBytes: Number(row['upload_bytes']),
      lastRejectOffset: Number(row['last_reject_offset']),
      state: parts.map(({ state }) => state),
    };
  }

  /** Drops the checkpoint of a job, if it has one; the caller's transaction is this one's. */
  drop(jobId: string): void {
    this.#database.prepare('DELETE FROM checkpoint_parts WHERE job_id = ?').run(jobId);
    this.#database.prepare('DELETE FROM checkpoints WHERE job_id = ?').run(jobId);
  }
}
