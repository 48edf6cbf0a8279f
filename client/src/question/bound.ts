import { daysOf } from '../periods/period.ts';

/** The looks of a column that say how the ends of a range on it are read. */
export interface BoundFormat {
  /** The kind of its values; of `either`, numbers and dates are read. */
  kind: 'date' | 'number' | 'either';
  /** The signs in the numbers of its file; empty where there is none. */
  decimalSeparator: string;
  groupSeparator: string;
}

/** The reading of an end of a range. */
export type BoundReading =
  | { state: 'empty' }
  /** `text` is the form that the server reads. */
  | { state: 'read'; text: string }
  /** It may be one of these; the reader must say which one. */
  | { state: 'unclear'; choices: readonly string[] }
  /** `isUnfinished` while it may be the beginning of something. */
  | { state: 'unread'; isUnfinished: boolean };

/** Reads an end of a range: in the form of the server, or in another usual one where there is no doubt about it. */
export function readBound(written: string, format: BoundFormat): BoundReading {
  const text = written.trim();
  if (text === '') return { state: 'empty' };
  const numbers = format.kind === 'date' ? [] : numbersOf(text, format);
  const found = numbers.length > 0 || format.kind === 'number' ? numbers : datesOf(text);
  const [first, ...others] = new Set(found);
  if (first === undefined) return { state: 'unread', isUnfinished: isUnfinished(text, format) };
  return others.length === 0 ? { state: 'read', text: first } : { state: 'unclear', choices: [first, ...others] };
}

/** Whether a text in the form of the server is a number. A year is a number and a date. */
export function isNumber(text: string): boolean {
  return numberPattern.test(text);
}

/** Whether a text in the form of the server is a day or a period. */
export function isDate(text: string): boolean {
  return daysOf(text) !== undefined && !text.startsWith('0000');
}

/** Whether nothing lies between two ends in the form of the server, because the first is behind the last. */
export function isReversed(from: string, to: string, kind: 'date' | 'number'): boolean {
  if (kind === 'number') return unitsOf(from) > unitsOf(to);
  const [first, last] = [daysOf(from)?.[0], daysOf(to)?.[1]];
  return first !== undefined && last !== undefined && first > last;
}

/** As the server reads numbers: 18 digits and 6 decimals. */
const numberPattern = /^([+-]?)(\d{1,18})(?:\.(\d{1,6}))?$/;

function unitsOf(text: string): bigint {
  const [, sign, whole = '0', decimals = ''] = numberPattern.exec(text) ?? [];
  const units = BigInt(whole + decimals.padEnd(6, '0'));
  return sign === '-' ? -units : units;
}

/** A year, or a separator at the end, tells that a date is not written to its end. */
function isUnfinished(text: string, { kind }: BoundFormat): boolean {
  if (kind === 'number') return /^[+-]$|\d[.,]$/.test(text);
  return !/\d{4}/.test(text) || /(?:[-./\s,]|[QW]\d?)$/i.test(text);
}

/** Digits in groups of three, with the sign between them. */
const grouped = (sign: string) => new RegExp(`^[1-9]\\d{0,2}(?:${sign}\\d{3})+$`);
const spaces = "[\\s'’]";

/** The numbers that a text may stand for. */
function numbersOf(text: string, { decimalSeparator, groupSeparator }: BoundFormat): string[] {
  const [, sign = '', body = ''] = /^([+\-\u2212]?)(\d[\d.,'’\s]*)$/.exec(text) ?? [];
  const [, spaced = '', rest = ''] = /^([^.,]*)(.*)$/s.exec(body) ?? [];
  const isSpaced = new RegExp(spaces).test(body);
  if (isSpaced && !(grouped(spaces).test(spaced) && /^(?:[.,]\d+)?$/.test(rest))) return [];
  const digits = spaced.replaceAll(new RegExp(spaces, 'g'), '') + rest;
  const at = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  const [head, mark, tail] = at < 0 ? [digits, '', ''] : [digits.slice(0, at), digits.charAt(at), digits.slice(at + 1)];
  const asDecimal = () => `${head.replaceAll(/[.,]/g, '')}.${tail}`;
  const asGroups = () => digits.replaceAll(/[.,]/g, '');
  const numbers = () => {
    if (mark === '') return [digits];
    if (/[.,]/.test(head)) {
      if (grouped(`\\${mark}`).test(digits)) return [asGroups()];
      return grouped(mark === '.' ? ',' : '\\.').test(head) ? [asDecimal()] : [];
    }
    const mayBeGroups = !isSpaced && grouped(`\\${mark}`).test(digits);
    if (!mayBeGroups || mark === decimalSeparator) return [asDecimal()];
    return mark === groupSeparator ? [asGroups()] : mark === '.' && decimalSeparator !== ',' ? [asDecimal()] : both();
  };
  // With four decimals, it can be taken for nothing else.
  const both = () => [asGroups(), `${asDecimal()}0`];
  return numbers()
    .map((number) => `${sign === '\u2212' ? '-' : sign}${number}`)
    .filter(isNumber)
    .map((number) => writeNumber(number, decimalSeparator));
}

/** A number of the server's form as it is written for the reader of a file: where the point may be for groups, with a zero more. */
export function writeNumber(number: string, decimalSeparator: string): string {
  return decimalSeparator === ',' && grouped('\\.').test(number.replace(/^[+-]/, '')) ? `${number}0` : number;
}

const monthNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

/** The days and periods that a text may stand for. */
function datesOf(text: string): string[] {
  return dateForms
    .flatMap(([pattern, write]) => {
      const found = pattern.exec(text);
      return found === null ? [] : write(found.groups ?? {});
    })
    .filter(isDate);
}

type Parts = Partial<Record<'y' | 'm' | 'd' | 'name' | 'q' | 'w', string>>;

const twoDigits = (number = '') => number.padStart(2, '0');
const monthOf = (name = '') => {
  const at = monthNames.findIndex((month) => month.startsWith(name.toLowerCase()));
  return at < 0 ? '' : twoDigits(String(at + 1));
};
const writeDay = ({ y, m, d }: Parts) => [`${y}-${twoDigits(m)}-${twoDigits(d)}`];
const writeNamedDay = ({ y, name, d }: Parts) => [`${y}-${monthOf(name)}-${twoDigits(d)}`];
const writeMonth = ({ y, m }: Parts) => [`${y}-${twoDigits(m)}`];
const writeNamedMonth = ({ y, name }: Parts) => [`${y}-${monthOf(name)}`];
const writeQuarter = ({ y, q }: Parts) => [`${y}-Q${q}`];
const writeWeek = ({ y, w }: Parts) => [`${y}-W${twoDigits(w)}`];

const year = String.raw`(?<y>\d{4})`;
const month = String.raw`(?<m>\d{1,2})`;
const day = String.raw`(?<d>\d{1,2})`;
const named = String.raw`(?<name>[a-z]{3,})\.?`;
const ordinal = String.raw`${day}(?:st|nd|rd|th|\.)?`;
const gap = String.raw`[\s,/-]*`;
const form = (...parts: string[]) => new RegExp(`^${parts.join('')}$`, 'i');

/** The forms of dates that are understood. The first two are those of the server, with their zeros or without. */
const dateForms: readonly [RegExp, (parts: Parts) => string[]][] = [
  [form(year), ({ y }) => [y ?? '']],
  [form(year, String.raw`(?<sign>[-./\s])`, month, String.raw`\k<sign>`, day), writeDay],
  [form(year, String.raw`(?<m>\d\d)(?<d>\d\d)`), writeDay],
  // The day or the month first: often nobody can tell.
  [
    form(day, String.raw`(?<sign>[-./]|\.?\s)\s?`, month, String.raw`\k<sign>\s?`, year),
    ({ y, m, d }) => [...writeDay({ y: y!, m: m!, d: d! }), ...writeDay({ y: y!, m: d!, d: m! })],
  ],
  [form(year, String.raw`[-./\s]`, month), writeMonth],
  [form(month, String.raw`[-./\s]`, year), writeMonth],
  [form(named, gap, year), writeNamedMonth],
  [form(year, gap, named), writeNamedMonth],
  [form(ordinal, String.raw`[\s-]*(?:of\s+)?`, named, gap, year), writeNamedDay],
  [form(named, String.raw`[\s-]*`, ordinal, String.raw`[\s,]\s*`, year), writeNamedDay],
  [form(year, gap, named, gap, ordinal), writeNamedDay],
  [form('q(?<q>[1-4])', gap, year), writeQuarter],
  [form(year, gap, 'q(?<q>[1-4])'), writeQuarter],
  [form(String.raw`w(?:eek\s*)?(?<w>\d{1,2})`, gap, year), writeWeek],
  [form(year, gap, String.raw`w(?:eek\s*)?(?<w>\d{1,2})`), writeWeek],
];
