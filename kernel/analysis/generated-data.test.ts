import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { createRowSource, type RowSourceOptions } from '../../generator/src/row-source.ts';
import { formatDecimal, parseDecimal } from '../decimal.ts';
import { RejectReason } from '../kernel.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { CsvAnalysis } from './analysis.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallystream-generated-'));
const instance = await DuckDBInstance.create(':memory:');
afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

const ROWS = 300_000;

/** Analyses what the generator writes, resumes it once in the middle, and leaves the file at `path` for others. */
function analyzeGenerated(options: Partial<RowSourceOptions>, path: string) {
  const source = createRowSource({
    rows: ROWS,
    departments: 100,
    seed: 7,
    decimals: 0,
    quoted: 0,
    malformed: 0,
    keepsTruth: true,
    chunkBytes: 300_007,
    ...options,
  });
  let analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  const file = openSync(path, 'w');
  let chunks = 0;
  for (const chunk of source) {
    writeSync(file, chunk);
    analysis.push(chunk);
    if (++chunks === 10) analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS, { resume: analysis.checkpoint() });
  }
  closeSync(file);
  analysis.finish();
  return { analysis, truth: source.truth() };
}

async function queryDuckDb(path: string): Promise<string[]> {
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(
    `SELECT d, sum(a)::DECIMAL(38,6)::VARCHAR, count(*)::INTEGER, min(a)::VARCHAR, max(a)::VARCHAR
     FROM read_csv('${path}', header = true, delim = ',', quote = '"', escape = '"', parallel = false,
       columns = {'d': 'VARCHAR', 'day': 'DATE', 'a': 'DECIMAL(18,6)'})
     GROUP BY d ORDER BY encode(d)`,
  );
  return result.getRows().map((row) => row.join(' | '));
}

test.each([
  { decimals: 0, quoted: 0, departments: 100 },
  { decimals: 1, quoted: 0.1, departments: 100 },
  { decimals: 0.5, quoted: 0.5, departments: 1000 },
  { decimals: 0.1, quoted: 0.1, departments: 100_000 },
])('the totals of generated rows are those of DuckDB with decimals: %o', async (options) => {
  const path = join(folder, 'sales.csv');
  const { analysis } = analyzeGenerated(options, path);
  const ours = [...analysis.totals(1000)]
    .flat()
    .map(({ department, sum, count, min, max }) =>
      [department, formatDecimal(sum, 6), count, formatDecimal(min, 6), formatDecimal(max, 6)].join(' | '),
    );
  expect(ours).toEqual(await queryDuckDb(path));
});

test.each([{ malformed: 0.01 }, { malformed: 0.5, quoted: 0.3, decimals: 0.3, departments: 5000 }])(
  'generated rows that are malformed are rejected for the right reasons: %o',
  (options) => {
    const { analysis, truth } = analyzeGenerated(options, join(folder, 'malformed.csv'));
    const { rows, rowsRejected, rejectedByReason, total } = analysis.snapshot(0);
    expect(rows + rowsRejected).toBe(ROWS);
    expect(total).toBe(parseDecimal(truth.total));
    const reasons = Object.entries(RejectReason)
      .map(([name, reason]) => [name, rejectedByReason[reason]] as const)
      .filter(([, count]) => count! > 0);
    expect(Object.fromEntries(reasons)).toEqual(truth.rejectedByReason);
    const ours = [...analysis.totals(1000)]
      .flat()
      .map(({ department, sum, count }) => ({ department, sum: formatDecimal(sum, 2), count }));
    expect(ours).toEqual(truth.departments);
  },
);
