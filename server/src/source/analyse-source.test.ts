import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterAll, expect, test } from 'vitest';
import type { Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { createRowSource } from '../../../generator/src/row-source.ts';
import { type AnalysisOptions, CsvAnalysis } from '../../../kernel/analysis/analysis.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../../../kernel/testing/default-options.ts';
import { CASE_PLAN } from '../../../kernel/testing/kernel-case.ts';
import { analyseSource, type SourceResponse, type SourceSettings } from './analyse-source.ts';
import { PartThreads } from './part-threads.ts';
import { lookAtFile } from './source-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallystream-source-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Large enough for threads, with quotes, line breaks in them, and broken rows. */
const FILE = Buffer.concat([
  ...createRowSource({
    rows: 900_000,
    departments: 30_000,
    seed: 5,
    decimals: 0.3,
    quoted: 0.2,
    malformed: 0.001,
    keepsTruth: false,
    chunkBytes: 1_000_000,
  }),
]);

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

type Changes = Partial<AnalysisOptions> & Partial<Omit<SourceSettings, 'options'>>;

async function* responses(
  paths: string | string[],
  threads: number,
  changes: Changes = {},
): AsyncGenerator<SourceResponse> {
  const {
    signal = new AbortController().signal,
    resume,
    checkpointMs = 0,
    mayGrow = false,
    isUnchanging = true,
    ...options
  } = changes;
  const files = [paths].flat().map((path) => lookAtFile(path, path));
  const all = { ...DEFAULT_ANALYSIS_OPTIONS, ...options };
  yield* analyseSource(files, {
    options: all,
    topCount: 5,
    threads,
    signal,
    resume,
    checkpointMs,
    mayGrow,
    isUnchanging,
  });
}

/** Progress and rejects come in any order, depending on time. */
const ORDER = expect.arrayContaining(['totals', 'summary']);

/** Everything but progress. */
async function result(...args: Parameters<typeof responses>) {
  const all = await Array.fromAsync(responses(...args));
  return {
    rejects: all.flatMap((each) => (each.case === 'rejects' ? each.value.rejects : [])),
    totals: Buffer.concat(all.flatMap((each) => (each.case === 'totals' ? [each.value] : []))).toString('latin1'),
    summary: all.flatMap((each) => (each.case === 'summary' ? [each.value] : [])),
    order: all.map((each) => each.case).filter((kind, index, kinds) => kind !== kinds[index - 1]),
  };
}

test('threads give what one pass gives, to the byte and in the same order', async () => {
  const path = write('large.csv', FILE);
  expect(FILE.length).toBeGreaterThan(16 * 1024 * 1024);
  const whole = await result(path, 1);
  expect(whole.rejects.length).toBeGreaterThan(100);
  for (const threads of [2, 3]) {
    const parts = await result(path, threads);
    expect(parts.rejects).toEqual(whole.rejects);
    expect(parts.totals).toBe(whole.totals);
    expect(parts.summary).toEqual(whole.summary);
    expect(parts.order.slice(-2)).toEqual(['totals', 'summary']);
  }
});

test('the limits are those of the file, not of a part', async () => {
  const path = write('limits.csv', FILE);
  const { rejects, summary } = await result(path, 3, { maxRejects: 7 });
  expect(rejects).toEqual((await result(path, 1, { maxRejects: 7 })).rejects);
  expect(summary[0]?.rejectsReported).toBe(7n);
  // No part has so many.
  const maxDepartments = (summary[0]?.departments ?? 0) - 1;
  const tooMany = result(path, 3, { maxDepartments });
  await expect(tooMany).rejects.toMatchObject({ code: 'TOO_MANY_DEPARTMENTS' });
});

test('a quote that is never closed makes one record of the rest, and ends with any number of threads', async () => {
  const rows = FILE.subarray(0, FILE.lastIndexOf('\n', 17 * 1024 * 1024) + 1);
  const open = Buffer.concat([rows.subarray(0, rows.indexOf('\n', 30_000) + 1), Buffer.from('"oops,x,1\n'), rows]);
  // Without quotes inside, so that nothing closes it.
  const path = write('open.csv', Buffer.from(open.toString('latin1').replaceAll(/(?<!^)"(?!oops)/gm, ' '), 'latin1'));
  const whole = await result(path, 1);
  for (const threads of [2, 8]) expect(await result(path, threads)).toEqual({ ...whole, order: ORDER });
});

test('rejected rows by the ten thousand come in order, each once', async () => {
  const line = `${'x'.repeat(90)}\n`;
  const csv = Buffer.from(`Department,Sales\n${'Books,1\n'.repeat(9_000)}${line.repeat(190_000)}`);
  const path = write('rejects.csv', csv);
  for (const maxRejects of [1_000_000, 30_000, 0]) {
    const whole = await result(path, 1, { maxRejects });
    expect(whole.rejects).toHaveLength(Math.min(maxRejects, 190_000));
    expect(await result(path, 3, { maxRejects })).toEqual({ ...whole, order: ORDER });
  }
});

test('a thread that has ended says so, whenever it is asked', async () => {
  const file = lookAtFile(write('ended.csv', FILE), 'ended.csv');
  const threads = new PartThreads(1);
  await threads[Symbol.asyncDispose]();
  const plan = { plan: CASE_PLAN, encoding: 'utf-8' };
  const [reader] = threads.readers([file], 1);
  await expect(reader!(plan, { text: 0, from: 0, to: 10 }, undefined, 0)).rejects.toThrow('has ended');
});

test('an error of the system comes from a thread as it is', async () => {
  const file = lookAtFile(write('removed.csv', FILE), 'removed.csv');
  rmSync(file.path);
  await using threads = new PartThreads(1);
  const plan = { plan: CASE_PLAN, encoding: 'utf-8' };
  const [reader] = threads.readers([file], 1);
  const reading = reader!(plan, { text: 0, from: 0, to: 1_000 }, { at: 0, isHeaderAwaited: true }, 0);
  await expect(reading).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
});

test('a reader that gives up ends the threads, and so does a signal', async () => {
  const path = write('given-up.csv', FILE);
  for await (const each of responses(path, 2)) if (each.case === 'rejects') break;
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(result(path, 2, { signal: stop.signal })).rejects.toThrow('enough');
});

test.each([1, 2])('a file that changes while %d threads read it is told', async (threads) => {
  const changes: [string, (path: string) => void][] = [
    ['shorter', (path) => truncateSync(path, FILE.length - 5_000_000)],
    ['longer', (path) => appendFileSync(path, 'Books,2026-01-01,1\n')],
    ['written', (path) => utimesSync(path, 1, 1)],
    ['another', (path) => renameSync(write('other.csv', FILE), path)],
    ['gone', (path) => rmSync(path)],
  ];
  for (const [what, change] of changes) {
    const path = write(`${what}-${threads}.csv`, FILE);
    const file = lookAtFile(path, path);
    change(path);
    const settings = { options: DEFAULT_ANALYSIS_OPTIONS, topCount: 5, threads, signal: new AbortController().signal };
    const reading = Array.fromAsync(analyseSource([file], settings));
    await expect(reading, what).rejects.toMatchObject({ code: what === 'gone' ? 'ENOENT' : 'SOURCE_CHANGED' });
    if (what === 'longer') await Array.fromAsync(analyseSource([file], { ...settings, mayGrow: true }));
  }
});

test.each([
  ['of two lines', 'Department,Sales\nBooks,1\n', 'Books'],
  ['without a line end', 'Department,Sales\nBooks,1', 'Books'],
  ['without rows', 'Department,Sales\n', ''],
])('a file %s is read at once', async (_, csv, department) => {
  const path = write('small.csv', Buffer.from(csv));
  const { totals, summary } = await result(path, 4);
  expect(totals).toContain(department);
  expect(summary).toHaveLength(1);
});

test('a checkpoint between parts is one that parts go on from, and so is one of a stream anywhere', async () => {
  const path = write('resumed.csv', FILE);
  const whole = await result(path, 1);
  const states: { bytes: number; state: Uint8Array; rejects: number }[] = [];
  let rejects = 0;
  for await (const each of responses(path, 2, { checkpointMs: 1 })) {
    if (each.case === 'rejects') rejects += each.value.rejects.length;
    if (each.case === 'checkpoint') states.push({ ...each.value, rejects });
  }
  expect(states.length).toBeGreaterThan(1);
  const analysis = new CsvAnalysis(DEFAULT_ANALYSIS_OPTIONS);
  const cut = 10_000_001;
  analysis.push(FILE.subarray(0, cut));
  states.push({ rejects: analysis.takeRejects().length, bytes: cut, state: analysis.checkpoint() });
  for (const { state, rejects: before } of states) {
    for (const threads of [1, 2]) {
      const resumed = await result(path, threads, { resume: state });
      expect(resumed.totals).toBe(whole.totals);
      expect(resumed.summary).toEqual(whole.summary);
      expect(resumed.rejects).toEqual(whole.rejects.slice(before));
    }
  }
});

/** Rows in several files of one header, some of them without an amount. */
function inFiles(count: number): { header: string; bodies: Buffer[] } {
  const header = 'Department Name,Date,Number of Sales\n';
  const usual = { rows: 250_000, departments: 30_000, decimals: 0.3, quoted: 0.2, malformed: 0, keepsTruth: false };
  const bodies = Array.from({ length: count }, (_, index) => {
    const source = createRowSource({ ...usual, seed: 10 + index, chunkBytes: 1_000_000 });
    // The memory of a chunk is used again.
    const csv = Buffer.concat(Array.from(source, (chunk) => Uint8Array.from(chunk)));
    const body = csv.subarray(csv.indexOf('\n') + 1).toString();
    return Buffer.from(`odd ${index}\n${body}"odd, too",2026-01-01,\n`);
  });
  return { header, bodies };
}

test('several files are one data set: plain, packed, with a mark, in another encoding; rejects name their file', async () => {
  const { header, bodies } = inFiles(4);
  const texts = bodies.map((body) => Buffer.concat([Buffer.from(header), body]));
  const paths = [
    write('a.csv', texts[0]!),
    write('b.csv', Buffer.concat([Buffer.from('\ufeff'), texts[1]!])),
    write('c.csv.gz', gzipSync(texts[2]!, { level: 1 })),
    write('d.csv', iconv.encode(texts[3]!.toString(), 'utf-16le', { addBOM: true })),
  ];
  const one = await result(write('one.csv', Buffer.concat([Buffer.from(header), ...bodies])), 2);
  const all = await result(paths, 2);
  expect(all.totals).toBe(one.totals);
  const counted = ({ rows, rowsRejected, departments, total, top }: Summary) => ({
    rows,
    rowsRejected,
    departments,
    total,
    top,
  });
  expect(counted(all.summary[0]!)).toEqual(counted(one.summary[0]!));
  const alone = await Promise.all(paths.map((path) => result(path, 1)));
  const names = ['a.csv', 'b.csv', 'c.csv.gz', 'd.csv'];
  expect(all.rejects).toEqual(
    alone.flatMap(({ rejects }, index) => rejects.map((reject) => ({ ...reject, file: names[index] }))),
  );
  expect(all.rejects).toHaveLength(8);
  expect(one.rejects).toHaveLength(8);
});

test.each([
  ['other names', 'Department,Date,Sales\nBooks,2026-01-01,1\n'],
  ['other delimiters', 'Department Name;Date;Number of Sales\nBooks;2026-01-01;1\n'],
  ['more columns', 'Department Name,Date,Number of Sales,X\nBooks,2026-01-01,1,2\n'],
  ['other columns in the same order', 'Department Name,Number of Sales,Date\nBooks,1,2026-01-01\n'],
])('a file with %s is refused by its name', async (_, csv) => {
  const usual = 'Department Name,Date,Number of Sales\nBooks,2026-01-01,1\n';
  const paths = [write('usual.csv', Buffer.from(usual)), write('odd.csv', Buffer.from(csv))];
  const reading = result(paths, 2);
  await expect(reading).rejects.toMatchObject({ code: 'HEADER_DIFFERS' });
  await expect(reading).rejects.toThrow('odd.csv');
});

test('small files, blank ones and one with a header only are read, and doubts say in which file', async () => {
  const header = 'Department Name,Date,Number of Sales\n';
  const paths = [
    write('s1.csv', Buffer.from(`${header}Books,2026-01-01,1.5\nGames,2026-01-01,2\n`)),
    write('s2.csv', Buffer.from('')),
    write('s3.csv', Buffer.from(header)),
    write('s4.csv', Buffer.from('\n\n')),
    write('s5.csv', Buffer.from(`${header}Books,2026-01-01,-3\nGames,2026-01-01,"1,5"\n`)),
  ];
  const { totals, summary, rejects } = await result(paths, 2);
  expect(totals).toContain('-1.5');
  expect(summary[0]).toMatchObject({ rows: 3n, rowsRejected: 1n, blankLines: 2n });
  expect(rejects).toMatchObject([{ file: 's5.csv', line: 3n }]);
  expect(summary[0]?.doubts.find(({ code }) => code === 'DECIMAL_SEPARATOR_CONTRADICTED')?.message).toContain(
    'line 3 of "s5.csv"',
  );
});
