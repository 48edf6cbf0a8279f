import { expect, test } from 'vitest';
import { CsvAnalysis } from '../../kernel/analysis/analysis.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { RejectReason } from '../../kernel/kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../../kernel/testing/default-options.ts';
import { createRowSource, HEADER, type RowSource, type RowSourceOptions } from './row-source.ts';

const OPTIONS: RowSourceOptions = {
  rows: 5000,
  departments: 100,
  seed: 1,
  decimals: 0,
  quoted: 0,
  malformed: 0,
  keepsTruth: true,
};
const DIRTY = { ...OPTIONS, rows: 20_000, decimals: 0.5, quoted: 0.2, malformed: 0.1 };

function generate(options: Partial<RowSourceOptions> = {}): { source: RowSource; bytes: Buffer } {
  const source = createRowSource({ ...OPTIONS, ...options });
  return { source, bytes: Buffer.concat(Array.from(source, (chunk) => Buffer.from(chunk))) };
}

test('the same seed gives the same bytes, whatever the size of the chunks', () => {
  const { bytes } = generate(DIRTY);
  expect(generate(DIRTY).bytes.equals(bytes)).toBe(true);
  expect(generate({ ...DIRTY, chunkBytes: 10_000 }).bytes.equals(bytes)).toBe(true);
});

test('another seed gives other bytes', () => {
  expect(generate({ seed: 2 }).bytes.equals(generate({ seed: 1 }).bytes)).toBe(false);
});

test('every plain row has a department, a day of 2024 and an amount', () => {
  const lines = generate().bytes.toString().trimEnd().split('\n');
  expect(`${lines[0]}\n`).toBe(HEADER);
  expect(lines).toHaveLength(5001);
  for (const line of lines.slice(1)) expect(line).toMatch(/^[^,"]+,2024-\d\d-\d\d,[1-9]\d{0,2}$/);
  expect(new Set(lines.map((line) => line.split(',')[1])).size).toBe(367);
});

test('rows are about 25 bytes long', () => {
  const { source, bytes } = generate({ rows: 50_000 });
  expect(bytes.length / source.rows).toBeGreaterThan(22);
  expect(bytes.length / source.rows).toBeLessThan(27);
});

test('the number of rows is exact, down to none', () => {
  for (const rows of [0, 1, 4999]) {
    const { source, bytes } = generate({ rows });
    expect(bytes.toString().split('\n')).toHaveLength(rows + 2);
    expect(source).toMatchObject({ rows, bytes: bytes.length });
  }
});

test('a size is reached with a whole row and no more than that', () => {
  const { bytes } = generate({ rows: undefined, sizeBytes: 1_000_000, chunkBytes: 100_000 });
  expect(bytes.length).toBeGreaterThanOrEqual(1_000_000);
  expect(bytes.length).toBeLessThan(1_000_100);
  expect(bytes.at(-1)).toBe(10);
});

test('the share of malformed rows is respected', () => {
  const { source } = generate({ rows: 50_000, malformed: 0.1 });
  const share = source.truth().rowsRejected / 50_000;
  expect(share).toBeGreaterThan(0.09);
  expect(share).toBeLessThan(0.11);
  expect(generate({ malformed: 1 }).source.truth()).toMatchObject({ rowsRejected: 5000, departments: [] });
});

test('the shares of quoted rows and of decimal amounts are respected', () => {
  const { bytes } = generate({ rows: 50_000, quoted: 0.25, decimals: 0.5 });
  const text = bytes.toString();
  const records = text.match(/^(?:"(?:[^"]|"")*"|[^",\n]*),2024-.*$/gm)!;
  expect(records).toHaveLength(50_000);
  const shareOf = (pattern: RegExp) => records.filter((record) => pattern.test(record)).length / 50_000;
  expect(Math.abs(shareOf(/^"/) - 0.25)).toBeLessThan(0.01);
  expect(Math.abs(shareOf(/\.\d\d$/) - 0.5)).toBeLessThan(0.01);
  for (const awkward of [/"[^"\n]*,[^"\n]*"/, /""/, /"[^"]*\n/]) expect(text).toMatch(awkward);
});

test.each([
  ['clean', OPTIONS],
  ['dirty', DIRTY],
  ['with many departments', { ...DIRTY, departments: 3000, seed: 7 }],
  ['with one department', { ...DIRTY, departments: 1 }],
])('the truth about a file that is %s is what the analysis finds', (_, options) => {
  const { source, bytes } = generate(options);
  const truth = source.truth();
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  for (let at = 0; at < bytes.length; at += 9973) analysis.push(bytes.subarray(at, at + 9973));
  analysis.finish();
  const { rows, rowsRejected, rejectedByReason, total } = analysis.snapshot(0);
  expect(rows + rowsRejected).toBe(truth.rows);
  expect(rowsRejected).toBe(truth.rowsRejected);
  const byName = Object.entries(RejectReason).flatMap(([name, reason]) =>
    rejectedByReason[reason] ? [[name, rejectedByReason[reason]]] : [],
  );
  expect(Object.fromEntries(byName)).toEqual(truth.rejectedByReason);
  expect(total).toBe(parseDecimal(truth.total));
  expect([...analysis.totals(1000)].flat().map(({ department, sum, count }) => ({ department, sum, count }))).toEqual(
    truth.departments.map(({ department, sum, count }) => ({ department, sum: parseDecimal(sum), count })),
  );
});

test('a dirty file has rows of every kind that is rejected', () => {
  expect(Object.keys(generate(DIRTY).source.truth().rejectedByReason).sort()).toEqual(
    Object.keys(RejectReason)
      .filter(
        (name) => !['NEGATIVE_AMOUNT', 'RECORD_TOO_LONG', 'UNTERMINATED_QUOTE', 'DATE_NOT_READABLE'].includes(name),
      )
      .sort(),
  );
});

test('the truth is only there if it was kept', () => {
  expect(() => generate({ keepsTruth: false }).source.truth()).toThrow(/keepsTruth/);
});
