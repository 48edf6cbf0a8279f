import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSums, countSides, type KeyedSum, rowChange, sumOf, totalChange, unitsText } from './comparison.ts';

const sum = (text: string, ...keys: string[]): KeyedSum => ({ keys, sum: text });

/** Rows as texts: the keys, both sums and the difference. */
function rowsOf(here: readonly KeyedSum[], there: readonly KeyedSum[]) {
  const comparison = compareSums(here, there);
  const text = (units: bigint | undefined) => (units === undefined ? '–' : unitsText(comparison, units));
  return comparison.rows.map((row) => [...row.keys, text(row.here), text(row.there), text(row.difference)]);
}

describe('compareSums', () => {
  it('sets sums side by side, those of one side first, and marks what the other lacks', () => {
    const here = [sum('10', 'North'), sum('0.1', 'South'), sum('-3', 'East')];
    const there = [sum('0.25', 'South'), sum('12', 'North'), sum('7', 'West')];
    expect(rowsOf(here, there)).toEqual([
      ['North', '10.00', '12.00', '-2.00'],
      ['South', '0.10', '0.25', '-0.15'],
      ['East', '-3.00', '–', '-3.00'],
      ['West', '–', '7.00', '-7.00'],
    ]);
  });

  it('keeps every digit, where floating point would lose some', () => {
    const [big, bigger] = ['9007199254740993.000000', '9007199254740993.000001'];
    expect(rowsOf([sum(bigger, 'a')], [sum(big, 'a')])).toEqual([['a', bigger, big, '0.000001']]);
  });

  it('takes no keys for others, whatever is in them', () => {
    const here = [sum('1', 'a', 'b c'), sum('2', 'a b', 'c'), sum('3', '', 'x'), sum('4', '","', '')];
    const there = [sum('1', 'a b', 'c'), sum('5', '', '","')];
    expect(rowsOf(here, there).map((row) => row.slice(2))).toEqual([
      ['1', '–', '1'],
      ['2', '1', '1'],
      ['3', '–', '3'],
      ['4', '–', '4'],
      ['–', '5', '-5'],
    ]);
  });

  it('compares two totals as a row without keys, and nothing with nothing', () => {
    expect(rowsOf([sum('5')], [sum('7.5')])).toEqual([['5.0', '7.5', '-2.5']]);
    expect(compareSums([], []).rows).toEqual([]);
  });

  it('says the same as a plain reference that adds up signed rows', () => {
    const key = fc.constantFrom('', 'a', 'b', 'A', 'a b', '"', '__proto__');
    const side = fc.uniqueArray(
      fc.record({
        keys: fc.tuple(key, key),
        units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        decimals: fc.constantFrom(0, 1, 2, 6, 12),
      }),
      { selector: ({ keys }) => JSON.stringify(keys) },
    );
    /** In units of 10^-12. */
    const scaled = ({ units, decimals }: { units: bigint; decimals: number }) => units * 10n ** BigInt(12 - decimals);
    const write = ({ units, decimals }: { units: bigint; decimals: number }) => {
      const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
      const at = digits.length - decimals;
      return `${units < 0n ? '-' : ''}${digits.slice(0, at)}${decimals > 0 ? `.${digits.slice(at)}` : ''}`;
    };
    fc.assert(
      fc.property(side, side, (here, there) => {
        const sums = [here, there].map((all) => all.map((each) => ({ keys: each.keys, sum: write(each) })));
        const { rows, decimals } = compareSums(sums[0] ?? [], sums[1] ?? []);
        const expected = new Map<string, { here?: bigint; there?: bigint; difference: bigint }>();
        for (const [name, sign, all] of [
          ['here', 1n, here],
          ['there', -1n, there],
        ] as const) {
          for (const each of all) {
            const known = expected.get(JSON.stringify(each.keys)) ?? { difference: 0n };
            const difference = known.difference + sign * scaled(each);
            expected.set(JSON.stringify(each.keys), { ...known, [name]: scaled(each), difference });
          }
        }
        const at12 = (units: bigint | undefined) =>
          units === undefined ? undefined : units * 10n ** BigInt(12 - decimals);
        expect(rows).toHaveLength(expected.size);
        for (const row of rows) {
          const right = expected.get(JSON.stringify(row.keys));
          expect([at12(row.here), at12(row.there), at12(row.difference)]).toEqual([
            right?.here,
            right?.there,
            right?.difference,
          ]);
        }
        // All differences together are that of the totals.
        const change = totalChange(sumOf(sums[0] ?? []), sumOf(sums[1] ?? []));
        const difference = rows.reduce((all, row) => all + row.difference, 0n);
        const [whole, fraction = ''] = change.difference.replace('-', '').split('.');
        const size = BigInt(`${whole}${fraction.padEnd(12, '0')}`);
        expect(at12(difference)).toBe(change.difference.startsWith('-') ? -size : size);
      }),
      { numRuns: 300 },
    );
  });
});

describe('rowChange', () => {
  const change = (here: bigint | undefined, there: bigint | undefined) => rowChange({ decimals: 2 }, { here, there });

  it('is rounded once, and told for sums above zero only', () => {
    expect(change(1001n, 890n)).toEqual({ difference: '1.11', fraction: '0.125' });
    expect(change(undefined, 890n)).toEqual({ difference: '-8.90', fraction: '-1.000' });
    expect(change(890n, undefined)).toEqual({ difference: '8.90', fraction: undefined });
    expect(change(100n, -100n)).toEqual({ difference: '2.00', fraction: undefined });
  });
});

it('sides are counted', () => {
  const { rows } = compareSums([sum('1', 'a'), sum('1', 'b'), sum('0', 'c')], [sum('1', 'b'), sum('2', 'd')]);
  expect(countSides(rows)).toEqual({ both: 1, here: 2, there: 1 });
});

it('nothing adds up to zero, and sums of one period to their exact total', () => {
  expect(sumOf([])).toBe('0');
  expect(sumOf([sum('0.1', 'a'), sum('0.2', 'b')])).toBe('0.3');
});
