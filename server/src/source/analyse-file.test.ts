import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createRowSource } from '../../../generator/src/row-source.ts';
import type { AnalysisOptions } from '../../../kernel/analysis/analysis.ts';
import { DEFAULT_ANALYSIS_OPTIONS } from '../../../kernel/testing/default-options.ts';
import { analyseFile, type FileResponse } from './analyse-file.ts';

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

/** Everything but progress, which depends on time. */
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
