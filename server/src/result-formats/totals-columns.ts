import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';

/** The names of the classic file's columns, and of the column of its totals. */
const CLASSIC = { department: 'Department Name', amount: 'Number of Sales', total: 'Total Number of Sales' };

/** The names of the two columns of a result. */
export interface TotalsColumns {
  /** Of the columns to group by, in order. */
  groups: string[];
  total: string;
}

/** The names of the columns that were grouped by and added up, as the file has them; their places if it has none. */
export function totalsColumns(dialect: Dialect | undefined): TotalsColumns {
  if (!dialect) return { groups: [CLASSIC.department], total: CLASSIC.total };
  const nameOf = (index: number) =>
    dialect.columns.find((column) => column.index === index)?.name || `Column ${index + 1}`;
  const amountName = nameOf(dialect.amountIndex);
  if (dialect.groupBy.length > 0) {
    const groups = dialect.groupBy.map(({ index, period }) =>
      period === '' ? nameOf(index) : `${nameOf(index)} (${period})`,
    );
    return { groups, total: amountName };
  }
  const department = nameOf(dialect.departmentIndex);
  const isClassic = isSame(department, CLASSIC.department) && isSame(amountName, CLASSIC.amount);
  return isClassic
    ? { groups: [CLASSIC.department], total: CLASSIC.total }
    : { groups: [department], total: amountName };
}

function isSame(name: string, other: string): boolean {
  return name.trim().toLowerCase() === other.toLowerCase();
}
