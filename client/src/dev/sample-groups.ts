import { create } from '@bufbuild/protobuf';
import { type Dialect, DialectSchema, type Total, TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { addExact, parseExact, writeExact } from '../format/exact.ts';
import { type PeriodKind, periodAt, periodPlace } from '../periods/period.ts';

const values: Record<string, readonly string[]> = {
  Region: ['Northern Europe', 'South', 'West', 'East', 'Online', 'Outlet', 'Export & Wholesale, all countries', ''],
  Product: Array.from({ length: 40 }, (_, index) => `Product ${index + 1}`),
  Shop: Array.from({ length: 1200 }, (_, index) => `Shop ${String(index + 1).padStart(4, '0')}`),
};
const columns = ['Date', 'Region', 'Product', 'Shop', 'Revenue'];
const firsts: Record<PeriodKind, string> = {
  year: '2019',
  quarter: '2023-Q2',
  month: '2024-02',
  week: '2024-W50',
  day: '2025-11-20',
};
const counts: Record<PeriodKind, number> = { year: 7, quarter: 12, month: 26, week: 60, day: 260 };

/** How a made-up file was read that is grouped by these columns, such as `Region` and `Date:month`. */
export function groupedDialect(groupBy: readonly string[]): Dialect {
  const groups = groupBy.map((text) => {
    const [name = '', period = ''] = text.split(':');
    return { index: Math.max(0, columns.indexOf(name)), period };
  });
  return create(DialectSchema, {
    delimiter: ';',
    quote: '"',
    encoding: 'utf-8',
    decimalSeparator: ',',
    groupSeparator: '.',
    hasHeader: true,
    columns: columns.map((name, index) => ({ index, name })),
    departmentIndex: groups[0]?.index ?? 1,
    amountIndex: 4,
    groupBy: groups,
  });
}

/** Made-up totals of groups: some are missing, some below zero, and time has a gap. */
export function groupedTotals({ groupBy }: Pick<Dialect, 'groupBy'>): Total[] {
  let rows: string[][] = [[]];
  for (const { index, period } of groupBy) {
    const keys = period === '' ? (values[columns[index] ?? ''] ?? []) : periods(period as PeriodKind);
    rows = rows.flatMap((row) => keys.map((key) => [...row, key]));
  }
  return rows
    .filter((_, index) => (index * 7919) % 11 > 0)
    .map((keys) => {
      const [weight, wave] = [hash(keys.filter((_, at) => groupBy[at]?.period === '').join()), hash(keys.join())];
      const units =
        BigInt(Math.round((weight ** 3 * 80 + 2) * (0.7 + wave * 0.6) * 100_000)) - (wave < 0.03 ? 900_000n : 0n);
      const sum = writeExact({ units, decimals: 2 });
      const count = BigInt(Math.round(100 + wave * 900));
      return create(TotalSchema, {
        department: keys[0] ?? '',
        keys: keys.length > 1 ? keys : [],
        sum,
        count,
        min: '-12.00',
        max: '4999.99',
        mean: '123.451208',
      });
    });
}

/** The sum of totals. */
export function totalOf(totals: readonly Total[]): string {
  return writeExact(addExact(totals.map(({ sum }) => parseExact(sum))));
}

function periods(kind: PeriodKind): string[] {
  const first = periodPlace(kind, firsts[kind]) ?? 0;
  const gap = Math.floor(counts[kind] * 0.6);
  return Array.from({ length: counts[kind] }, (_, index) => periodAt(kind, first + index)).filter(
    (_, index) => counts[kind] < 10 || index < gap || index > gap + 1,
  );
}

/** A number from 0 to 1 that belongs to a text. */
function hash(text: string): number {
  let state = 2166136261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  state = Math.imul(state ^ (state >>> 15), 2246822507);
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
}
