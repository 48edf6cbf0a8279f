import { isAmountText } from './amount-text.ts';

/** What the values of a column of a sample are. Shares are of the values that are there. */
export interface ColumnFacts {
  values: number;
  /** The share of rows without a value. */
  missing: number;
  /** The share of values that are amounts in some form. */
  amounts: number;
  /** The share of values that are dates or times. */
  dates: number;
  /** Whether all numbers are years. */
  isYears: boolean;
  /** Whether the numbers count up by one, as those of rows and orders do. */
  isSequence: boolean;
  /** Whether numbers begin with zeros, as codes do. */
  isCode: boolean;
}

const MONTH =
  '(?:jan|feb|fév|mar|mär|mrz|apr|avr|may|mai|mei|jun|juin|jul|juil|aug|aoû|ago|sep|oct|okt|nov|dec|dez|déc|dic)\\p{L}*\\.?';
const DATE = new RegExp(
  [
    '^(?:\\d{4}[-/]\\d{1,2}(?:[-/]\\d{1,2})?',
    '\\d{4}\\.\\d{1,2}\\.\\d{1,2}',
    '\\d{1,2}([-/.])\\d{1,2}\\1\\d{2,4}',
    `\\d{1,2}[-. ]{1,2}${MONTH}[- ]\\d{2,4}`,
    `${MONTH}[- ](?:\\d{1,2},? ?)?\\d{2,4})(?:[T ,].*)?$`,
    '^\\d{1,2}:\\d{2}(?::\\d{2})?(?: ?[ap]m)?$',
  ].join('|'),
  'iu',
);
/** Values that say that there is none. */
const NOTHING = /^(?:n\/?a|nan|null|none|nil|-+|\?+|\.+|unknown|#n\/a)$/i;

/** Whether a text stands for a value that is missing. */
export function isMissing(text: string): boolean {
  return text === '' || NOTHING.test(text);
}

/** Whether a text is a date or a time. */
export function isDate(text: string): boolean {
  return DATE.test(text);
}

/** Whether a text is a year as columns have them. */
export function isYear(text: string): boolean {
  return /^(?:19|20)\d{2}$/.test(text);
}

/** Looks at the values of a column. */
export function factsOf(values: readonly string[]): ColumnFacts {
  const present = values.filter((value) => !isMissing(value));
  const share = (matches: (value: string) => boolean) =>
    present.length === 0 ? 0 : present.filter(matches).length / present.length;
  const whole = present.filter((value) => /^\d+$/.test(value));
  const isAllWhole = present.length > 0 && whole.length === present.length;
  return {
    values: present.length,
    missing: values.length === 0 ? 0 : 1 - present.length / values.length,
    amounts: share((value) => !isDate(value) && isAmountText(value)),
    dates: share(isDate),
    isYears: isAllWhole && whole.every(isYear),
    isSequence:
      isAllWhole && whole.length >= 5 && whole.every((value, at) => at === 0 || +value === +whole[at - 1]! + 1),
    isCode: isAllWhole && whole.some((value) => /^0\d/.test(value)),
  };
}
