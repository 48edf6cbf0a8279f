import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatDecimal, formatMean } from '../decimal.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { everyCut, outcomeOf } from '../testing/kernel-outcome.ts';
import { CsvAnalysis } from './analysis.ts';

const FOLDER = new URL('../testing/golden/', import.meta.url);

/** What an analysis says about a file, line by line: the dialect, the totals, the rejects. */
function describe(analysis: CsvAnalysis): string {
  const { delimiter, encoding, hasHeader, columns, departmentIndex, amountIndex } = analysis.dialect!;
  const label = (index: number) => columns[index]!.name || index;
  const lines = [
    `${encoding}, ${JSON.stringify(delimiter)}, ${hasHeader ? 'header' : 'no header'}, ${label(departmentIndex)} -> ${label(amountIndex)}`,
    ...[...analysis.totals(100)]
      .flat()
      .map(({ department, sum, count, min, max, scale }) =>
        [
          JSON.stringify(department),
          ...[sum, min, max].map((value) => formatDecimal(value, scale)),
          formatMean(sum, count),
          count,
        ].join(' | '),
      ),
  ];
  const { rejects, blankLines } = outcomeOf(analysis);
  return `${[...lines, ...rejects.map((reject) => JSON.stringify(reject)), `blank lines: ${blankLines}`].join('\n')}\n`;
}

function analyze(pieces: Uint8Array[]): string {
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  for (const piece of pieces) analysis.push(piece);
  analysis.finish();
  return describe(analysis);
}

test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.csv')))('%s gives what stands beside it', (name) => {
  const csv = readFileSync(new URL(name, FOLDER));
  const expected = readFileSync(new URL(name.replace('.csv', '.out'), FOLDER), 'utf8');
  for (const pieces of everyCut(csv)) expect(analyze(pieces)).toBe(expected);
});
