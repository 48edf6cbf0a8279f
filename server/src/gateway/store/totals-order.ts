import { quoted } from '../../bytes/quoted.ts';
import { TallyError } from '../../errors.ts';
import { MORE_SUMS, TOTALS_COLUMNS, type TotalsColumn } from './job-store.ts';

/**
 * Reads an order such as `sum desc`; empty means by department.
 *
 * @param name the caller's name for the option
 * @throws {@link TallyError} REQUEST_INVALID
 */
export function readOrder(text: string, name: string): { orderBy: TotalsColumn; descending: boolean } {
  const [column = 'department', direction = 'asc', ...rest] = text.trim().split(/\s+/).filter(Boolean);
  const orderBy = [...TOTALS_COLUMNS, ...MORE_SUMS].find((candidate) => candidate === column);
  if (!orderBy || !['asc', 'desc'].includes(direction) || rest.length > 0) {
    throw new TallyError(
      'REQUEST_INVALID',
      `${name} is ${quoted(text)}: use one of ${TOTALS_COLUMNS.join(', ')}, of several amounts sum_2 to sum_8, and asc or desc.`,
    );
  }
  return { orderBy, descending: direction === 'desc' };
}
