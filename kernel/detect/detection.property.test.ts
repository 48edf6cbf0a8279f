import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { CsvAnalysis } from '../analysis/analysis.ts';
import { formatDecimal } from '../decimal.ts';
import { KernelError } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { withinBudget } from '../testing/property-budget.ts';

/** How amounts are written somewhere. */
interface Locale {
  decimal: '.' | ',';
  group: string;
  currency: string;
  place: 'before' | 'before with blank' | 'behind' | 'behind with blank';
  negative: 'minus' | 'brackets' | 'minus behind';
}

/** A column of a table: its name, and what it holds in a row. */
interface Column {
  role: 'department' | 'amount' | 'other';
  name: string;
  values: string[];
}

interface Table {
  columns: Column[];
  /** In millionths. */
  total: bigint;
}

interface Writing {
  delimiter: string;
  quotesAll: boolean;
  hasHeader: boolean;
  titleLines: number;
  hasSeparatorLine: boolean;
  trailingDelimiter: 'none' | 'rows' | 'all';
  lineEnd: string;
  encoding: string;
  hasMark: boolean;
  endsWithLineEnd: boolean;
}

const DEPARTMENTS = [
  ...['Toys', 'Games', 'Home & Garden', 'Sports', 'Sales', 'Café', 'Bücher', 'Total Fitness', '7 Eleven', 'A, B and C'],
  ...['Men; Women', 'a|b', "O'Neil", 'The "Best"', '2024', 'Electronics', 'Größe 12', 'HR', 'Marketing', '100 % Bio'],
];
const DEPARTMENT_NAMES = ['Department', 'Department Name', 'dept', 'Abteilung', 'Region', 'Store', 'Category', 'Rayon'];
const ODD_NAMES = ['foo', 'bar', 'x1', 'Field A', 'Spalte B', 'Wer', 'col'];
const AMOUNT_NAMES = [
  ...['Amount', 'Number of Sales', 'Sales', 'Revenue', 'Umsatz', 'Betrag', 'Line Total', 'Weekly_Sales', 'Montant'],
  ...['Sale (Dollars)', 'Total', 'Net Amount', 'Quantity', 'Menge', 'totalAmount'],
];

const locale: fc.Arbitrary<Locale> = fc.record({
  decimal: fc.constantFrom('.', ','),
  group: fc.constantFrom('', '', 'mark', ' ', '\u00a0', '\u202f', "'", '\u2019'),
  currency: fc.constantFrom('', '', '', '$', '€', '£', 'USD', 'EUR', 'CHF', 'kr', 'zł'),
  place: fc.constantFrom('before', 'before with blank', 'behind', 'behind with blank'),
  negative: fc.constantFrom('minus', 'minus', 'brackets', 'minus behind'),
});

const writing: fc.Arbitrary<Writing> = fc.record({
  delimiter: fc.constantFrom(',', ',', ';', '\t', '|'),
  quotesAll: fc.boolean(),
  hasHeader: fc.constantFrom(true, true, true, false),
  titleLines: fc.constantFrom(0, 0, 0, 0, 1, 2),
  hasSeparatorLine: fc.constantFrom(false, false, false, false, true),
  trailingDelimiter: fc.constantFrom('none', 'none', 'none', 'rows', 'all'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8', 'utf-8', 'utf-8', 'windows-1252', 'utf-16le', 'utf-16be'),
  hasMark: fc.boolean(),
  endsWithLineEnd: fc.boolean(),
});

/** The decimals of the amounts of a file: none, two, three, or as they come. */
const scale = fc.constantFrom('whole', 'cents', 'cents', 'any', 'three');

/** Writes a number of thousandths as somebody does. */
function writeAmount(
  thousandths: number,
  scale: string,
  { decimal, group, currency, place, negative }: Locale,
): string {
  const magnitude = Math.abs(thousandths);
  const whole = String(Math.floor(magnitude / 1000));
  const mark = group === 'mark' ? (decimal === '.' ? ',' : '.') : group;
  const grouped = mark === '' ? whole : whole.replaceAll(/\B(?=(\d{3})+$)/g, mark);
  const digits = String(magnitude % 1000).padStart(3, '0');
  const decimals = { whole: '', cents: digits.slice(0, 2), three: digits, any: digits.replace(/0+$/, '') }[scale] ?? '';
  const number = grouped + (decimals === '' ? '' : decimal + decimals);
  const blank = place.endsWith('blank') || /^\p{L}/u.test(currency) ? ' ' : '';
  const withCurrency =
    currency === '' ? number : place.startsWith('before') ? currency + blank + number : number + blank + currency;
  if (thousandths >= 0) return withCurrency;
  return { minus: `-${withCurrency}`, brackets: `(${withCurrency})`, 'minus behind': `${withCurrency}-` }[negative];
}

/** The part of a number of thousandths that is left when it is written so. */
function rounded(thousandths: number, scale: string): number {
  const unit = { whole: 1000, cents: 10 }[scale] ?? 1;
  return Math.trunc(thousandths / unit) * unit;
}

const table: fc.Arbitrary<{ table: Table; locale: Locale }> = fc
  .record({
    locale,
    scale,
    rows: fc.array(
      fc.record({
        department: fc.nat(DEPARTMENTS.length - 1),
        thousandths: fc.oneof(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 5_000_000_000 })),
        isNegative: fc.integer({ min: 0, max: 19 }).map((number) => number === 0),
        other: fc.nat(100_000),
      }),
      { minLength: 1, maxLength: 30 },
    ),
    departmentName: fc.constantFrom(...DEPARTMENT_NAMES, ...ODD_NAMES),
    amountName: fc.constantFrom(...AMOUNT_NAMES, ...ODD_NAMES.map((name) => `${name} 2`)),
    others: fc.uniqueArray(fc.nat(7), { maxLength: 4 }),
    order: fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }),
  })
  .map(({ locale, scale, rows, departmentName, amountName, others, order }) => {
    const signed = rows.map(({ thousandths, isNegative }) => rounded(isNegative ? -thousandths : thousandths, scale));
    const number = (thousandths: number) => writeAmount(thousandths, scale, locale);
    const kinds: Column[] = [
      { role: 'other', name: 'Date', values: rows.map(({ other }) => `2024-0${(other % 9) + 1}-1${other % 10}`) },
      { role: 'other', name: 'Order ID', values: rows.map((_, at) => String(100_231 + at)) },
      { role: 'other', name: 'Unit Price', values: rows.map(({ other }) => number(rounded(other, scale))) },
      { role: 'other', name: 'Customer', values: rows.map(({ other }) => `Customer ${other % 7}`) },
      { role: 'other', name: 'Notes', values: rows.map(({ other }) => ['', 'a; b', 'c, d', 'e|f'][other % 4]!) },
      { role: 'other', name: 'Quantity', values: rows.map(({ other }) => String((other % 50) + 1)) },
      { role: 'other', name: 'Year', values: rows.map(({ other }) => String(2000 + (other % 25))) },
      { role: 'other', name: 'Paid', values: rows.map(({ other }) => (other % 2 === 0 ? 'TRUE' : 'FALSE')) },
    ];
    const columns: Column[] = [
      { role: 'department', name: departmentName, values: rows.map(({ department }) => DEPARTMENTS[department]!) },
      { role: 'amount', name: amountName, values: signed.map(number) },
      ...others.map((kind) => kinds[kind]!),
    ];
    const places = new Map(columns.map((column, at) => [column, order[at]!]));
    columns.sort((a, b) => places.get(a)! - places.get(b)!);
    return { table: { columns, total: signed.reduce((sum, value) => sum + BigInt(value), 0n) * 1000n }, locale };
  });

function write({ columns }: Table, how: Writing): Buffer {
  const { delimiter, quotesAll, hasHeader, titleLines, hasSeparatorLine, trailingDelimiter, lineEnd } = how;
  const cell = (text: string) =>
    quotesAll || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const record = (cells: string[], isHeader: boolean) => {
    const isTrailed = trailingDelimiter === 'all' || (trailingDelimiter === 'rows' && !isHeader);
    return cells.map(cell).join(delimiter) + (isTrailed ? delimiter : '');
  };
  const titles = ['Report of all shops', `Printed on 3 May${delimiter}page 1`].slice(0, titleLines);
  const lines = [
    ...(hasSeparatorLine ? [`sep=${delimiter}`] : []),
    ...(hasHeader
      ? [
          ...titles,
          record(
            columns.map(({ name }) => name),
            true,
          ),
        ]
      : []),
    ...columns[0]!.values.map((_, row) =>
      record(
        columns.map(({ values }) => values[row]!),
        false,
      ),
    ),
  ];
  const text = lines.join(lineEnd) + (how.endsWithLineEnd ? lineEnd : '');
  // A text with characters that the encoding does not have is written in UTF-8.
  const isPossible = iconv.decode(iconv.encode(text, how.encoding), how.encoding) === text;
  return iconv.encode(text, isPossible ? how.encoding : 'utf-8', {
    addBOM: how.hasMark && how.encoding !== 'windows-1252',
  });
}

type Outcome = 'right' | 'right, with a doubt' | 'wrong, with a doubt' | 'refused' | 'wrong in silence';

function read(bytes: Buffer, total: bigint): { outcome: Outcome; what: string } {
  try {
    const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
    analysis.push(bytes);
    analysis.finish();
    const snapshot = analysis.snapshot(0);
    const isDoubted = analysis.doubts(snapshot).length > 0;
    const isRight = snapshot.total === total && snapshot.rowsRejected === 0;
    const what = `${formatDecimal(snapshot.total, 6)} instead of ${formatDecimal(total, 6)}: ${JSON.stringify(analysis.dialect)}`;
    if (isRight) return { outcome: isDoubted ? 'right, with a doubt' : 'right', what };
    return { outcome: isDoubted ? 'wrong, with a doubt' : 'wrong in silence', what };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { outcome: 'refused', what: error.message };
  }
}

/** Of six hundred tables at least one is plain. */
const PLAIN_SHARE = 1 / 600;

/** Whether there is nothing about a table that anybody would have to be told. */
function isPlain({ columns }: Table, how: Writing, { decimal }: Locale): boolean {
  const names = columns.map(({ name }) => name);
  const hasUsualNames = /^dep|^abt/i.test(columns.find(({ role }) => role === 'department')!.name);
  const amount = columns.find(({ role }) => role === 'amount')!;
  const hasMoneyName = AMOUNT_NAMES.includes(amount.name) && !names.some((name) => /^quantity$|^menge$/i.test(name));
  const isCertain = amount.values.some((value) => new RegExp(`\\${decimal}(?:\\d{1,2}(?!\\d)|$)`).test(value));
  return (
    hasUsualNames &&
    hasMoneyName &&
    isCertain &&
    !amount.values.some((value) => new RegExp(`\\${decimal}\\d{3}`).test(value)) &&
    !amount.values.some((value) => /[-(]/.test(value)) &&
    how.hasHeader &&
    how.titleLines === 0 &&
    how.trailingDelimiter !== 'rows' &&
    (how.encoding === 'utf-8' || (how.hasMark && how.encoding !== 'windows-1252'))
  );
}

test('any table in any dialect and locale gives the right total or a doubt, by its default reading', () => {
  const counts: Partial<Record<Outcome, number>> = {};
  const plain: Partial<Record<Outcome, number>> = {};
  fc.assert(
    fc.property(table, writing, ({ table, locale }, how) => {
      // Amounts with a delimiter inside must be in quotes, which `write` sees to; a locale in which they are no numbers is none.
      fc.pre(!(locale.negative === 'minus behind' && locale.place.startsWith('behind') && locale.currency !== ''));
      const bytes = write(table, how);
      const { outcome, what } = read(bytes, table.total);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (isPlain(table, how, locale)) plain[outcome] = (plain[outcome] ?? 0) + 1;
      if (outcome === 'wrong in silence') throw new Error(`${what}\n${bytes.toString()}`);
    }),
    withinBudget(6000),
  );
  console.log({ ...counts, plain });
  // A doubt about everything would be of no use.
  const plainTables = Object.values(plain).reduce((sum, count) => sum + count, 0);
  const tables = Object.values(counts).reduce((sum, count) => sum + count, 0);
  expect(plainTables).toBeGreaterThan(tables * PLAIN_SHARE);
  expect(plain.right).toBeGreaterThan(plainTables * 0.9);
});
