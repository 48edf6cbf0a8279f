/**
 * `tallystream sum` of a file beside the command lines of others, each a process from its start to its end with all cores:
 * the same file, in the page cache, in turns. Machines are shared, so CPU seconds stand beside those of the clock.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, compare, type Goal, judge, printComparisons } from '../harness/comparison.ts';
import { type SalesFile, withFolder, writeSalesFile, writeSalesFiles, writeWideFile } from '../harness/sales-file.ts';
import { median } from '../harness/table.ts';
import { type CommandTime, timeCommand } from '../harness/timed-command.ts';
import { inTurns } from '../harness/turns.ts';
import { hasMawk, mawkCommand } from '../peers/mawk.ts';

const OURS = fileURLToPath(new URL('../../cli/tallystream.mjs', import.meta.url));
const DUCKDB = fileURLToPath(new URL('../peers/sum-by-duckdb.ts', import.meta.url));
const POLARS = fileURLToPath(new URL('../peers/sum-by-polars.ts', import.meta.url));
/** Start-up is measured more often: it is short. */
const START_ROUNDS = 15;

type Command = readonly string[];

export async function benchSource({ isQuick, rounds }: BenchOptions): Promise<Comparison[]> {
  const rows = isQuick ? 10_000_000 : 40_000_000;
  const comparisons = await withFolder((folder) => compareAll(folder, rows, rounds));
  printComparisons(comparisons);
  return comparisons;
}

async function compareAll(folder: string, rows: number, rounds: number): Promise<Comparison[]> {
  const comparisons = await startUp(folder, 0.25);
  const against = async (what: string, peer: Command, file: SalesFile, goals: { wall?: number; cpu?: number }) => {
    const [ours, theirs] = await timeInTurns(rounds, oursOf(file), peer);
    comparisons.push(...faster(what, ours!, theirs!, goals));
  };
  const plain = writeSalesFile(folder, 'plain', { rows, departments: 100, decimals: 0, quoted: 0 });
  await against('DuckDB, typed columns', duckDb(plain, true), plain, { wall: 4, cpu: 5 });
  await against('DuckDB, types found out', duckDb(plain, false), plain, {});
  if (hasPolars()) await against('Polars, streaming', polars(plain), plain, { wall: 2.5 });
  else console.log('Polars is not installed and left out: npm install --no-save nodejs-polars');
  if (hasMawk()) await against('mawk', mawkCommand(plain), plain, {});
  else console.log('mawk is not installed and left out: apt-get install mawk');
  const [all, one] = await timeInTurns(rounds, oursOf(plain), ['taskset', '-c', '0', ...oursOf(plain)]);
  comparisons.push(
    compare(
      { what: `${availableParallelism()} cores beside one`, unit: 's', goal: { least: 1.85 } },
      all!.map(({ wall }) => wall),
      one!.map(({ wall }) => wall),
      (ours, peer) => peer / ours,
    ),
    judge({
      what: 'memory of the largest process, peak',
      unit: 'MB',
      ours: median(all!.map(({ peakMB }) => peakMB)),
      ratios: all!.map(({ peakMB }) => peakMB),
      goal: { most: 120 + 40 * availableParallelism() },
    }),
  );
  rmSync(plain.path);
  const others: [string, () => SalesFile, number?][] = [
    [
      'DuckDB, 10 % quoted, decimals',
      () => writeSalesFile(folder, 'quoted', { rows, departments: 100, decimals: 1, quoted: 0.1 }),
      2.5,
    ],
    ['DuckDB, 12 columns', () => writeWideFile(folder, 'wide', rows / 4), 3],
    [
      'DuckDB, 1,000,000 departments',
      () => writeSalesFile(folder, 'many', { rows, departments: 1_000_000, decimals: 0, quoted: 0 }),
      2,
    ],
    ['DuckDB, 100 files of 10 MB', () => writeSalesFiles(folder, 100, 10_000_000)],
  ];
  for (const [what, write, least] of others) {
    const file = write();
    await against(what, duckDb(file, true), file, least === undefined ? {} : { wall: least });
    rmSync(file.folder ?? file.path, { recursive: true });
  }
  return comparisons;
}

function oursOf({ path, columns, departmentIndex, amountIndex }: SalesFile): Command {
  const [by, of] = [columns[departmentIndex]![0], columns[amountIndex]![0]];
  return [process.execPath, OURS, 'sum', path, '--by', by, '--of', of, '--all', '--quiet'];
}

function duckDb({ path, columns, departmentIndex, amountIndex }: SalesFile, isTyped: boolean): Command {
  const names = [columns[departmentIndex]![0], columns[amountIndex]![0]];
  const command = [process.execPath, DUCKDB, path, ...names, String(availableParallelism())];
  return isTyped ? [...command, JSON.stringify(columns)] : command;
}

function polars({ path, columns, departmentIndex, amountIndex }: SalesFile): Command {
  return [process.execPath, POLARS, path, columns[departmentIndex]![0], columns[amountIndex]![0]];
}

function hasPolars(): boolean {
  try {
    createRequire(import.meta.url).resolve('nodejs-polars');
    return true;
  } catch {
    return false;
  }
}

function timeInTurns(rounds: number, ...commands: Command[]): Promise<CommandTime[][]> {
  return inTurns(
    rounds,
    commands.map((command) => () => timeCommand(command)),
  );
}

function faster(
  what: string,
  ours: CommandTime[],
  peer: CommandTime[],
  goals: { wall?: number; cpu?: number },
): Comparison[] {
  return (['wall', 'cpu'] as const).map((kind) => {
    const least = goals[kind];
    const goal: Goal | undefined = least === undefined ? undefined : { least };
    const figures = [ours, peer].map((times) => times.map((time) => time[kind]));
    const unit = kind === 'wall' ? 's' : 'CPU s';
    return compare({ what, unit, goal }, figures[0]!, figures[1]!, (a, b) => b / a);
  });
}

/** A file of two lines: nothing but the start of the command. */
async function startUp(folder: string, most: number): Promise<Comparison[]> {
  const path = join(folder, 'two-lines.csv');
  writeFileSync(path, 'Department Name,Date,Number of Sales\nBooks,2026-01-01,3\n');
  const [times] = await timeInTurns(START_ROUNDS, [process.execPath, OURS, 'sum', path]);
  return (['wall', 'cpu'] as const).map((kind) => {
    const ours = median(times!.map((time) => time[kind]));
    const unit = kind === 'wall' ? 's' : 'CPU s';
    return judge({ what: 'a file of two lines', unit, ours, ratios: [ours], goal: { most } });
  });
}
