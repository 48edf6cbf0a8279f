import type { Column, Dialect, RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';
import { questionTexts } from '../texts-of-questions.ts';
import {
  columnName,
  columnReference,
  findColumn,
  type QuestionSettings,
  splitPeriod,
  splitProduct,
} from '../upload/csv-options.ts';

/** The most columns to group by. */
export const mostGroups = 4;
/** The most amounts. */
export const mostAmounts = 8;
/** The most filters. */
export const mostFilters = 16;

/** A column to group by. */
export interface Group {
  /** Undefined for one that was asked for and is not there. */
  column: Column | undefined;
  /** The column's name on the page, or what was asked for. */
  name: string;
  /** `year`, `quarter`, `month`, `week` or `day`; empty for the values as they stand. */
  period: string;
}

/** What is added up: a column, or the product of two. Columns are undefined that were asked for and are not there. */
export interface Amount {
  column: Column | undefined;
  isProduct: boolean;
  factor: Column | undefined;
  /** On the page: the names of its columns, or what was asked for. */
  name: string;
  /** What was asked for; empty for one that was found. */
  asked: string;
}

/** The use of a column in a question. */
export type Role = 'amount' | 'group' | 'filter';

/** A part of a question that can be changed: one of the amounts, groups or filters. A place behind the last adds one. */
export interface Part {
  kind: Role;
  at: number;
}

/** The groups of a question: those that were chosen, else those that were found. */
export function groupsOf({ groupBy }: QuestionSettings, dialect: Dialect): Group[] {
  const { columns } = dialect;
  if (groupBy.length > 0) {
    return groupBy.map((wish) => {
      const { column, period } = splitPeriod(wish, columns);
      return groupOf(findColumn(column, columns), column, period);
    });
  }
  const found = dialect.groupBy.length > 0 ? dialect.groupBy : [{ index: dialect.departmentIndex, period: '' }];
  return found.map(({ index, period }) => groupOf(columnAt(columns, index), String(index), period));
}

/** The amounts of a question: those that were chosen, else the one that was found. */
export function amountsOf({ amountColumn, amounts }: QuestionSettings, dialect: Dialect): Amount[] {
  const { columns, amountIndex } = dialect;
  if (amounts.length > 0) {
    return amounts.map((wish) => {
      const { column, factor } = splitProduct(wish, columns);
      return factor === undefined ? amountFor(column, columns) : productOf(column, factor, columns, wish);
    });
  }
  if (amountColumn !== '') return [amountFor(amountColumn, columns)];
  const column = columnAt(columns, amountIndex);
  return column === undefined ? [] : [amountOf(column, undefined)];
}

/**
 * Chooses a column to add up at a place; one behind the last is added. If the file is grouped by the column, it is not any
 * longer; with a single amount and a single group, the two change places.
 *
 * @param factor a column to multiply it with
 */
export function chooseAmount(
  question: QuestionSettings,
  dialect: Dialect,
  at: number,
  column: Column,
  factor?: Column,
): Partial<QuestionSettings> {
  const { columns } = dialect;
  const before = amountsOf(question, dialect);
  const chosen = amountOf(column, factor);
  const amounts = askForAmounts(before.toSpliced(at, 1, chosen), columns);
  const groups = groupsOf(question, dialect);
  const others = groups.filter((group) => group.column === undefined || !usesColumn(chosen, group.column));
  if (others.length === groups.length) return amounts;
  if (others.length > 0) return { ...amounts, groupBy: references(others, columns) };
  const [left] = before;
  const isSwap = before.length <= 1 && left?.column !== undefined && !usesColumn(chosen, left.column);
  return { ...amounts, ...(isSwap && { groupBy: references([groupOf(left.column, '', '')], columns) }) };
}

/** Leaves an amount out; the last one stays. */
export function removeAmount(question: QuestionSettings, dialect: Dialect, at: number): Partial<QuestionSettings> {
  const amounts = amountsOf(question, dialect);
  return amounts.length > 1 ? askForAmounts(amounts.toSpliced(at, 1), dialect.columns) : {};
}

/** Whether a column is added up, or multiplied. */
export function usesColumn({ column, factor }: Amount, { index }: Column): boolean {
  return column?.index === index || factor?.index === index;
}

/**
 * Chooses a column to group by at a place; one behind the last is added. If the column is added up and there is no other
 * group, the two change places.
 */
export function chooseGroup(
  question: QuestionSettings,
  dialect: Dialect,
  at: number,
  column: Column,
  period = '',
): Partial<QuestionSettings> {
  const { columns } = dialect;
  const groups = groupsOf(question, dialect);
  const left = groups[at]?.column;
  const isSwap = isOnlyAmount(question, dialect, column) && left !== undefined && left.index !== column.index;
  return {
    groupBy: references(groups.toSpliced(at, 1, groupOf(column, '', period)), columns),
    ...(isSwap && { amountColumn: columnReference(left, columns), amounts: [] }),
  };
}

/** Leaves a group out; the last one stays. */
export function removeGroup(question: QuestionSettings, dialect: Dialect, at: number): Partial<QuestionSettings> {
  const groups = groupsOf(question, dialect);
  return groups.length > 1 ? { groupBy: references(groups.toSpliced(at, 1), dialect.columns) } : {};
}

/** Most questions about dates are asked by month. */
const usualPeriod = 'month';

/** The period that a column begins with at a place: of dates one that it does not have in another place. */
export function firstPeriod(groups: readonly Group[], at: number, column: Column, isDate: boolean): string {
  if (!isDate) return '';
  const others = groups.filter((_, place) => place !== at);
  const taken = others.flatMap((other) => (other.column?.index === column.index ? [other.period] : []));
  return [usualPeriod, ...Object.keys(questionTexts.periods)].find((period) => !taken.includes(period)) ?? '';
}

/**
 * Uses a column from its head in the sample: a role that it has already is taken away, as far as that is possible. A single
 * amount is chosen once more, which settles the doubt about it.
 *
 * @param isDate whether its values are dates
 */
export function useColumn(
  question: QuestionSettings,
  dialect: Dialect,
  role: 'amount' | 'group',
  column: Column,
  isDate: boolean,
): Partial<QuestionSettings> {
  if (whyNotUse(question, dialect, role, column) !== undefined) return {};
  if (role === 'amount') return useAsAmount(question, dialect, column);
  const groups = groupsOf(question, dialect);
  const at = groups.findIndex((group) => group.column?.index === column.index);
  if (at >= 0) return removeGroup(question, dialect, at);
  const isSwap = isOnlyAmount(question, dialect, column);
  const place = isSwap ? 0 : groups.length;
  return chooseGroup(question, dialect, place, column, firstPeriod(groups, place, column, isDate));
}

/** The reason why {@link useColumn} cannot change anything, in words; undefined if it can. */
export function whyNotUse(
  question: QuestionSettings,
  dialect: Dialect,
  role: 'amount' | 'group',
  column: Column,
): string | undefined {
  const words = questionTexts.whyNotUse;
  const groups = groupsOf(question, dialect);
  const amounts = amountsOf(question, dialect);
  const isGroup = groups.some((group) => group.column?.index === column.index);
  const isPlainAmount = amounts.some((amount) => amount.column?.index === column.index && !amount.isProduct);
  if (role === 'group') {
    if (isGroup) return groups.length === 1 ? words.onlyGroup : undefined;
    if (amounts.some((amount) => usesColumn(amount, column))) {
      return groups.length === 1 && isOnlyAmount(question, dialect, column) ? undefined : words.isAmount;
    }
    return groups.length === mostGroups ? words.mostGroups : undefined;
  }
  if (amounts.length <= 1) {
    return isPlainAmount && question.amountColumn + question.amounts.join('') !== '' ? words.onlyAmount : undefined;
  }
  if (isPlainAmount) return undefined;
  if (isGroup) return words.isGroup;
  return amounts.length === mostAmounts ? words.mostAmounts : undefined;
}

/** A single amount gives way to another one; of several, one is added, or taken away. */
function useAsAmount(question: QuestionSettings, dialect: Dialect, column: Column): Partial<QuestionSettings> {
  const amounts = amountsOf(question, dialect);
  if (amounts.length <= 1) return chooseAmount(question, dialect, 0, column);
  const at = amounts.findIndex((amount) => amount.column?.index === column.index && !amount.isProduct);
  return at >= 0 ? removeAmount(question, dialect, at) : chooseAmount(question, dialect, amounts.length, column);
}

/** Whether a column as it stands is all that is added up. */
export function isOnlyAmount(question: QuestionSettings, dialect: Dialect, column: Column): boolean {
  const amounts = amountsOf(question, dialect);
  return amounts.length === 1 && !amounts[0]!.isProduct && amounts[0]!.column?.index === column.index;
}

/** The roles of the columns of a question, by their index. */
export function rolesByColumn(question: QuestionSettings, dialect: Dialect): Map<number, Role[]> {
  const uses: [Role, Column | undefined][] = [
    ...groupsOf(question, dialect).map(({ column }): [Role, Column | undefined] => ['group', column]),
    ...amountsOf(question, dialect)
      .flatMap(({ column, factor }) => [column, factor])
      .map((column): [Role, Column | undefined] => ['amount', column]),
    ...question.where.map(({ column }): [Role, Column | undefined] => ['filter', findColumn(column, dialect.columns)]),
  ];
  const roles = new Map<number, Role[]>();
  for (const [role, column] of uses) {
    if (column === undefined) continue;
    const known = roles.get(column.index) ?? [];
    if (!known.includes(role)) roles.set(column.index, [...known, role]);
  }
  return roles;
}

/** Whether a column is added up and grouped by at once, of which nothing can come. */
export function isSameColumn(question: QuestionSettings, dialect: Dialect): boolean {
  const amounts = amountsOf(question, dialect);
  return groupsOf(question, dialect).some(
    ({ column }) => column !== undefined && amounts.some((amount) => usesColumn(amount, column)),
  );
}

/** Puts a filter at a place. @param isThere whether it takes the place of another */
export function putFilter(where: readonly RowFilter[], at: number, isThere: boolean, filter: RowFilter | undefined) {
  return where.toSpliced(at, isThere ? 1 : 0, ...(filter === undefined ? [] : [filter]));
}

function groupOf(column: Column | undefined, reference: string, period: string): Group {
  return { column, name: column === undefined ? reference : columnName(column), period };
}

function amountOf(column: Column, factor: Column | undefined): Amount {
  const name =
    factor === undefined ? columnName(column) : texts.question.product(columnName(column), columnName(factor));
  return { column, isProduct: factor !== undefined, factor, name, asked: '' };
}

function amountFor(asked: string, columns: readonly Column[]): Amount {
  const column = findColumn(asked, columns);
  const name = column === undefined ? asked : columnName(column);
  return { column, isProduct: false, factor: undefined, name, asked };
}

function productOf(column: string, factor: string, columns: readonly Column[], asked: string): Amount {
  const [one, other] = [amountFor(column, columns), amountFor(factor, columns)];
  const name = texts.question.product(one.name, other.name);
  return { column: one.column, isProduct: true, factor: other.column, name, asked };
}

/** A single column is asked for as the one amount, which servers of an earlier version know, too. */
function askForAmounts(amounts: readonly Amount[], columns: readonly Column[]): Partial<QuestionSettings> {
  const wishes = amounts.map((amount) => amountReference(amount, columns));
  const [only = ''] = wishes;
  return wishes.length === 1 && !amounts[0]!.isProduct
    ? { amountColumn: only, amounts: [] }
    : { amountColumn: '', amounts: wishes };
}

function amountReference({ column, isProduct, factor, asked }: Amount, columns: readonly Column[]): string {
  if (column === undefined || (isProduct && factor === undefined)) return asked;
  if (factor === undefined) return columnReference(column, columns);
  const wish = `${columnReference(column, columns)}*${columnReference(factor, columns)}`;
  // A name with a star may be taken for two.
  const read = splitProduct(wish, columns);
  const isClear = [read.column, read.factor ?? ''].every(
    (reference, place) => findColumn(reference, columns) === [column, factor][place],
  );
  return isClear ? wish : `${column.index}*${factor.index}`;
}

function references(groups: readonly Group[], columns: readonly Column[]): string[] {
  return groups.map(({ column, name, period }) => {
    const reference = column === undefined ? name : columnReference(column, columns);
    if (period === '') return reference;
    const wish = `${reference}:${period}`;
    // Another column may be called so.
    return column !== undefined && findColumn(wish, columns) !== undefined ? `${column.index}:${period}` : wish;
  });
}

function columnAt(columns: readonly Column[], index: number): Column | undefined {
  return columns.find((column) => column.index === index);
}
