import { isAmountText } from './amount-text.ts';

/** Facts about the values of a column of a sample. Shares are of the values that are there. */
export interface ColumnFacts {
  values: number;
  /** The share of rows without a value. */
  missing: number;
  /** The share of values that are amounts in some form. */
  amounts: number;
  /** The share of values that are amounts within the digits that are read. */
  readable: number;
  /** The share of values that are dates or times. */
  dates: number;
  /** Whether all numbers are years. */
  isYears: boolean;
  /** Whether the numbers count up by one, as those of rows and orders do. */
  isSequence: boolean;
  /** The same from 0 or 1 on, however few they are. */
  isCount: boolean;
  /** Whether numbers begin with zeros, as codes do. */
  isCode: boolean;
  /** Whether all values are 0 or 1. */
  isFlag: boolean;
  /** Whether all values are whole numbers of which some come again. */
  isRepeating: boolean;
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

/** The digits that are read behind a decimal separator, zeros at the end apart. */
const MANY_DECIMALS = /[.,]\d{6}\d*[1-9]\d*$/;

function isReadable(text: string): boolean {
  return isAmountText(text) && !MANY_DECIMALS.test(text);
}

/** Whether numbers go up by one. */
function isCounting(numbers: readonly string[]): boolean {
  return numbers.every((value, at) => at === 0 || Number(value) === Number(numbers[at - 1]) + 1);
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
    readable: share((value) => !isDate(value) && isReadable(value)),
    dates: share(isDate),
    isYears: isAllWhole && whole.every(isYear),
    isSequence: isAllWhole && whole.length >= 5 && isCounting(whole),
    isCount: isAllWhole && whole.length >= 2 && Number(whole[0]) <= 1 && isCounting(whole),
    isCode: isAllWhole && whole.some((value) => /^0\d/.test(value)),
    isFlag: isAllWhole && whole.length >= 3 && whole.every((value) => value === '0' || value === '1'),
    isRepeating: isAllWhole && new Set(whole).size < whole.length,
  };
}
