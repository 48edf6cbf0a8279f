import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { DEFAULT_ANALYSIS_OPTIONS } from '../testing/default-options.ts';
import { outcomeOf } from '../testing/kernel-outcome.ts';
import { type AnalysisOptions, CsvAnalysis } from './analysis.ts';
import { packCheckpoint, unpackCheckpoint } from './checkpoint-format.ts';

const OPTIONS = DEFAULT_ANALYSIS_OPTIONS;

/** Analyses bytes; at each cut the analysis is thrown away and another one goes on from its checkpoint. */
function analyze(bytes: Uint8Array, options: AnalysisOptions, cuts: number[] = [], start?: Uint8Array) {
  let analysis = new CsvAnalysis(options, { resume: start });
  const rejects: unknown[] = [];
  let from = analysis.bytes;
  for (const at of cuts) {
    analysis.push(bytes.subarray(from, at));
    from = at;
    rejects.push(...analysis.takeRejects());
    analysis = new CsvAnalysis(options, { resume: analysis.checkpoint() });
    expect(analysis.bytes).toBe(at);
  }
  analysis.push(bytes.subarray(from));
  analysis.finish();
  rejects.push(...analysis.takeRejects());
  return { ...outcomeOf(analysis), rejects, dialect: analysis.dialect, bytes: analysis.bytes };
}

// Longer than the sample that the dialect is detected from, so that there are cuts before and behind its end.
const ROWS = 'Décor;1,5\r\n"😀;x";-2\r\n文具;3\r\nbad\r\n"a""b";4\r\n表;7\r\n\r\n';
const CSV = `Department;Amount\r\n${ROWS.repeat(1500)}Décor;3`;

test.each([
  ['utf-8', ''],
  ['utf-16le', ''],
  ['utf-16be', 'utf-16be'],
  ['utf-16', 'utf-16'],
  ['utf-32le', 'utf-32le'],
  ['gb18030', 'gb18030'],
])('a file in %s gives the same result when it is resumed at any byte', (encoding, option) => {
  const bytes = iconv.encode(CSV, encoding, { addBOM: option === '' || option === 'utf-16' });
  const options = { ...OPTIONS, encoding: option };
  const whole = analyze(bytes, options);
  expect(whole.totals).toContainEqual('Décor: 2253.0 x 1501');
  for (const at of [0, 1, 3, 1000, 64 * 1024, bytes.length]) expect(analyze(bytes, options, [at])).toEqual(whole);
  // Every byte of the last rows, and the same place again.
  const start = bytes.length - iconv.encode(ROWS, encoding).length;
  const before = new CsvAnalysis(options);
  before.push(bytes.subarray(0, start));
  const state = before.checkpoint();
  const rest = analyze(bytes, options, [], state);
  expect(rest).toMatchObject({ totals: whole.totals, snapshot: whole.snapshot });
  for (let at = start; at < bytes.length; at++) expect(analyze(bytes, options, [at, at], state)).toEqual(rest);
});

test('a file is resumed anywhere, any number of times', () => {
  const bytes = Buffer.from(CSV);
  const whole = analyze(bytes, OPTIONS);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 5 }), (cuts) => {
      expect(
        analyze(
          bytes,
          OPTIONS,
          cuts.sort((a, b) => a - b),
        ),
      ).toEqual(whole);
    }),
    { numRuns: 100 },
  );
});

test('a checkpoint leaves the analysis as it was', () => {
  const analysis = new CsvAnalysis(OPTIONS);
  analysis.push(Buffer.from('Dept,Amount\na,'));
  analysis.checkpoint();
  analysis.push(Buffer.from('1\n'));
  analysis.checkpoint();
  analysis.finish();
  expect(outcomeOf(analysis).totals).toEqual(['a: 1 x 1']);
});

test('rejects that were counted are still counted, and the limit of those handed out goes on', () => {
  const options = { ...OPTIONS, maxRejects: 2, header: 'true' };
  const bytes = Buffer.from(`Dept,Amount\n${'bad\n'.repeat(40_000)}`);
  const { rejects, snapshot } = analyze(bytes, options, [70_000, 100_000]);
  expect(rejects).toHaveLength(2);
  expect(snapshot).toMatchObject({ rowsRejected: 40_000, rejectsReported: 2 });
});

test('a checkpoint of other options, of another version, or with any wrong byte is refused', () => {
  const analysis = new CsvAnalysis(OPTIONS);
  analysis.push(Buffer.from(CSV));
  const state = analysis.checkpoint();
  const invalid = (message: RegExp) =>
    expect.objectContaining({ code: 'CHECKPOINT_INVALID', message: expect.stringMatching(message) });
  const resume = (resume: Uint8Array, options: Partial<AnalysisOptions> = {}) =>
    new CsvAnalysis({ ...OPTIONS, ...options }, { resume });
  expect(() => resume(state, { trim: false })).toThrow(invalid(/different options/));
  expect(() => resume(new Uint8Array(0))).toThrow(invalid(/not a checkpoint/));
  expect(() => resume(Buffer.from(CSV))).toThrow(invalid(/not a checkpoint/));
  expect(() => resume(state.subarray(0, state.length - 1))).toThrow(invalid(/damaged/));
  for (let at = 0; at < state.length; at++) {
    const damaged = Uint8Array.from(state);
    damaged[at]! ^= 1;
    expect(() => resume(damaged)).toThrow(invalid(at < 4 ? /not a checkpoint/ : at < 8 ? /version/ : /damaged/));
  }
});

test('limits may be others after a resume', () => {
  const analysis = new CsvAnalysis({ ...OPTIONS, maxDepartments: 1 });
  analysis.push(Buffer.from(`Dept,Amount\n${'a,1\n'.repeat(20_000)}`));
  const resumed = new CsvAnalysis({ ...OPTIONS, maxDepartments: 2 }, { resume: analysis.checkpoint() });
  resumed.push(Buffer.from('b,1\n'));
  resumed.finish();
  expect(resumed.snapshot(0).departments).toBe(2);
});

test('a checkpoint cannot bring limits of its own', () => {
  const analysis = new CsvAnalysis(OPTIONS);
  analysis.push(Buffer.from(CSV));
  analysis.finish();
  const parts = unpackCheckpoint(analysis.checkpoint());
  const { plan } = parts.facts;
  if (!plan) throw new Error('the analysis has not begun');
  const forged = packCheckpoint({ ...parts, facts: { ...parts.facts, plan: { ...plan, maxRecordBytes: 2 ** 40 } } });
  expect(new CsvAnalysis(OPTIONS, { resume: forged }).snapshot(10)).toEqual(analysis.snapshot(10));
});
