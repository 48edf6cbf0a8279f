import type { Dialect } from '../detect/dialect.ts';
import { NO_NUMBERS } from '../detect/sample-doubts.ts';
import type { Doubt } from '../doubt.ts';
import { hasProducts, reasonsOf } from '../doubts/end-doubts.ts';
import { type KernelSnapshot, RejectReason } from '../kernel.ts';
import { grouped, oppositeSeparator } from '../words.ts';

/** Whether a doubt says that the file holds rows of which none counts. */
export function isNoRowCounts({ code }: { code: string }): boolean {
  return code === 'NO_ROW_COUNTS';
}

/** The doubt about a file that holds rows of which none counts, with the likeliest mend; none if one does. */
export function noRowCounts(
  snapshot: KernelSnapshot,
  dialect: Dialect | undefined,
  doubts: readonly Doubt[] = [],
): Doubt[] {
  const { rows, rowsRejected } = snapshot;
  if (rows > 0 || rowsRejected === 0) return [];
  const isWithoutNumbers = doubts.some(({ message }) => message === NO_NUMBERS);
  const all = rowsRejected === 1 ? 'The only row does not count' : `None of the ${grouped(rowsRejected)} rows counts`;
  return [
    {
      code: 'NO_ROW_COUNTS',
      message: `${all}: ${reasonsOf(snapshot)}. ${isWithoutNumbers ? NO_NUMBERS : likeliestMend(snapshot, dialect)}`,
    },
  ];
}

function likeliestMend(snapshot: KernelSnapshot, dialect: Dialect | undefined): string {
  const { rejectedByReason, evidence } = snapshot;
  const most = rejectedByReason.indexOf(Math.max(...rejectedByReason));
  const amount = nameOf(dialect, dialect?.amountIndex);
  const department = nameOf(dialect, dialect?.departmentIndex);
  switch (most) {
    case RejectReason.COLUMN_COUNT:
      return `The first record has ${dialect?.columns.length ?? 0} columns, but the rows have a different number: check delimiter, quote and skipLines, and whether amounts with a comma are in quotes.`;
    case RejectReason.EMPTY_DEPARTMENT:
      return `${department} is empty: set departmentColumn to another column.`;
    case RejectReason.EMPTY_AMOUNT:
      return `${amount} is empty: set amountColumn to another column.`;
    case RejectReason.AMOUNT_NOT_A_NUMBER:
      if (evidence.otherDecimal.count > 0) {
        const other = JSON.stringify(oppositeSeparator(dialect?.decimalSeparator ?? '.'));
        return `Amounts such as ${JSON.stringify(evidence.otherDecimal.text)} use ${other} as the decimal separator: set decimalSeparator to ${other}.`;
      }
      return `${amount} holds no readable amounts: set amountColumn to another column.`;
    case RejectReason.NEGATIVE_AMOUNT:
      return 'All amounts are below zero: set negativeAmounts to count.';
    case RejectReason.AMOUNT_OUT_OF_RANGE:
      if (hasProducts(snapshot)) return 'Add up the columns themselves, or round their numbers.';
      return `${amount} holds numbers with too many digits: set amountColumn to another column, or round them.`;
    case RejectReason.INVALID_ENCODING:
      return 'Set encoding to that of the file, such as windows-1252.';
    case RejectReason.DATE_NOT_READABLE:
      return 'Dates are read that are written as 2026-12-31, 31.12.2026 or 31 Dec 2026 and say the period that is asked for: group by the column as it stands, or leave its range out.';
    default:
      return 'If quotes are ordinary characters in this file, set quote to none.';
  }
}

function nameOf(dialect: Dialect | undefined, index: number | undefined): string {
  const name = dialect?.columns.find((column) => column.index === index)?.name;
  return name ? `The column ${JSON.stringify(name.slice(0, 60))}` : `The column with index ${index ?? 0}`;
}
