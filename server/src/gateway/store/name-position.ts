import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { beginningOf } from '../../bytes/beginning-of.ts';

/** A name in a page token. A long one is its beginning with a hash: a token must fit into a request. */
export interface NamePosition {
  /** The whole name, or its beginning. */
  start: string;
  /** The hash of the whole name; empty if `start` is all of it. */
  hash: string;
}

/** Names of up to so many UTF-16 units stand in tokens as they are. */
const MAX_WHOLE = 1000;

export function toPosition(name: string): NamePosition {
  if (name.length <= MAX_WHOLE) return { start: name, hash: '' };
  return { start: beginningOf(name, MAX_WHOLE), hash: hashOf(name) };
}

/** The name that a position stands for, among those of a result; undefined if there is none. */
export function fromPosition(
  database: DatabaseSync,
  resultId: number,
  { start, hash }: NamePosition,
): string | undefined {
  if (hash === '') return start;
  const beginning = database
    .prepare('SELECT department FROM totals WHERE result_id = ? AND department >= ? ORDER BY department')
    .iterate(resultId, start);
  for (const { department } of beginning) {
    const name = String(department);
    if (!name.startsWith(start)) return undefined;
    if (name.length > MAX_WHOLE && hashOf(name) === hash) return name;
  }
  return undefined;
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url');
}
