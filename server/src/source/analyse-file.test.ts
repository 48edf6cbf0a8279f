import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createRowSource } from '../../../generator/src/row-source.ts';
import type { AnalysisOptions } from '../../../kernel/analysis/analysis.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../../../kernel/testing/default-options.ts';
import { CASE_PLAN } from '../../../kernel/testing/kernel-case.ts';
import { analyseFile, type FileResponse } from './analyse-file.ts';
import { PartThreads } from './part-threads.ts';

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

async function* responses(
  path: string,
  size: number,
  threads: number,
  { signal = new AbortController().signal, ...options }: Partial<AnalysisOptions> & { signal?: AbortSignal } = {},
): AsyncGenerator<FileResponse> {
  const descriptor = openSync(path, 'r');
  try {
    const all = { ...DEFAULT_ANALYSIS_OPTIONS, ...options };
    yield* analyseFile({ descriptor, size }, { options: all, topCount: 5, threads, signal });
  } finally {
    closeSync(descriptor);
  }
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
  const whole = await result(path, FILE.length, 1);
  expect(whole.rejects.length).toBeGreaterThan(100);
  for (const threads of [2, 3]) {
    const parts = await result(path, FILE.length, threads);
    expect(parts.rejects).toEqual(whole.rejects);
    expect(parts.totals).toBe(whole.totals);
    expect(parts.summary).toEqual(whole.summary);
    expect(parts.order.slice(-2)).toEqual(['totals', 'summary']);
  }
});

test('the limits are those of the file, not of a part', async () => {
  const path = write('limits.csv', FILE);
  const { rejects, summary } = await result(path, FILE.length, 3, { maxRejects: 7 });
  expect(rejects).toEqual((await result(path, FILE.length, 1, { maxRejects: 7 })).rejects);
  expect(summary[0]?.rejectsReported).toBe(7n);
  // No part has so many.
  const maxDepartments = (summary[0]?.departments ?? 0) - 1;
  const tooMany = result(path, FILE.length, 3, { maxDepartments });
  await expect(tooMany).rejects.toMatchObject({ code: 'TOO_MANY_DEPARTMENTS' });
});

test('a quote that is never closed makes one record of the rest, and ends with any number of threads', async () => {
  const rows = FILE.subarray(0, FILE.lastIndexOf('\n', 17 * 1024 * 1024) + 1);
  const open = Buffer.concat([rows.subarray(0, rows.indexOf('\n', 30_000) + 1), Buffer.from('"oops,x,1\n'), rows]);
  // Without quotes inside, so that nothing closes it.
  const path = write('open.csv', Buffer.from(open.toString('latin1').replaceAll(/(?<!^)"(?!oops)/gm, ' '), 'latin1'));
  const whole = await result(path, open.length, 1);
  for (const threads of [2, 8]) expect(await result(path, open.length, threads)).toEqual({ ...whole, order: ORDER });
});

test('rejected rows by the ten thousand come in order, each once', async () => {
  const line = `${'x'.repeat(90)}\n`;
  const csv = Buffer.from(`Department,Sales\n${'Books,1\n'.repeat(9_000)}${line.repeat(190_000)}`);
  const path = write('rejects.csv', csv);
  for (const maxRejects of [1_000_000, 30_000, 0]) {
    const whole = await result(path, csv.length, 1, { maxRejects });
    expect(whole.rejects).toHaveLength(Math.min(maxRejects, 190_000));
    expect(await result(path, csv.length, 3, { maxRejects })).toEqual({ ...whole, order: ORDER });
  }
});

test('a thread that has ended says so, whenever it is asked', async () => {
  const descriptor = openSync(write('ended.csv', FILE), 'r');
  const threads = new PartThreads(1, { descriptor, size: FILE.length });
  await threads[Symbol.asyncDispose]();
  closeSync(descriptor);
  const plan = { plan: CASE_PLAN, encoding: 'utf-8' };
  await expect(threads.readers[0]!(plan, { from: 0, to: 10 }, undefined, 0)).rejects.toThrow('has ended');
});

test('an error of the system comes from a thread as it is', async () => {
  // A folder cannot be read.
  const descriptor = openSync(folder, 'r');
  await using threads = new PartThreads(1, { descriptor, size: 1_000 });
  const plan = { plan: CASE_PLAN, encoding: 'utf-8' };
  const reading = threads.readers[0]!(plan, { from: 0, to: 1_000 }, { at: 0, isHeaderAwaited: true }, 0);
  await expect(reading).rejects.toMatchObject({ code: 'EISDIR', syscall: 'read' });
  closeSync(descriptor);
});

test('a reader that gives up ends the threads, and so does a signal', async () => {
  const path = write('given-up.csv', FILE);
  for await (const each of responses(path, FILE.length, 2)) if (each.case === 'rejects') break;
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(result(path, FILE.length, 2, { signal: stop.signal })).rejects.toThrow('enough');
});

test('a file that is shorter than it was is told, with threads and without', async () => {
  const path = write('cut.csv', FILE);
  truncateSync(path, FILE.length - 5_000_000);
  for (const threads of [1, 2]) {
    await expect(result(path, FILE.length, threads)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  }
});

test.each([
  ['of two lines', 'Department,Sales\nBooks,1\n', 'Books'],
  ['without a line end', 'Department,Sales\nBooks,1', 'Books'],
  ['without rows', 'Department,Sales\n', ''],
])('a file %s is read at once', async (_, csv, department) => {
  const path = write('small.csv', Buffer.from(csv));
  const { totals, summary } = await result(path, csv.length, 4);
  expect(totals).toContain(department);
  expect(summary).toHaveLength(1);
});
