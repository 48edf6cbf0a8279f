import type { DatabaseSync } from 'node:sqlite';
import { keyOf, keysOf } from '../../../../kernel/group-key.ts';
import type { KeyValues } from './job-store.ts';
import type { NameRange } from './known-steps.ts';

/** Names that SQLite's LIKE compares as we do: it knows the upper and lower case of ASCII only, and stops at a NUL. */
const PLAIN_TEXT = /^[ -~]*$/;
/** SQLite refuses patterns of more than 50,000 bytes, and each character of ours may become two. */
const MAX_PATTERN_CHARACTERS = 10_000;

/** A part of a WHERE clause, with the values of its parameters. */
export interface SearchCondition {
  condition: string;
  values: string[];
}

/** The text stored with a total to find its department without a call into JavaScript; null if not needed. */
export function foldedName(department: string): string | null {
  return PLAIN_TEXT.test(department) ? null : department.toLowerCase();
}

/** The values that `has_keys` looks for: as parameters, SQLite would hand them over with each row. */
let wantedKeys: readonly { index: number; values: ReadonlySet<string> }[] = [];

/** Says which values of keys the statement looks for that is run next, if it has the condition of {@link withKeys}. */
export function lookForKeys(keys: readonly KeyValues[]): void {
  wantedKeys = keys.map(({ index, values }) => ({ index, values: new Set(values) }));
}

/** Adds the functions that {@link searchCondition} and {@link withKeys} use to a database. */
export function defineSearch(database: DatabaseSync): void {
  database.function('contains_folded', { deterministic: true }, (text, folded) =>
    String(text).toLowerCase().includes(String(folded)) ? 1 : 0,
  );
  database.function('has_keys', (key) => {
    const parts = keysOf(String(key));
    return wantedKeys.every(({ index, values }) => index < parts.length && values.has(parts[index]!)) ? 1 : 0;
  });
}

/** The same condition, and that groups have one of some values for each of some columns: {@link lookForKeys} says which. */
export function withKeys(
  { condition, values }: SearchCondition,
  keys: readonly KeyValues[],
  hasKeys: boolean,
): SearchCondition {
  if (keys.length === 0) return { condition, values };
  // One call for all of them: each takes longer than SQLite takes for the row.
  if (hasKeys) {
    const [likely, texts] = mayHaveKeys(keys);
    return {
      condition: `CASE WHEN ${condition} AND ${likely} THEN has_keys(department) ELSE 0 END`,
      values: [...values, ...texts],
    };
  }
  const conditions = keys.map(({ index, values: wanted }) => {
    const list = `(${wanted.map(() => '?').join(', ')})`;
    return index === 0 ? `department IN ${list}` : `FALSE AND '' IN ${list}`;
  });
  return {
    condition: [condition, ...conditions].join(' AND '),
    values: [...values, ...keys.flatMap(({ values: wanted }) => wanted)],
  };
}

/** The names that groups with one of the wanted values of the first column have; undefined if all may be wanted. */
export function rangesOf(keys: readonly KeyValues[]): NameRange[] | undefined {
  const first = keys.find(({ index }) => index === 0);
  // Behind the value stands what separates it from the next one: see `group-key.ts`.
  return first?.values.map((value) => ({ from: `${keyOf([value])}\u0001`, to: `${keyOf([value])}\u0002` }));
}

/** So many texts are found in a key faster than a function is called for it. */
const MAX_LIKELY_TEXTS = 8;

/** A condition without a call, which is met wherever the keys are, and elsewhere seldom; with its values. */
function mayHaveKeys(keys: readonly KeyValues[]): [condition: string, texts: string[]] {
  const few = keys.filter(({ values }) => values.length <= MAX_LIKELY_TEXTS);
  const conditions = few.map(({ values }) => `(${values.map(() => 'instr(department, ?)').join(' OR ') || 'FALSE'})`);
  return [['TRUE', ...conditions].join(' AND '), few.flatMap(({ values }) => values.map((value) => keyOf([value])))];
}

/**
 * Finds the departments that contain a text, whatever the case.
 *
 * @param hasFoldedNames whether the totals were written with {@link foldedName}; older versions did not
 */
export function searchCondition(search: string, hasFoldedNames: boolean): SearchCondition {
  const folded = search.toLowerCase();
  if (!hasFoldedNames || folded.length > MAX_PATTERN_CHARACTERS) {
    return { condition: 'contains_folded(department, ?)', values: [folded] };
  }
  // A plain name has no letter that is not.
  if (!PLAIN_TEXT.test(folded)) return { condition: 'instr(folded, ?)', values: [folded] };
  return {
    condition: `CASE WHEN folded IS NULL THEN department LIKE ? ESCAPE '\\' ELSE instr(folded, ?) END`,
    values: [`%${folded.replace(/[\\%_]/g, '\\$&')}%`, folded],
  };
}
