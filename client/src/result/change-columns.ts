import { formatDecimal } from '../format/decimal.ts';
import type { Change, Changes } from '../groups/changes.ts';
import type { PeriodKind } from '../periods/period.ts';
import { resultTexts } from '../texts-of-results.ts';

/** A column of changes in the list of totals. */
export interface ChangeColumn {
  name: keyof Changes;
  head: string;
}

/** The columns of changes where totals are grouped by periods of a kind. The year before a year is the period before it. */
export function changeColumns(kind: PeriodKind): ChangeColumn[] {
  const words = resultTexts.changes;
  const before: ChangeColumn = { name: 'toBefore', head: words.before(resultTexts.periods[kind]) };
  return kind === 'year' ? [before] : [before, { name: 'toYearBefore', head: words.yearBefore }];
}

const percent = new Intl.NumberFormat(undefined, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});

const unsigned = new Intl.NumberFormat(undefined, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** A change as it is read: with its sign, and what part of the sum before it is. */
export function changeTexts(change: Change | undefined): { difference: string; fraction: string } {
  if (change === undefined) return { difference: '–', fraction: '' };
  const { difference, fraction } = change;
  const sign = /^-|^[0.]+$/.test(difference) ? '' : '+';
  return { difference: sign + formatDecimal(difference), fraction: fractionText(difference, fraction) };
}

/** The smallest part that is told in digits. */
const leastPart = '0.001';

/** A part of the sum before. One that is too small for its digits is not called zero. */
function fractionText(difference: string, fraction: string | undefined): string {
  if (fraction === undefined) return '–';
  if (/[1-9]/.test(fraction) || !/[1-9]/.test(difference)) {
    return percent.format(fraction as Intl.StringNumericLiteral);
  }
  return difference.startsWith('-') ? `>${percent.format(`-${leastPart}`)}` : `<${unsigned.format(leastPart)}`;
}

/** The widest change of some totals, in characters. */
export function changeWidth(changes: readonly Changes[], least: number): number {
  return changes.reduce((width, { toBefore, toYearBefore }) => {
    const lengths = [toBefore, toYearBefore].map((change) => {
      const { difference, fraction } = changeTexts(change);
      return difference.length + fraction.length + 1;
    });
    return Math.max(width, ...lengths);
  }, least);
}
