import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import type { RejectsQuery } from './job-store.ts';
import { decodePageToken, encodePageToken, invalidPageToken } from './page-token.ts';

/** A rejected row as it crosses to the thread of the database: plain values only. */
export interface RejectRow {
  line: bigint;
  byteOffset: bigint;
  reason: RejectReason;
  raw: string;
  rawTruncated: boolean;
  lines: bigint;
  /** The file that it is in, of several; empty for a single one. */
  file: string;
}

/**
 * The rejected rows of results, with the number for each reason. The caller of a change has a transaction for it.
 */
export class SqliteRejects {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #count: StatementSync;
  readonly #counts: StatementSync;
  readonly #last: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO rejects (result_id, byte_offset, line, reason, raw, raw_truncated, lines, file, file_offset)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#count = database.prepare(
      `INSERT INTO reject_counts VALUES (?, ?, ?)
       ON CONFLICT (result_id, reason) DO UPDATE SET count = count + excluded.count`,
    );
    this.#last = database.prepare(
      'SELECT byte_offset, file, file_offset FROM rejects WHERE result_id = ? ORDER BY byte_offset DESC LIMIT 1',
    );
    this.#counts = database.prepare('SELECT reason, count FROM reject_counts WHERE result_id = ?');
  }

  insert(resultId: number, rejects: RejectRow[]): void {
    const counts = new Map<RejectReason, number>();
    const places = this.#placesOf(resultId, rejects);
    for (const [index, { line, byteOffset, reason, raw, rawTruncated, lines, file }] of rejects.entries()) {
      const fileOffset = file === '' ? null : byteOffset;
      this.#insert.run(resultId, places[index]!, line, reason, raw, Number(rawTruncated), lines, file, fileOffset);
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of counts) this.#count.run(resultId, reason, count);
  }

  /** Where each row has its place among all of the result: those of a further file come behind those of the one before. */
  #placesOf(resultId: number, rejects: readonly RejectRow[]): bigint[] {
    if (rejects.every(({ file }) => file === '')) return rejects.map(({ byteOffset }) => byteOffset);
    const last = this.#last.get(resultId);
    let at = last ? BigInt(last['byte_offset'] as number) : -1n;
    let file = last ? String(last['file']) : undefined;
    let base = last ? at - BigInt(last['file_offset'] as number) : 0n;
    return rejects.map((reject) => {
      if (reject.file !== file) base = at + 1n;
      file = reject.file;
      at = base + reject.byteOffset;
      return at;
    });
  }

  /** How many rows of a result are there, of one of these reasons if any are named. */
  count(resultId: number, reasons: readonly RejectReason[] = []): number {
    const counts = this.#counts.all(resultId).filter(({ reason }) => isOneOf(Number(reason), reasons));
    return counts.reduce((sum, { count }) => sum + Number(count), 0);
  }

  /** Drops the rows of a result that begin behind a place in the file. */
  dropBehind(resultId: number, byteOffset: number): void {
    const behind = 'FROM rejects WHERE result_id = ? AND byte_offset > ?';
    const dropped = this.#database
      .prepare(`SELECT reason, count(*) AS count ${behind} GROUP BY reason`)
      .all(resultId, byteOffset);
    this.#database.prepare(`DELETE ${behind}`).run(resultId, byteOffset);
    for (const { reason, count } of dropped) this.#count.run(resultId, Number(reason), -Number(count));
  }

  /** Forgets the counts of a result, whose rows are removed later. */
  drop(resultId: number): void {
    this.#database.prepare('DELETE FROM reject_counts WHERE result_id = ?').run(resultId);
  }

  /** @throws TallyError PAGE_TOKEN_INVALID, also for the token of a list of other reasons */
  list(resultId: number, { reasons, pageSize, pageToken }: RejectsQuery) {
    const list = [...new Set(reasons)].sort((a, b) => a - b).join();
    const after = decodePageToken(pageToken, ['text', 'number', 'number']);
    if (after && after[0] !== list) throw invalidPageToken();
    const totalSize = after ? Number(after[2]) : this.count(resultId, reasons);
    const rows = this.#behind(resultId, reasons, after ? Number(after[1]) : -1, pageSize + 1);
    const hasMore = rows.length > pageSize;
    if (hasMore) rows.pop();
    const last = rows.at(-1);
    return {
      rejects: rows.map(toRejectRow),
      nextPageToken: hasMore && last ? encodePageToken([list, Number(last['byte_offset']), totalSize]) : '',
      totalSize,
    };
  }

  /** The next rows behind a place in the file. Their cost grows with the limit, not with the rows of other reasons. */
  #behind(resultId: number, reasons: readonly RejectReason[], byteOffset: number, limit: number) {
    if (reasons.length === 0) {
      return this.#database
        .prepare('SELECT * FROM rejects WHERE result_id = ? AND byte_offset > ? ORDER BY byte_offset LIMIT ?')
        .all(resultId, byteOffset, limit);
    }
    // Only those that occur: a caller may name any number.
    const occurring = this.#counts.all(resultId).filter(({ reason }) => isOneOf(Number(reason), reasons));
    if (occurring.length === 0) return [];
    // The next of each reason lie side by side in the index. SQLite would look for them in the table, through all others.
    const ofOne = `SELECT * FROM (SELECT * FROM rejects INDEXED BY rejects_by_reason
      WHERE result_id = ? AND reason = ? AND byte_offset > ? ORDER BY byte_offset LIMIT ?)`;
    const values = occurring.flatMap(({ reason }) => [resultId, Number(reason), byteOffset, limit]);
    return this.#database
      .prepare(`${occurring.map(() => ofOne).join(' UNION ALL ')} ORDER BY byte_offset LIMIT ?`)
      .all(...values, limit);
  }
}

/** Whether a reason is wanted, where none means all. */
function isOneOf(reason: number, reasons: readonly number[]): boolean {
  return reasons.length === 0 || reasons.includes(reason);
}

function toRejectRow(row: Record<string, unknown>): RejectRow {
  return {
    line: BigInt(row['line'] as number),
    byteOffset: BigInt((row['file_offset'] ?? row['byte_offset']) as number),
    file: String(row['file']),
    reason: Number(row['reason']) as RejectReason,
    raw: String(row['raw']),
    rawTruncated: row['raw_truncated'] === 1,
    lines: BigInt(row['lines'] as number),
  };
}
