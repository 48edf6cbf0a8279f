/** Tables and bytes for property tests: every dialect, well written and not. */
import fc from 'fast-check';
import { DATE_ORDERS, FILTER_KINDS, MAX_RECORD_BYTES, PERIODS, type ReadPlan, type RowFilter } from '../kernel.ts';
import { CASE_PLAN, code } from './kernel-case.ts';

/** Any plan that options allow, and some limits that they do not. */
export const anyPlan: fc.Arbitrary<ReadPlan> = fc
  .record({
    delimiter: fc.constantFrom(...',;\t| :'),
    quote: fc.constantFrom('"', '"', '"', "'", ''),
    hasHeader: fc.boolean(),
    columnCount: fc.integer({ min: 2, max: 5 }),
    columns: fc.tuple(fc.nat(4), fc.nat(4)),
    isComma: fc.boolean(),
    group: fc.constantFrom('', ',', '.', ' ', "'"),
    currency: fc.constantFrom('', '', '$', '€', 'USD'),
    isAnyGroup: fc.boolean(),
    allowNegative: fc.boolean(),
    trim: fc.boolean(),
    maxRecordBytes: fc.constantFrom(MAX_RECORD_BYTES, MAX_RECORD_BYTES, 5, 12, 40, 200),
    maxRejects: fc.constantFrom(1_000_000, 3),
  })
  .map(({ columns, columnCount, isComma, group, delimiter, quote, ...rest }) => {
    const departmentIndex = columns[0] % columnCount;
    const decimalSeparator = isComma ? ',' : '.';
    return {
      ...CASE_PLAN,
      ...rest,
      delimiter: code(delimiter),
      quote: quote === '' ? 0 : code(quote),
      columnCount,
      departmentIndex,
      amountIndex: (departmentIndex + 1 + (columns[1] % (columnCount - 1))) % columnCount,
      decimalSeparator: code(decimalSeparator),
      groupSeparator: group === '' || group === decimalSeparator ? 0 : code(group),
    };
  });

/** The same, with several columns to group by, some of them by the period of a date. */
export const anyGroupedPlan: fc.Arbitrary<ReadPlan> = fc
  .tuple(
    anyPlan,
    fc.array(
      fc.record({
        index: fc.nat(4),
        period: fc.constantFrom(undefined, undefined, ...PERIODS),
        order: fc.constantFrom(...DATE_ORDERS),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([plan, wanted]) => {
    const groups = wanted.map((group) => {
      const index = group.index % plan.columnCount;
      return { ...group, index: index === plan.amountIndex ? plan.departmentIndex : index };
    });
    return { ...plan, departmentIndex: groups[0]!.index, groups };
  });

const DATES = [
  ...['2026-03-10', '2026-3-1', '2026/12/31', '2026.01.05', '20260310', '20261332', '2024-02-29', '2023-02-29'],
  ...['2026-03-10T12:00:00Z', '2026-03-10 23:59:59.123+02:00', '2026-03-10, 1:05 PM', '2026-03-10T', '2026-03-10 noon'],
  ...['31.12.2025', '1.2.2026', '12/31/2025', '31/12/25', '1/2/69', '1/2/70', '13/13/2026', '0/1/2026', '1-2-2026'],
  ...[
    '3 Jan 2026',
    '03-Jan-26',
    'Jan 3, 2026',
    'January 3 2026',
    'sept 5 2026',
    'Sep 2026',
    '2026-Feb-03',
    '3. MAY 2026',
  ],
  ...['Janu 3 2026', 'Juno 3 2026', 'ma 3 2026', '31 Feb 2026', '2026', '0000', '2026-03', '03/2026', '2026-13', '1/2'],
  ...['2020-12-31', '2021-01-03', '2021-01-04', '2027-01-01', '0001-01-01', '9999-12-31', '0000-01-01', '1900-02-29'],
  ...[
    '',
    ' 2026-03-10 ',
    'x',
    '2026--03-10',
    '2026-03/10',
    '2026 03 10',
    '123456789',
    '2026-03-101',
    '1/2/3',
    'Jan',
    'é',
  ],
].map((text) => Buffer.from(text));
DATES.push(Buffer.from([0x32, 0x30, 0x32, 0x36, 0xff]));

/** A plan of {@link anyPlan} or {@link anyGroupedPlan} that counts some of the rows only. */
export const anyFilteredPlan: fc.Arbitrary<ReadPlan> = fc
  .tuple(
    fc.oneof(anyPlan, anyGroupedPlan),
    fc.array(
      fc.record({
        index: fc.nat(4),
        kind: fc.constantFrom(...FILTER_KINDS),
        values: fc.array(fc.nat(50), { maxLength: 20 }),
        isNegated: fc.boolean(),
        bounds: fc.tuple(fc.option(fc.nat(8)), fc.option(fc.nat(8))),
        order: fc.constantFrom(...DATE_ORDERS),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([plan, wanted]) => {
    const where = wanted.map(({ kind, values, bounds, isNegated, index, order }): RowFilter => {
      const list = kind === 'dates' ? DAY_BOUNDS : UNIT_BOUNDS;
      const [from, to] = bounds.map((bound) => (bound === null ? undefined : list[bound]));
      const isRange = kind !== 'values';
      return {
        index: index % plan.columnCount,
        kind,
        values: isRange ? [] : [...new Set(values.map((value) => NAMES[value % NAMES.length]!.toString().trim()))],
        isNegated: isNegated && !isRange,
        ...(isRange && { from, to }),
        ...(kind === 'dates' && { order }),
      };
    });
    return { ...plan, groups: plan.groups ?? [{ index: plan.departmentIndex }], where };
  });

/** A plan of any kind above that adds up several columns, or products of two. */
export const anyAmountsPlan: fc.Arbitrary<ReadPlan> = fc
  .tuple(
    fc.oneof(anyPlan, anyGroupedPlan, anyFilteredPlan),
    fc.array(fc.record({ index: fc.nat(4), factor: fc.option(fc.nat(4)) }), { minLength: 1, maxLength: 8 }),
  )
  .map(([plan, wanted]) => {
    const groups = plan.groups ?? [{ index: plan.departmentIndex }];
    const isGroup = (index: number) => groups.some((group) => group.index === index);
    const columnOf = (index: number) =>
      isGroup(index % plan.columnCount) ? plan.amountIndex : index % plan.columnCount;
    const amounts = wanted.map(({ index, factor }) => ({
      index: columnOf(index),
      ...(factor !== null && { factor: columnOf(factor) }),
    }));
    return { ...plan, groups, amounts, amountIndex: amounts[0]!.index };
  });

const DAY_BOUNDS = [
  '10101',
  '20240229',
  '20260310',
  '20260101',
  '20261231',
  '20251231',
  '19700101',
  '99991231',
  '20260103',
];
const UNIT_BOUNDS = [
  ...['0', '1', '-1', '1000000', '5000000', '-5000000', '1234500000'],
  ...['999999999999999999000000', '-999999999999999999000000'],
];

// Names around the lengths at which they are compared differently, and bytes that are no UTF-8.
const NAMES = [
  ...['\u00a0a', 'a\u200b', '\ufeffa\u00a0 ', '\ufeff', '\u2009a', 'é\u00a0'],
  ...[
    'a',
    'b',
    'Décor',
    '文具',
    ' a',
    'b\t',
    '',
    ' ',
    'a\0',
    '\u0001',
    'a\u0001b',
    '\u0002\u0003',
    'x"y',
    "it's",
    'n'.repeat(15),
    'n'.repeat(16),
  ],
  ...['n'.repeat(17), `${'n'.repeat(16)}m`, 'n'.repeat(32), 'n'.repeat(33), `${'n'.repeat(32)}m`],
].map((text) => Buffer.from(text));
NAMES.push(Buffer.from([0x61, 0xff]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0xc3]));
const AMOUNTS = [
  ...['$5', '€ 1,234.50', '5,00 €', 'USD 5', '(5.00)', '$(5)', '(5', '5)', '(-5)', '5.00-', '-$5', '$-5', '- 5', '5 -'],
  ...[
    '\u2212 5',
    '5\u2212',
    '1\u00a0234,5',
    '1\u202f234.5',
    '1\u2009234',
    "1'234",
    '1\u2019234.5',
    '0,435',
    '0.435',
    '12,34',
  ],
  ...[
    '12.50000000',
    '0.00000000',
    '1.00000000000000000000000',
    '123456789012345678.000',
    '£5',
    '5 kg',
    '1 234 kg',
    'kg',
  ],
  ...[
    '1,234,567',
    '1.234.567',
    '1,234,',
    '$',
    '€€5',
    '5.-',
    '5,-',
    '5. -',
    '5 $ ',
    '\u00a05',
    '\ufeff5',
    '+-5',
    '$+5',
    '12 345',
    '-(5)',
    '$5.00-',
  ],
  ...['1', '2', '10', '12345678', '123456789', '0', '007', '+5', '-5', '-0', '5.', '.5', '1.25', '1,25', '0.000001'],
  ...[
    '123456.7',
    '12345.67',
    '1.2.3',
    '.',
    '-',
    '',
    ' 7 ',
    '1,234',
    '1.234',
    '1,234.5',
    '1.234,5',
    '1 234',
    '1e3',
    'x',
  ],
  ...[
    '123456789012345678',
    '999999999999999999',
    '-999999999999999999',
    '1234567890123456789',
    '0.1234567',
    '1"2',
    '9/:',
  ],
  ...['9007199254.740993', '12345678.901234', '00000000000000000000012'],
].map((text) => Buffer.from(text));
const LINE_ENDS = ['\n', '\n', '\n', '\r\n', '\r'].map((text) => Buffer.from(text));

/** The bytes of white space that takes several of them: whole ones and parts of them come together. */
const WIDE = Buffer.from('\u00a0\u200b\ufeff');

/** One row as numbers that say what to take from the lists above: small numbers are usual rows. */
export const anyRow = fc.record({
  fields: fc.array(fc.record({ text: fc.nat(200), quoting: fc.nat(12), padding: fc.nat(20) }), {
    minLength: 1,
    maxLength: 6,
  }),
  isWhole: fc.integer({ min: 0, max: 9 }),
  lineEnd: fc.nat(4),
});
export type Row = typeof anyRow extends fc.Arbitrary<infer Value> ? Value : never;

/** Writes rows in the dialect of a plan, most of them well. */
export function writeRows(rows: Row[], plan: ReadPlan): Buffer {
  const quote = Buffer.from(plan.quote === 0 ? '"' : String.fromCharCode(plan.quote));
  const parts = rows.flatMap(({ fields, isWhole, lineEnd }) => {
    const count = isWhole > 0 ? plan.columnCount : fields.length;
    const cells = Array.from({ length: count }, (_, column) => {
      const { text, quoting, padding } = fields[column % fields.length]!;
      const isDate = plan.groups?.some(({ index, period }) => index === column && period);
      const kind = plan.where?.find(({ index }) => index === column)?.kind;
      const isAmount = plan.amounts?.some(({ index, factor }) => index === column || factor === column);
      const isNumber = column === plan.amountIndex || isAmount || kind === 'numbers';
      const list = isNumber ? AMOUNTS : isDate || kind === 'dates' ? DATES : NAMES;
      const bare = list[text % list.length]!;
      return Buffer.concat(
        [padding === 1 ? ' ' : '', enclose(bare, quote, quoting), padding === 2 ? '\t' : ''].map(bytesOf),
      );
    });
    const separated = cells.flatMap((cell, at) => (at === 0 ? [cell] : [Uint8Array.of(plan.delimiter), cell]));
    return [...separated, LINE_ENDS[lineEnd]!];
  });
  return Buffer.concat(parts);
}

/** Well, or with something wrong or awkward about the quotes. */
function enclose(bare: Buffer, quote: Buffer, quoting: number): Buffer {
  if (quoting < 6) return bare;
  if (quoting < 8) return Buffer.concat([quote, bare, quote]);
  const inside = ['\n', '\r\n', `${quote}${quote}`, `${quote}`, ''][quoting - 8] ?? '';
  return quoting === 12 ? Buffer.concat([quote, bare]) : Buffer.concat([quote, bare, Buffer.from(inside), quote]);
}

function bytesOf(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? Buffer.from(part) : part;
}

const ALPHABET = fc.constantFrom(...Buffer.from('ab1,,,"" \r\n\n\n.-é;\t\'($€'), ...WIDE, ...WIDE);
/** Bytes in which everything that matters to a kernel is frequent. */
export const noise: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.array(ALPHABET, { maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
  fc
    .array(fc.constantFrom('"', '"', ',', '1', 'a', '\n', '\u00a0', '\ufeff', '\u200b', '\u2009'), { maxLength: 60 })
    .map((characters) => Buffer.from(characters.join(''))),
);
