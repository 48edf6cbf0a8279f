/**
 * Questions beyond the plain one, by one kernel beside DuckDB with one thread and typed columns: the same file of orders, in
 * the page cache, in turns; medians. Each pass checks that both have found the same groups and the same sums.
 */
import { rmSync } from 'node:fs';
import type { ReadPlan } from '../../kernel/kernel.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, compare, printComparisons } from '../harness/comparison.ts';
import { type Pass, totalFile } from '../harness/kernel-pass.ts';
import { columnOf, RUSSIAN, type SalesFile, withFolder, writeOrdersFile } from '../harness/sales-file.ts';
import { inTurns } from '../harness/turns.ts';
import { DuckDb } from '../peers/duckdb.ts';

interface Question {
  what: string;
  plan: (file: SalesFile) => Partial<ReadPlan>;
  /** The same in SQL: expressions to group by, to add up, and a condition. */
  groups: string[];
  amounts: string[];
  where?: string;
  least: number | undefined;
}

const group = (name: string) => (file: SalesFile) => ({ index: columnOf(file, name) });

const TWO_COLUMNS: Question = {
  what: 'two columns to group by',
  plan: (file) => ({ groups: [group('department')(file), group('region')(file)] }),
  groups: ['department', 'region'],
  amounts: ['revenue'],
  least: 4,
};

const QUESTIONS: Question[] = [
  { what: 'the plain one', plan: () => ({}), groups: ['department'], amounts: ['revenue'], least: undefined },
  TWO_COLUMNS,
  {
    what: 'by month of an ISO date',
    plan: (file) => ({ groups: [{ ...group('date')(file), period: 'month', order: 'year first' }] }),
    groups: ["date_trunc('month', date)"],
    amounts: ['revenue'],
    least: 5,
  },
  {
    what: 'a filter that keeps 10 %',
    plan: (file) => ({
      groups: [group('department')(file)],
      where: [{ ...group('channel')(file), kind: 'values', values: ['phone'], isNegated: false }],
    }),
    groups: ['department'],
    amounts: ['revenue'],
    where: "channel = 'phone'",
    least: 6,
  },
  {
    what: 'three amounts',
    plan: (file) => ({
      groups: [group('department')(file)],
      amounts: ['revenue', 'price', 'quantity'].map((name) => group(name)(file)),
    }),
    groups: ['department'],
    amounts: ['revenue', 'price', 'quantity'],
    least: 4,
  },
  {
    what: 'a product of two columns',
    plan: (file) => ({
      groups: [group('department')(file)],
      amounts: [{ ...group('quantity')(file), factor: columnOf(file, 'price') }],
      amountIndex: columnOf(file, 'quantity'),
    }),
    groups: ['department'],
    amounts: ['quantity * price'],
    least: undefined,
  },
];

/** Measures and prints the table, in nanoseconds a row of the file. */
export async function benchQuestion({ isQuick, rounds }: BenchOptions): Promise<Comparison[]> {
  const comparisons = await withFolder(async (folder) => {
    using duckDb = await DuckDb.open();
    const file = writeOrdersFile(folder, 'orders', isQuick ? 2_000_000 : 10_000_000);
    const all: Comparison[] = [];
    for (const question of QUESTIONS) all.push(await compareOne(duckDb, file, question, rounds));
    rmSync(file.path);
    const russian = writeOrdersFile(folder, 'orders', file.rows, RUSSIAN);
    all.push(await compareOne(duckDb, russian, { ...TWO_COLUMNS, what: 'two columns in Cyrillic letters' }, rounds));
    rmSync(russian.path);
    return all;
  });
  printComparisons(comparisons);
  return comparisons;
}

async function compareOne(duckDb: DuckDb, file: SalesFile, question: Question, rounds: number): Promise<Comparison> {
  const plan = question.plan(file);
  const [ours, theirs] = await inTurns(rounds, [
    () => totalFile(file, plan),
    async () => await duckDb.answer(file, question),
  ]);
  // Of products the kernel has the units that DuckDB's sums are read in; else millionths.
  const unit = plan.amounts?.[0]?.factor === undefined ? 1_000_000n : 1n;
  const [{ departments, total }] = theirs! as [Pass];
  for (const pass of ours!) {
    if (pass.departments === departments && pass.total * unit === total) continue;
    throw new Error(
      `${question.what}: ${pass.departments} groups, ${pass.total * unit} units, not ${departments}, ${total}`,
    );
  }
  const perRow = (pass: Pass) => (pass.milliseconds * 1e6) / file.rows;
  const { what, least } = question;
  const goal = least === undefined ? undefined : { least };
  return compare({ what, unit: 'ns/row', goal }, ours!.map(perRow), theirs!.map(perRow), (a, b) => b / a);
}
