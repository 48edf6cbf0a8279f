import { type AmountColumn, type GroupColumn, KernelError, PERIODS } from '../kernel.ts';
import { type ColumnFacts, factsOf } from './column-facts.ts';
import { amountClass, amountRank, departmentRank, groupRank, NameClass, normalizeName } from './column-names.ts';

/** Which columns count, and what else they could be. */
export interface ColumnChoice {
  departmentIndex: number;
  amountIndex: number;
  /** Other columns that could be meant as well; none if the column was asked for. */
  otherDepartments: number[];
  otherAmounts: number[];
  /** A column with the name of an amount that holds no numbers. */
  emptyAmount: number | undefined;
  /** Whether the amounts are of a kind that is not added up: prices, numbers of orders, years. */
  isOddAmount: boolean;
  /** Whether no column holds numbers, and none was asked for. */
  isWithoutNumbers: boolean;
}

/** The columns that the caller asked for; undefined where it is left to us. */
export interface ColumnWishes {
  departmentColumn: string | undefined;
  /** Instead of the department. */
  groups?: readonly GroupColumn[];
  amountColumn: string | undefined;
  /** Instead of the amount column. */
  amounts?: readonly AmountColumn[];
}

/**
 * Chooses the two columns: those asked for, else the ones whose names and values suit best, else the first that holds
 * text and the last that holds numbers.
 *
 * @param names of all columns; empty texts if the file has no header
 * @param facts of the first columns
 * @throws KernelError `TOO_FEW_COLUMNS`, `COLUMN_NOT_FOUND`, `COLUMN_AMBIGUOUS`, `OPTION_INVALID`
 */
export function chooseColumns(
  names: readonly string[],
  facts: readonly ColumnFacts[],
  wishes: ColumnWishes,
): ColumnChoice {
  if (names.length < 2) {
    throw new KernelError(
      'TOO_FEW_COLUMNS',
      `the first record has only one column (${describe(names[0] ?? '')}), but a department and an amount are needed; check the delimiter and the quote${/\S +\S/.test(names[0] ?? '') ? ' (set delimiter to " " if single spaces separate the fields)' : ''}`,
    );
  }
  const grouped = wishes.groups?.map(({ index }) => index) ?? [];
  const department = grouped[0] ?? findWished(names, 'departmentColumn', wishes.departmentColumn);
  const operands = wishes.amounts?.flatMap(({ index, factor = index }) => [index, factor]) ?? [];
  const amount = operands[0] ?? findWished(names, 'amountColumn', wishes.amountColumn);
  const both = [...operands, ...(amount === undefined ? [] : [amount])].find(
    (index) => department === index || grouped.includes(index),
  );
  if (both !== undefined) {
    throw new KernelError(
      'OPTION_INVALID',
      `${grouped.length > 0 ? 'groupBy' : 'departmentColumn'} and ${operands.length > 0 ? 'amounts' : 'amountColumn'} are both column ${both}; choose two different columns`,
    );
  }
  const isTaken = (index: number) => grouped.includes(index) || operands.includes(index) || index === amount;
  if (names.every((_, index) => isTaken(index)) && (amount === undefined || department === undefined)) {
    throw new KernelError(
      'OPTION_INVALID',
      amount === undefined
        ? 'groupBy has all columns of the file; leave one to add up'
        : 'amounts has all columns of the file; leave one to group by',
    );
  }
  const columns = names
    .slice(0, LIKELY_COLUMNS)
    .map((name, index): Column => ({ name, index, facts: facts[index] ?? NO_FACTS }));
  const amounts =
    amount === undefined
      ? likelyAmounts(columns, department === undefined ? grouped : [department, ...grouped])
      : undefined;
  const amountIndex = amount ?? amounts!.best;
  const departments = department === undefined ? likelyDepartments(columns, [amountIndex, ...operands]) : undefined;
  return {
    departmentIndex: department ?? departments!.best,
    amountIndex,
    otherDepartments: departments?.others ?? [],
    otherAmounts: amounts?.others ?? [],
    emptyAmount: amounts?.empty,
    isOddAmount: amounts?.isOdd ?? false,
    isWithoutNumbers: amounts?.isWithoutNumbers ?? false,
  };
}

/** Columns that are chosen from where none is asked for: a file can have hundreds of thousands. */
const LIKELY_COLUMNS = 2000;

/** A column with a larger share of gaps is no group. */
const MANY_MISSING = 0.05;

interface Column {
  name: string;
  index: number;
  facts: ColumnFacts;
}

const NO_FACTS: ColumnFacts = factsOf([]);

interface Candidates {
  best: number;
  others: number[];
}

/** Columns that may be the amounts, the likeliest first. */
interface AmountCandidates extends Candidates {
  /** A column with the name of an amount that holds no numbers. */
  empty: number | undefined;
  isOdd: boolean;
  /** Whether no column holds numbers. */
  isWithoutNumbers: boolean;
}

/**
 * The column to add up, and others that could be meant: those with names as good, quantities beside money, and what
 * has no telling name beside quantities.
 */
function likelyAmounts(columns: readonly Column[], groups: readonly number[]): AmountCandidates {
  const free = columns.filter(({ index }) => !groups.includes(index));
  const isEmpty = free.every(({ facts }) => facts.values === 0);
  const some = free.filter(({ facts }) => facts.amounts >= 0.5);
  const numeric = some.length > 0 ? some : free.filter(({ facts }) => isEmpty || facts.amounts > 0);
  const candidates = numeric.length > 0 ? numeric : free;
  const hasNames = columns.some(({ name }) => name !== '');
  const ranked = candidates
    .map((column) => ({
      column,
      kind: kindOf(column),
      weight: weightOf(column, hasNames),
      rank: amountRank(column.name),
    }))
    .sort((a, b) => b.weight - a.weight || compareRanks(a.rank, b.rank) || b.column.index - a.column.index);
  const [best] = ranked;
  const rivals = ranked.slice(1).filter(({ kind, column }) => isRival(best!.kind, kind, column));
  const hasName = ({ name }: Column) =>
    amountClass(name) === NameClass.MONEY && amountRank(name) < Number.POSITIVE_INFINITY;
  const isCandidate = new Set(candidates);
  const empty = free.find((column) => hasName(column) && !isCandidate.has(column) && column.facts.values > 0);
  return {
    best: best!.column.index,
    others:
      isEmpty && best!.kind < NameClass.QUANTITY ? [] : rivals.map(({ column }) => column.index).sort((a, b) => a - b),
    empty: best!.kind >= NameClass.QUANTITY ? undefined : empty?.index,
    isOdd: best!.kind === NameClass.OTHER && !isEmpty,
    isWithoutNumbers: numeric.length === 0,
  };
}

/** Whether a column could be meant instead of the best one. */
function isRival(best: NameClass, kind: NameClass, column: Column): boolean {
  if (best === NameClass.MONEY) return kind >= NameClass.QUANTITY;
  if (best === NameClass.QUANTITY) return kind >= NameClass.UNKNOWN;
  // Of a column without a telling name nobody knows whether its numbers add up: prices beside it are as good.
  return kind === best || (best === NameClass.UNKNOWN && !isIdentifier(column));
}

/** A column without a name is known by so many values. */
const TELLING_VALUES = 5;

/** Whether the values of a column that has no telling name show that they are no amounts. */
function isIdentifier({ name, facts }: Column): boolean {
  if (name === '' && facts.values < TELLING_VALUES) return false;
  // Pieces sold are often 0 or 1; only beside a name these are an answer to a question.
  const isFlag = facts.isFlag && name !== '';
  return facts.isYears || facts.isSequence || facts.isCount || facts.isCode || isFlag;
}

/** How well a column suits: its kind, less if it has gaps, no name among named ones, or more digits than are read. */
function weightOf(column: Column, hasNames: boolean): number {
  const { name, facts } = column;
  const gaps = facts.missing >= 0.5 ? 0.5 : 0;
  const nameless = hasNames && name === '' ? 0.25 : 0;
  return kindOf(column) - gaps - nameless - (facts.readable < 0.5 && facts.values > 0 ? 0.4 : 0);
}

/** The class of a column by its name and its values: whether its numbers can be added up. */
function kindOf({ name, index, facts }: Column): NameClass {
  const kind = amountClass(name);
  if (kind !== NameClass.UNKNOWN) return kind;
  const isGroup = groupRank(name) < Number.POSITIVE_INFINITY || departmentRank(name) < Number.POSITIVE_INFINITY;
  const isRowNumber = index === 0 && name === '' && facts.isCount;
  const isIdentifier = facts.isYears || facts.isSequence || facts.isCode || facts.isFlag || facts.dates > 0.5;
  return isGroup || isRowNumber || isIdentifier ? NameClass.OTHER : NameClass.UNKNOWN;
}

/** The column to group by, and others that could be meant. */
function likelyDepartments(columns: readonly Column[], amounts: readonly number[]): Candidates {
  const free = columns.filter(({ index }) => !amounts.includes(index));
  const best = (rankOf: (name: string) => number) =>
    free
      .map(({ name, index }) => ({ index, rank: rankOf(name) }))
      .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
      .map(({ index }) => index);
  // A department's name and its number are the same groups.
  const [department, ...moreDepartments] = best(departmentRank);
  if (department !== undefined) {
    const same = moreDepartments.filter(
      (index) => normalizeName(columns[index]!.name) === normalizeName(columns[department]!.name),
    );
    return { best: department, others: same };
  }
  const [group, ...moreGroups] = best(groupRank);
  if (group !== undefined) return { best: group, others: moreGroups.sort((a, b) => a - b) };
  const isText = ({ facts }: Column) => facts.values > 0 && facts.amounts < 0.5 && facts.dates < 0.5;
  // A column with gaps groups nothing.
  const texts = free.filter(isText);
  const whole = texts.filter(({ facts }) => facts.missing < MANY_MISSING);
  const [text, ...moreTexts] = (whole.length > 0 ? whole : texts).map(({ index }) => index);
  if (text !== undefined) return { best: text, others: moreTexts };
  // No text: days, else whole numbers that come again, else whatever is there, with a doubt: measures group nothing.
  const isRowNames = ({ name, index, facts }: Column) =>
    index === 0 && name === '' && (facts.isCount || facts.isSequence);
  const named = free.filter((column) => !isRowNames(column));
  const usable = named.length > 0 ? named : free;
  const days = usable.filter(({ facts }) => facts.dates >= 0.5);
  const repeating = usable.filter(({ facts }) => facts.isRepeating && !facts.isFlag);
  const likely = days.length > 0 ? days : repeating.length > 0 ? repeating : usable;
  const [first, ...more] = likely.map(({ index }) => index);
  return { best: first!, others: more };
}

function compareRanks(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** The columns to group by. @throws KernelError `COLUMN_NOT_FOUND`, `COLUMN_AMBIGUOUS`, `OPTION_INVALID` */
export function findGroups(names: readonly string[], groupBy: readonly string[]): GroupColumn[] {
  const groups = groupBy.map((wish) => findGroup(names, wish));
  const isTwice = ({ index, period }: GroupColumn, at: number) =>
    groups.findIndex((other) => other.index === index && other.period === period) < at;
  const twice = groups.findIndex(isTwice);
  if (twice < 0) return groups;
  throw new KernelError('OPTION_INVALID', `groupBy has ${describe(groupBy[twice]!)} twice; give each column once`);
}

function findGroup(names: readonly string[], wish: string): GroupColumn {
  const colon = wish.lastIndexOf(':');
  const period = PERIODS.find((each) => each === wish.slice(colon + 1).trim());
  // A column may be called so.
  if (colon < 0 || !period || findByName(names, wish).length > 0) {
    return { index: findWished(names, 'groupBy', wish) ?? 0 };
  }
  return { index: findWished(names, 'groupBy', wish.slice(0, colon)) ?? 0, period };
}

/**
 * The amounts to add up: columns, or products of two.
 *
 * @throws KernelError `COLUMN_NOT_FOUND`, `COLUMN_AMBIGUOUS`, `OPTION_INVALID`
 */
export function findAmounts(names: readonly string[], amounts: readonly string[]): AmountColumn[] {
  const found = amounts.map((wish) => findAmount(names, wish));
  const isTwice = ({ index, factor }: AmountColumn, at: number) =>
    found.findIndex((other) => other.index === index && other.factor === factor) < at;
  const twice = found.findIndex(isTwice);
  if (twice < 0) return found;
  throw new KernelError('OPTION_INVALID', `amounts has ${describe(amounts[twice]!)} twice; give each amount once`);
}

function findAmount(names: readonly string[], wish: string): AmountColumn {
  const isColumn = (name: string) => {
    const found = findByName(names, name);
    return found.length > 0 || (/^\d+$/.test(name.trim()) && Number(name) < names.length);
  };
  // A column may be called so.
  if (!wish.includes('*') || isColumn(wish)) return { index: findWished(names, 'amounts', wish) ?? 0 };
  const stars = [...wish.matchAll(/\*/g)].map(({ index }) => [wish.slice(0, index), wish.slice(index + 1)] as const);
  const [first, second] = stars.find((pair) => pair.every(isColumn)) ?? stars.find((pair) => pair.some(isColumn)) ?? [];
  if (first === undefined || second === undefined) return { index: findWished(names, 'amounts', wish) ?? 0 };
  return { index: findWished(names, 'amounts', first) ?? 0, factor: findWished(names, 'amounts', second) ?? 0 };
}

/** The columns with a name, which is compared exactly, or else without case and white space around it. */
export function findByName(names: readonly string[], name: string): readonly number[] {
  const { exact, folded, longest } = lookUpOf(names);
  const found = exact.get(name) ?? [];
  const trimmed = name.trim();
  if (found.length > 0 || trimmed === '' || trimmed.length > longest) return found;
  return folded.get(trimmed.toLowerCase()) ?? [];
}

/** The indexes of columns by their names, as they are and without case and white space around them. */
interface LookUp {
  exact: Map<string, number[]>;
  folded: Map<string, number[]>;
  /** Characters of the longest name; another case may have some more. */
  longest: number;
}

/** A product of two columns may be written in thousands of ways, each of which is looked for among thousands of names. */
const lookUps = new WeakMap<readonly string[], LookUp>();

function lookUpOf(names: readonly string[]): LookUp {
  const known = lookUps.get(names);
  if (known) return known;
  const found: LookUp = { exact: new Map(), folded: new Map(), longest: 0 };
  const add = (map: Map<string, number[]>, name: string, index: number) => {
    const indexes = map.get(name);
    if (indexes) indexes.push(index);
    else map.set(name, [index]);
  };
  for (const [index, name] of names.entries()) {
    const folded = name.trim().toLowerCase();
    add(found.exact, name, index);
    add(found.folded, folded, index);
    found.longest = Math.max(found.longest, 3 * name.length);
  }
  lookUps.set(names, found);
  return found;
}

/** The column that an option names; undefined where it is left to us. */
export function findWished(names: readonly string[], option: string, wish: string | undefined): number | undefined {
  if (wish === undefined) return undefined;
  const found = findByName(names, wish);
  if (found.length > 1) {
    throw new KernelError(
      'COLUMN_AMBIGUOUS',
      `${option} is ${describe(wish)}, which is the name of columns ${listIndexes(found)}; give the 0-based index instead`,
    );
  }
  if (found.length === 1) return found[0];
  // As in the other options, unless a column has that name.
  if (wish === 'auto') return undefined;
  if (/^\d+$/.test(wish.trim()) && Number(wish) < names.length) return Number(wish);
  throw new KernelError(
    'COLUMN_NOT_FOUND',
    `${option} is ${describe(wish)}, which is neither the name nor the 0-based index of a column; the columns are ${listColumns(names)}`,
  );
}

/** Columns listed in an error; a file can have thousands. */
const LISTED_COLUMNS = 20;

function listColumns(names: readonly string[]): string {
  if (names.every((name) => name === '')) return `0 to ${names.length - 1} (the file has no header)`;
  const listed = names.slice(0, LISTED_COLUMNS).map((name, index) => `${index} ${describe(name)}`);
  const more = names.length > LISTED_COLUMNS ? ` and ${names.length - LISTED_COLUMNS} more` : '';
  return listed.join(', ') + more;
}

function listIndexes(indexes: readonly number[]): string {
  const more = indexes.length > LISTED_COLUMNS ? ` and ${indexes.length - LISTED_COLUMNS} more` : '';
  return indexes.slice(0, LISTED_COLUMNS).join(' and ') + more;
}

function describe(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
