import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { filterText, parseFilter } from '../jobs/filter-text.ts';
import { findColumn, type QuestionSettings, splitPeriod } from '../upload/csv-options.ts';

const name = 'tallystream.questions';
/** How many files with columns of their own are remembered; those that were not asked about for longest go. */
const mostKept = 50;

/** The question that was asked last about a file with these columns. */
interface Kept {
  /** Stands for the names of the columns. */
  header: string;
  groupBy: string[];
  amountColumn: string;
  amounts: string[];
  /** As texts; see `filterText`. */
  where: string[];
}

/** The question that was asked last about a file with exactly these columns; undefined if none was chosen. */
export function recallQuestion(dialect: Dialect): QuestionSettings | undefined {
  const header = markOf(dialect);
  const kept = header === undefined ? undefined : readKept().find((one) => one.header === header);
  if (kept === undefined) return undefined;
  const where = kept.where.map(parseFilter).filter((filter) => filter !== undefined);
  const { columns } = dialect;
  const names = [
    ...kept.groupBy.map((wish) => splitPeriod(wish, columns).column),
    ...where.map(({ column }) => column),
    ...[kept.amountColumn].filter((column) => column !== ''),
  ];
  const isKnown = where.length === kept.where.length && names.every((column) => findColumn(column, columns));
  if (!isKnown) return undefined;
  return { groupBy: kept.groupBy, amountColumn: kept.amountColumn, amounts: kept.amounts, where };
}

/** Keeps the question about a file for the next one with the same columns. One that detection made is forgotten. */
export function keepQuestion(dialect: Dialect, { groupBy, amountColumn, amounts, where }: QuestionSettings): void {
  const header = markOf(dialect);
  if (header === undefined) return;
  const others = readKept().filter((kept) => kept.header !== header);
  const isChosen = groupBy.length + amounts.length + where.length > 0 || amountColumn !== '';
  const kept: Kept = {
    header,
    groupBy: [...groupBy],
    amountColumn,
    amounts: [...amounts],
    where: where.map(filterText),
  };
  writeKept((isChosen ? [kept, ...others] : others).slice(0, mostKept));
}

/** Forgets all questions. */
export function forgetQuestions(): void {
  writeKept([]);
}

function readKept(): Kept[] {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(all) ? all.filter(isKept) : [];
  } catch {
    return [];
  }
}

/** Another version of the page may have written something else. */
function isKept(value: unknown): value is Kept {
  const { header, groupBy, amountColumn, amounts, where } = (value ?? {}) as Record<string, unknown>;
  const areTexts = (list: unknown) => Array.isArray(list) && list.every((text) => typeof text === 'string');
  const areNames = typeof header === 'string' && typeof amountColumn === 'string';
  return areNames && [groupBy, amounts, where].every(areTexts);
}

function writeKept(kept: readonly Kept[]): void {
  try {
    if (kept.length === 0) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(kept));
  } catch {
    // Without room, or in a private window, the next file begins as if it was the first.
  }
}

/** A short mark of the names of all columns, in their order (FNV-1a, twice); undefined for a file without names. */
function markOf({ hasHeader, columns }: Dialect): string | undefined {
  if (!hasHeader) return undefined;
  const text = JSON.stringify(columns.map((column) => column.name));
  const hash = (start: number) => {
    let value = start;
    for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    return (value >>> 0).toString(36);
  };
  return `${columns.length}-${hash(0x811c9dc5)}-${hash(0x9e3779b9)}`;
}
