/**
 * The kernel beside others that answer the same question: the same file for all, in the page cache, in turns, so that
 * whatever else the machine does hits everyone alike; medians.
 */
import { rmSync } from 'node:fs';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, compare, type Goal, printComparisons } from '../harness/comparison.ts';
import { indexFile, type Pass, totalFile } from '../harness/kernel-pass.ts';
import { KernelThreads } from '../harness/kernel-threads.ts';
import { type SalesFile, withFolder, writeSalesFile, writeWideFile } from '../harness/sales-file.ts';
import { inTurns } from '../harness/turns.ts';
import { DuckDb } from '../peers/duckdb.ts';
import { hasMawk, sumByMawk } from '../peers/mawk.ts';

/** Measures and prints the table, in nanoseconds a row. */
export async function benchKernel({ isQuick, rounds }: BenchOptions): Promise<Comparison[]> {
  const rows = isQuick ? 4_000_000 : 20_000_000;
  const comparisons = await withFolder((folder) => compareAll(folder, rows, rounds));
  printComparisons(comparisons);
  return comparisons;
}

async function compareAll(folder: string, rows: number, rounds: number): Promise<Comparison[]> {
  using duckDb = await DuckDb.open();
  const plain = writeSalesFile(folder, 'plain', { rows, departments: 100, decimals: 0, quoted: 0 });
  const isMawkThere = hasMawk();
  if (!isMawkThere) console.log('mawk is not installed and left out: apt-get install mawk');
  const results = new SameResults();
  const [kernel, duck, mawk, index] = await inTurns(rounds, [
    () => results.check(plain, totalFile(plain)),
    async () => results.check(plain, await duckDb.totalFile(plain)),
    () => (isMawkThere ? perRow(plain, sumByMawk(plain)) : 0),
    () => perRow(plain, indexFile(plain)),
  ]);
  const faster = (what: string, ours: number[], peer: number[], goal?: Goal) =>
    compare({ what, unit: 'ns/row', goal }, ours, peer, (a, b) => b / a);
  const comparisons = [faster('DuckDB, 1 thread, typed columns', kernel!, duck!, { least: 7 })];
  if (isMawkThere) comparisons.push(faster('mawk', kernel!, mawk!, { least: 7 }));

  await using threads = new KernelThreads();
  const [two, one] = await inTurns(rounds, [
    async () => perRow(plain, await threads.run(plain, 2)) / 2,
    async () => perRow(plain, await threads.run(plain, 1)),
  ]);
  comparisons.push(
    faster('two jobs on two threads (speed-up)', two!, one!, { least: 1.8 }),
    faster('only the index of separators (share)', kernel!, index!),
  );

  const against = async (what: string, file: SalesFile, least: number) => {
    const [kernel, duck] = await inTurns(rounds, [
      () => results.check(file, totalFile(file)),
      async () => results.check(file, await duckDb.totalFile(file)),
    ]);
    comparisons.push(faster(what, kernel!, duck!, { least }));
    rmSync(file.path);
  };
  const quoted = { rows, departments: 100, decimals: 1, quoted: 0.1 };
  await against('DuckDB DECIMAL(18,6), 10 % quoted', writeSalesFile(folder, 'quoted', quoted), 4);
  const many = { rows, departments: 1_000_000, decimals: 0, quoted: 0 };
  await against('DuckDB, 1,000,000 departments', writeSalesFile(folder, 'many', many), 3);
  await against('DuckDB, 12 columns, 3rd and 9th', writeWideFile(folder, 'wide', rows / 2), 7);
  return comparisons;
}

function perRow({ rows }: SalesFile, milliseconds: number): number {
  return (milliseconds * 1e6) / rows;
}

/** Compares the results of all for a file with that of the first. */
class SameResults {
  readonly #first = new Map<SalesFile, Pass>();

  /** Returns nanoseconds a row. @throws Error if the totals are others than those of the first pass over this file */
  check(file: SalesFile, pass: Pass): number {
    const first = this.#first.get(file) ?? pass;
    this.#first.set(file, first);
    if (pass.rows !== first.rows || pass.departments !== first.departments || pass.total !== first.total) {
      throw new Error(`two got different totals: ${describe(pass)} and ${describe(first)}`);
    }
    return perRow(file, pass.milliseconds);
  }
}

function describe({ rows, departments, total }: Pass): string {
  return `${rows} rows, ${departments} departments, ${total} units`;
}
