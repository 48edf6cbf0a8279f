import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';

/** The names of the classic file's columns, and of the column of its totals. */
const CLASSIC = { department: 'Department Name', amount: 'Number of Sales', total: 'Total Number of Sales' };

/** The names of the columns of a result. */
export interface TotalsColumns {
  /** Of the columns to group by, in order. */
  groups: string[];
  /** Of the amounts, in order. */
  amounts: AmountName[];
}

/** An amount with the name of its column, or `Quantity*Price`. */
export interface AmountName {
  name: string;
  isProduct: boolean;
}

/** The names of the columns that were grouped by and added up, as the file has them; their places if it has none. */
export function totalsColumns(dialect: Dialect | undefined): TotalsColumns {
  const ofOne = (name: string) => [{ name, isProduct: false }];
  if (!dialect) return { groups: [CLASSIC.department], amounts: ofOne(CLASSIC.total) };
  const nameOf = (index: number) =>
    dialect.columns.find((column) => column.index === index)?.name || `Column ${index + 1}`;
  const amountName = nameOf(dialect.amountIndex);
  const amounts = dialect.amounts.map(({ index, factor }) => ({
    name: factor === undefined ? nameOf(index) : `${nameOf(index)}*${nameOf(factor)}`,
    isProduct: factor !== undefined,
  }));
  if (dialect.groupBy.length > 0) {
    const groups = dialect.groupBy.map(({ index, period }) =>
      period === '' ? nameOf(index) : `${nameOf(index)} (${period})`,
    );
    return { groups, amounts: amounts.length > 0 ? amounts : ofOne(amountName) };
  }
  const department = nameOf(dialect.departmentIndex);
  if (amounts.length > 0) return { groups: [department], amounts };
  const isClassic = isSame(department, CLASSIC.department) && isSame(amountName, CLASSIC.amount);
  return isClassic
    ? { groups: [CLASSIC.department], amounts: ofOne(CLASSIC.total) }
    : { groups: [department], amounts: ofOne(amountName) };
}

function isSame(name: string, other: string): boolean {
  return name.trim().toLowerCase() === other.toLowerCase();
}
