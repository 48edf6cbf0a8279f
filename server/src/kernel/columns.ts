import { KernelError } from './kernel.ts';

/** Names of a department column, the likeliest first, as {@link normalizeName} leaves them. */
export const DEPARTMENT_NAMES: readonly string[] = [
  'department name',
  'department',
  'dept name',
  'dept',
  'department id',
  'dept id',
  'abteilung',
  'division',
  'division name',
  'business unit',
  'cost center',
  'cost centre',
  'region',
  'region name',
  'store',
  'store name',
  'shop',
  'branch',
  'outlet',
  'location',
  'team',
  'category',
  'category name',
  'product category',
  'segment',
  'sector',
  'group',
  'market',
  'country',
  'state',
  'city',
  'product',
  'product name',
  'item',
  'brand',
  'customer',
  'channel',
  'name',
];

/** Names of an amount column, the likeliest first, as {@link normalizeName} leaves them. */
export const AMOUNT_NAMES: readonly string[] = [
  'number of sales',
  'total number of sales',
  'num sales',
  'no of sales',
  'sales count',
  'sales',
  'total sales',
  'sales amount',
  'amount of sales',
  'units sold',
  'amount',
  'total amount',
  'revenue',
  'total revenue',
  'turnover',
  'umsatz',
  'sales value',
  'net sales',
  'gross sales',
  'total',
  'sum',
  'quantity sold',
  'quantity',
  'qty',
  'units',
  'value',
  'betrag',
  'menge',
  'price',
  'count',
  'number',
];

/** A column's name without what varies from export to export: case, underscores, punctuation, a unit in brackets. */
export function normalizeName(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Which columns count, and how they were found. */
export interface ColumnChoice {
  departmentIndex: number;
  amountIndex: number;
  /** False if a column was neither named nor recognized by its name, so that its position had to do. */
  isDepartmentKnown: boolean;
  isAmountKnown: boolean;
}

/** What the caller asked for; undefined where it is left to us. */
export interface ColumnWishes {
  departmentColumn: string | undefined;
  amountColumn: string | undefined;
}

/**
 * Chooses the two columns: those asked for, else the ones with the usual names, else the first and the last.
 *
 * @param names of all columns; empty texts if the file has no header
 * @throws KernelError `TOO_FEW_COLUMNS`, `COLUMN_NOT_FOUND`, `COLUMN_AMBIGUOUS`, `OPTION_INVALID`
 */
export function chooseColumns(names: readonly string[], wishes: ColumnWishes): ColumnChoice {
  if (names.length < 2) {
    throw new KernelError(
      'TOO_FEW_COLUMNS',
      `the first record has only one column (${describe(names[0] ?? '')}), but a department and an amount are needed; check the delimiter and the quote`,
    );
  }
  const department = findWished(names, 'departmentColumn', wishes.departmentColumn);
  const amount = findWished(names, 'amountColumn', wishes.amountColumn);
  if (department !== undefined && department === amount) {
    throw new KernelError(
      'OPTION_INVALID',
      `departmentColumn and amountColumn are both column ${department}; choose two different columns`,
    );
  }
  const namedDepartment = department ?? findByUsualName(names, DEPARTMENT_NAMES, amount);
  const namedAmount = amount ?? findByUsualName(names, AMOUNT_NAMES, namedDepartment);
  const last = names.length - 1;
  const amountIndex = namedAmount ?? (namedDepartment === last ? last - 1 : last);
  return {
    departmentIndex: namedDepartment ?? (amountIndex === 0 ? 1 : 0),
    amountIndex,
    isDepartmentKnown: namedDepartment !== undefined,
    isAmountKnown: namedAmount !== undefined,
  };
}

/** The columns with a name, which is compared exactly, or else without case and white space around it. */
export function findByName(names: readonly string[], name: string): number[] {
  const exact = indexesOf(names, (candidate) => candidate === name);
  if (exact.length > 0 || name.trim() === '') return exact;
  const folded = name.trim().toLowerCase();
  return indexesOf(names, (candidate) => candidate.trim().toLowerCase() === folded);
}

function findWished(names: readonly string[], option: string, wish: string | undefined): number | undefined {
  if (wish === undefined) return undefined;
  const found = findByName(names, wish);
  if (found.length > 1) {
    throw new KernelError(
      'COLUMN_AMBIGUOUS',
      `${option} is ${JSON.stringify(wish)}, which is the name of the columns ${found.join(' and ')}; give the 0-based index instead`,
    );
  }
  if (found.length === 1) return found[0];
  // As in the other options, unless a column has that name.
  if (wish === 'auto') return undefined;
  if (/^\d+$/.test(wish.trim()) && Number(wish) < names.length) return Number(wish);
  throw new KernelError(
    'COLUMN_NOT_FOUND',
    `${option} is ${JSON.stringify(wish)}, which is neither the name nor the 0-based index of a column; the columns are ${listColumns(names)}`,
  );
}

function findByUsualName(
  names: readonly string[],
  usualNames: readonly string[],
  taken: number | undefined,
): number | undefined {
  const normalized = names.map(normalizeName);
  for (const usualName of usualNames) {
    const index = normalized.findIndex((name, at) => name === usualName && at !== taken);
    if (index >= 0) return index;
  }
  return undefined;
}

function indexesOf(names: readonly string[], matches: (name: string) => boolean): number[] {
  return names.flatMap((name, index) => (matches(name) ? [index] : []));
}

/** Columns listed in an error; a file can have thousands. */
const LISTED_COLUMNS = 20;

function listColumns(names: readonly string[]): string {
  if (names.every((name) => name === '')) return `0 to ${names.length - 1} (the file has no header)`;
  const listed = names.slice(0, LISTED_COLUMNS).map((name, index) => `${index} ${describe(name)}`);
  const more = names.length > LISTED_COLUMNS ? ` and ${names.length - LISTED_COLUMNS} more` : '';
  return listed.join(', ') + more;
}

function describe(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
