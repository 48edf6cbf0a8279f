/**
 * The kernel beside those who answer the same question: the same file for all, in the page cache, in turns, so that
 * whatever else the machine does hits everyone alike; medians.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb } from './duckdb.ts';
import { indexFile, type Pass, totalFile } from './kernel-pass.ts';
import { KernelThreads } from './kernel-threads.ts';
import { hasMawk, sumByMawk } from './mawk.ts';
import { describeMachine } from './results.ts';
import { type SalesFile, writeSalesFile, writeWideFile } from './sales-file.ts';
import { median, printTable } from './table.ts';

/** One line of the table. */
interface Comparison {
  what: string;
  /** Nanoseconds a row, of the kernel and of who it is compared with. */
  kernelNs: number;
  peerNs: number;
  kernelMBps: number;
  ratio: number;
  /** The least ratio that is wanted; none where the figure is only for information. */
  goal: number | undefined;
}

/** Measures, prints the table, and returns it. */
export async function benchKernel(quick: boolean): Promise<unknown> {
  const rows = quick ? 4_000_000 : 20_000_000;
  const rounds = quick ? 3 : 5;
  const folder = mkdtempSync(join(tmpdir(), 'tallystream-bench-'));
  try {
    console.log(`kernel: ${describeMachine()}, ${rows / 1e6} M rows, medians of ${rounds}`);
    const comparisons = await compareAll(folder, rows, rounds);
    printTable([
      ['against', 'kernel', 'peer', 'kernel', 'ratio', 'goal', ''],
      ...comparisons.map(({ what, kernelNs, peerNs, kernelMBps, ratio, goal }) => [
        what,
        `${kernelNs.toFixed(1)} ns/row`,
        `${peerNs.toFixed(1)} ns/row`,
        `${kernelMBps.toFixed(0)} MB/s`,
        ratio.toFixed(2),
        goal === undefined ? '' : `>= ${goal}`,
        goal === undefined ? '' : ratio >= goal ? 'met' : 'NOT MET',
      ]),
    ]);
    return { rows, rounds, comparisons };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareAll(folder: string, rows: number, rounds: number): Promise<Comparison[]> {
  using duckDb = await DuckDb.open();
  const comparisons: Comparison[] = [];
  const add = (what: string, file: SalesFile, kernel: number, peer: number, goal: number | undefined, ratio?: number) =>
    comparisons.push({
      what,
      kernelNs: (kernel * 1e6) / file.rows,
      peerNs: (peer * 1e6) / file.rows,
      kernelMBps: file.bytes / kernel / 1e3,
      ratio: ratio ?? peer / kernel,
      goal,
    });

  const plain = writeSalesFile(folder, 'plain', { rows, departments: 100, decimals: 0, quoted: 0 });
  const isMawkThere = hasMawk();
  if (!isMawkThere) console.log('mawk is not installed and left out: apt-get install mawk');
  const [kernel, duck, mawk, index] = await inTurns(rounds, [
    () => totalFile(plain),
    () => duckDb.totalFile(plain),
    () => (isMawkThere ? sumByMawk(plain) : 0),
    () => indexFile(plain),
  ]);
  add('DuckDB, 1 thread, typed columns', plain, kernel!, duck!, 7);
  if (isMawkThere) add('mawk', plain, kernel!, mawk!, 7);
  await using threads = new KernelThreads();
  const [one, two] = await inTurns(rounds, [() => threads.run(plain, 1), () => threads.run(plain, 2)]);
  add('two jobs on two threads (speed-up)', plain, two! / 2, one!, 1.8);
  add('only the index of separators (share)', plain, kernel!, index!, undefined);

  const against = async (what: string, file: SalesFile, goal: number) => {
    const [kernel, duck] = await inTurns(rounds, [() => totalFile(file), () => duckDb.totalFile(file)]);
    add(what, file, kernel!, duck!, goal);
    rmSync(file.path);
  };
  const quoted = { rows, departments: 100, decimals: 1, quoted: 0.1 };
  await against('DuckDB DECIMAL(18,6), 10 % quoted', writeSalesFile(folder, 'quoted', quoted), 4);
  const many = { rows, departments: 1_000_000, decimals: 0, quoted: 0 };
  await against('DuckDB, 1,000,000 departments', writeSalesFile(folder, 'many', many), 3);
  await against('DuckDB, 12 columns, 3rd and 9th', writeWideFile(folder, 'wide', rows / 2), 7);
  return comparisons;
}

/**
 * Lets all run in turns, once without counting to warm up.
 *
 * @returns the median of each, in milliseconds
 * @throws Error if two of them do not get the same totals
 */
async function inTurns(rounds: number, runs: (() => Pass | number | Promise<Pass | number>)[]): Promise<number[]> {
  const times: number[][] = runs.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    const passes: Pass[] = [];
    for (const [index, run] of runs.entries()) {
      const outcome = await run();
      if (round > 0) times[index]!.push(typeof outcome === 'number' ? outcome : outcome.milliseconds);
      if (typeof outcome !== 'number') passes.push(outcome);
    }
    for (const pass of passes) assertSame(pass, passes[0]!);
  }
  return times.map(median);
}

function assertSame(a: Pass, b: Pass): void {
  if (a.rows !== b.rows || a.departments !== b.departments || a.total !== b.total) {
    throw new Error(`two got different totals: ${describe(a)} and ${describe(b)}`);
  }
}

function describe({ rows, departments, total }: Pass): string {
  return `${rows} rows, ${departments} departments, ${total} units`;
}
