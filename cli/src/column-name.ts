import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { printable } from '../../terminal/printable.ts';

/** The name of a column for users: its name in the header, else its number. */
export function columnName(dialect: Dialect, index: number): string {
  const name = dialect.columns.find((column) => column.index === index)?.name;
  return name ? printable(name) : `column ${index}`;
}

/** The names of the amounts that are added up. */
export function amountNames(dialect: Dialect): string[] {
  if (dialect.amounts.length === 0) return [columnName(dialect, dialect.amountIndex)];
  return dialect.amounts.map(({ index, factor }) => {
    const name = columnName(dialect, index);
    return factor === undefined ? name : `${name}*${columnName(dialect, factor)}`;
  });
}

/** The names of the columns that rows are grouped by, with the period of dates. */
export function groupNames(dialect: Dialect): string[] {
  if (dialect.groupBy.length === 0) return [columnName(dialect, dialect.departmentIndex)];
  return dialect.groupBy.map(({ index, period }) => {
    const name = columnName(dialect, index);
    return period === '' ? name : `${name} (${period})`;
  });
}
