import type { Column, Dialect, RowFilter } from '#gen/tallystream/v1/processor_pb.ts';
import { columnName, columnReference, findColumn, type QuestionSettings, splitPeriod } from '../upload/csv-options.ts';

/** The most columns to group by. */
export const mostGroups = 4;
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

/** The use of a column in a question. */
export type Role = 'amount' | 'group' | 'filter';

/** A part of a question that can be changed: the only amount, or one of the groups or filters. A place behind the last adds one. */
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

/** The column that is added up: the one that was chosen, else the one that was found; of several, the first. */
export function amountOf({ amountColumn, amounts }: QuestionSettings, dialect: Dialect): Column | undefined {
  const { columns, amountIndex } = dialect;
  return amountColumn === '' || amounts.length > 0 ? columnAt(columns, amountIndex) : findColumn(amountColumn, columns);
}

/** Chooses the column to add up. If the file is grouped by it, the two change places, or the group goes. */
export function chooseAmount(question: QuestionSettings, dialect: Dialect, column: Column): Partial<QuestionSettings> {
  const { columns } = dialect;
  const amount = { amountColumn: columnReference(column, columns), amounts: [] };
  const groups = groupsOf(question, dialect);
  if (!groups.some((group) => group.column?.index === column.index)) return amount;
  const others = groups.filter((group) => group.column?.index !== column.index);
  const before = amountOf(question, dialect);
  if (others.length > 0) return { ...amount, groupBy: references(others, columns) };
  return { ...amount, ...(before && { groupBy: references([groupOf(before, '', '')], columns) }) };
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
  const amount = amountOf(question, dialect);
  const left = groups[at]?.column;
  const isSwap = amount?.index === column.index && left !== undefined && left.index !== column.index;
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

/** Uses a column from its head in the sample: a role that it has already is taken away, as far as that is possible. */
export function useColumn(
  question: QuestionSettings,
  dialect: Dialect,
  role: 'amount' | 'group',
  column: Column,
): Partial<QuestionSettings> {
  if (role === 'amount') return chooseAmount(question, dialect, column);
  const groups = groupsOf(question, dialect);
  const at = groups.findIndex((group) => group.column?.index === column.index);
  if (at >= 0) return removeGroup(question, dialect, at);
  const isAmount = amountOf(question, dialect)?.index === column.index;
  if (isAmount) return groups.length === 1 ? chooseGroup(question, dialect, 0, column) : {};
  return groups.length < mostGroups ? chooseGroup(question, dialect, groups.length, column) : {};
}

/** The roles of the columns of a question, by their index. */
export function rolesByColumn(question: QuestionSettings, dialect: Dialect): Map<number, Role[]> {
  const uses: [Role, Column | undefined][] = [
    ...groupsOf(question, dialect).map(({ column }): [Role, Column | undefined] => ['group', column]),
    ['amount', amountOf(question, dialect)],
    ...(question.amounts.length === 0 ? [] : dialect.amounts)
      .flatMap(({ index, factor }) => [index, ...(factor === undefined ? [] : [factor])])
      .map((index): [Role, Column | undefined] => ['amount', columnAt(dialect.columns, index)]),
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
  const amount = amountOf(question, dialect);
  return groupsOf(question, dialect).some(({ column }) => column !== undefined && column.index === amount?.index);
}

/** Puts a filter at a place. @param isThere whether it takes the place of another */
export function putFilter(where: readonly RowFilter[], at: number, isThere: boolean, filter: RowFilter | undefined) {
  return where.toSpliced(at, isThere ? 1 : 0, ...(filter === undefined ? [] : [filter]));
}

function groupOf(column: Column | undefined, reference: string, period: string): Group {
  return { column, name: column === undefined ? reference : columnName(column), period };
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
