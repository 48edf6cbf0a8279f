import type { DateOrder, Period } from '../kernel.ts';

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
/** A time of day behind a date. */
const TIME = '(?:(?:T| |, )\\d[-+0-9:., ZzAaPpMm]*)?';
const BETWEEN = '[-/., ]+';
const WORD = '([A-Za-z]{3,9})';
const YEAR = '(\\d{4}|\\d{2})';

interface Parts {
  year: string;
  month?: string | undefined;
  day?: string | undefined;
}

/** The forms of dates, one by one, with what their groups mean. */
const FORMS: [pattern: RegExp, read: (groups: string[], order: DateOrder) => Parts | undefined][] = [
  [/^(\d{4})$/, ([year]) => ({ year: year! })],
  [
    new RegExp(`^(\\d{4})(\\d\\d)(\\d\\d)${TIME}$`),
    ([year, month, day], order) => (order === 'year first' ? { year: year!, month, day } : undefined),
  ],
  [/^(\d{4})[-/.](\d{1,2})$/, ([year, month]) => ({ year: year!, month })],
  [/^(\d{1,2})[-/.](\d{4})$/, ([month, year]) => ({ year: year!, month })],
  [
    new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}$`),
    ([year, , month, day]) => ({ year: year!, month, day }),
  ],
  [
    new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2${YEAR}${TIME}$`),
    ([first, , second, year], order) => {
      if (order === 'year first') return undefined;
      const [day, month] = order === 'day first' ? [first, second] : [second, first];
      return { year: year!, month, day };
    },
  ],
  [new RegExp(`^${WORD}${BETWEEN}(\\d{4})$`), ([word, year]) => ({ year: year!, month: monthOf(word!) })],
  [
    new RegExp(`^${WORD}${BETWEEN}(\\d{1,2})${BETWEEN}${YEAR}${TIME}$`),
    ([word, day, year]) => ({ year: year!, month: monthOf(word!), day }),
  ],
  [
    new RegExp(`^(\\d{1,2})${BETWEEN}${WORD}${BETWEEN}${YEAR}${TIME}$`),
    ([day, word, year]) => ({ year: year!, month: monthOf(word!), day }),
  ],
  [
    new RegExp(`^(\\d{4})${BETWEEN}${WORD}${BETWEEN}(\\d{1,2})${TIME}$`),
    ([year, word, day]) => ({ year: year!, month: monthOf(word!), day }),
  ],
];

/** The number of a month by its name, or 0. */
function monthOf(word: string): string {
  const lower = word.toLowerCase();
  const isOne = (name: string) =>
    name === lower || name.slice(0, 3) === lower || (lower === 'sept' && name === 'september');
  return String(MONTHS.findIndex(isOne) + 1);
}

/** The period that a date is in, as text; undefined for what is no date that says so much. */
export function referencePeriod(text: string, period: Period, order: DateOrder): string | undefined {
  for (const [pattern, read] of FORMS) {
    const found = pattern.exec(text);
    const parts = found && read(found.slice(1), order);
    if (parts) return periodOf(parts, period);
  }
  return undefined;
}

function periodOf({ year: yearText, month: monthText, day: dayText }: Parts, period: Period): string | undefined {
  const short = Number(yearText) < 70 ? 2000 : 1900;
  const year = yearText.length === 2 ? short + Number(yearText) : Number(yearText);
  if (year === 0) return undefined;
  const month = monthText === undefined ? undefined : Number(monthText);
  const day = dayText === undefined ? undefined : Number(dayText);
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
  if (day !== undefined && (day < 1 || date.getUTCMonth() + 1 !== month)) return undefined;
  const years = String(year).padStart(4, '0');
  if (period === 'year') return years;
  if (month === undefined) return undefined;
  if (period === 'quarter') return `${years}-Q${Math.ceil(month / 3)}`;
  const months = `${years}-${String(month).padStart(2, '0')}`;
  if (period === 'month') return months;
  if (day === undefined) return undefined;
  if (period === 'day') return `${months}-${String(day).padStart(2, '0')}`;
  // The week of the Thursday that is next to the date.
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const first = new Date(0);
  first.setUTCFullYear(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first.getTime()) / 86_400_000 / 7) + 1;
  return `${String(thursday.getUTCFullYear()).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}
