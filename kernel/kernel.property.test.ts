import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvAnalysis } from './analysis/analysis.ts';
import { parseDecimal } from './decimal.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from './testing/default-options.ts';
import { CASE_PLAN, code } from './testing/kernel-case.ts';
import { outcomeOf, runKernel } from './testing/kernel-outcome.ts';
import { withinBudget } from './testing/property-budget.ts';
import { WasmKernel } from './wasm/wasm-kernel.ts';

/** Text with everything that is special in a CSV, in few enough variants that departments repeat. */
const text = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'Décor',
    '文具',
    '😀',
    ' a ',
    'a"b',
    '"',
    '""',
    ',',
    ';',
    '\t',
    '|',
    'x,y',
    '\n',
    '\r\n',
    '\r',
    "'",
  ),
  fc.string({ unit: fc.constantFrom('a', 'ö', '"', ',', ';', '|', '\t', ' ', '\n', '\r', "'"), maxLength: 6 }),
);
const amount = fc
  .tuple(fc.bigInt(-(10n ** 17n), 10n ** 17n), fc.integer({ min: 0, max: 6 }))
  .map(([digits, decimals]) => {
    const padded = (digits < 0n ? -digits : digits).toString().padStart(decimals + 1, '0');
    const point = padded.length - decimals;
    return (digits < 0n ? '-' : '') + padded.slice(0, point) + (decimals ? `.${padded.slice(point)}` : '');
  });
const row = fc.record({ department: text, note: text, amount, quoteAll: fc.boolean() });
const format = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  endsWithLineEnd: fc.boolean(),
});
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

type Row = { department: string; note: string; amount: string; quoteAll: boolean };

function write(
  rows: Row[],
  { delimiter, lineEnd, endsWithLineEnd }: { delimiter: string; lineEnd: string; endsWithLineEnd: boolean },
): Buffer {
  const lines = rows.map(({ department, note, amount, quoteAll }) =>
    [department, note, amount]
      .map((field) => (quoteAll || /[",;|\t\r\n]|^ | $/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
      .join(delimiter),
  );
  return Buffer.from(lines.join(lineEnd) + (endsWithLineEnd ? lineEnd : ''));
}

function cutAt(bytes: Uint8Array, shares: number[]): Uint8Array[] {
  const at = shares.map((share) => Math.round(share * bytes.length)).sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

/** Totals computed without any of our code but the parser of a decimal. */
function expectedTotals(records: string[][]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const [department, , amount] of records) {
    if (department === '') continue;
    totals.set(department!, (totals.get(department!) ?? 0n) + parseDecimal(amount!));
  }
  return totals;
}

test('any table that RFC 4180 allows gives the totals that csv-parse and BigInt give, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), format, cuts, (rows, format, shares) => {
      const bytes = write(rows, format);
      const records: string[][] = parse(bytes, {
        delimiter: format.delimiter,
        record_delimiter: format.lineEnd,
        relax_column_count: false,
      });
      const kernel = new WasmKernel({
        ...CASE_PLAN,
        delimiter: code(format.delimiter),
        groupSeparator: 0,
        columnCount: 3,
        amountIndex: 2,
        allowNegative: true,
        trim: false,
      });
      const { snapshot } = runKernel(kernel, cutAt(bytes, shares));
      const totals = new Map([...kernel.totals(100)].flat().map(({ department, sum }) => [department, sum]));
      const expected = expectedTotals(records);
      expect(totals).toEqual(expected);
      expect(snapshot.rows + snapshot.rowsRejected).toBe(rows.length);
      expect(snapshot.total).toBe([...expected.values()].reduce((sum, value) => sum + value, 0n));
    }),
    withinBudget(1500),
  );
});

test('any bytes at all give the same result, however they are cut, and no row is lost without a word', () => {
  const alphabet = fc.constantFrom(...Buffer.from('ab1,,"" \r\n\n.-é'));
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.array(alphabet, { maxLength: 60 }),
      cuts,
      fc.boolean(),
      fc.integer({ min: 4, max: 70 }),
      (noise, csvLike, shares, trim, maxRecordBytes) => {
        for (const bytes of [noise, Uint8Array.from(csvLike)]) {
          const run = (pieces: Uint8Array[]) =>
            runKernel(new WasmKernel({ ...CASE_PLAN, trim, maxRecordBytes }), pieces);
          const whole = run([bytes]);
          expect(run(cutAt(bytes, shares))).toEqual(whole);
          expect(run(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
        }
      },
    ),
    withinBudget(1500),
  );
});

test('any bytes at all are analyzed or refused with a reason, the same however they are cut', () => {
  const analyze = (pieces: Uint8Array[]) => {
    const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
    try {
      for (const piece of pieces) analysis.push(piece);
      analysis.finish();
      return outcomeOf(analysis);
    } catch (error) {
      return { error: (error as Error).name, message: (error as Error).message };
    }
  };
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '1', ',', ';', '"', '\n', '\r', ' ', '\ufeff'), maxLength: 50 }),
      cuts,
      (csv, shares) => {
        const bytes = Buffer.from(csv);
        const whole = analyze([bytes]);
        if ('error' in whole) expect(whole.error).toBe('KernelError');
        expect(analyze(cutAt(bytes, shares))).toEqual(whole);
      },
    ),
    withinBudget(1500),
  );
});
