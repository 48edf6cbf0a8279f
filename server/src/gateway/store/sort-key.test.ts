import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDecimal } from '../../../../kernel/decimal.ts';
import { fromSortKey, toSortKey } from './sort-key.ts';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, scale]) => {
    const unit = 10n ** BigInt(6 - scale);
    return { units: (units / unit) * unit, scale };
  });

test('a key gives back the decimal that it was made from', () => {
  fc.assert(
    fc.property(decimals, ({ units, scale }) => {
      const decimal = formatDecimal(units, scale);
      expect(fromSortKey(toSortKey(decimal))).toBe(decimal);
    }),
  );
});

test('keys sort as the numbers do', () => {
  const near = fc.tuple(decimals, fc.bigInt({ min: -3n, max: 3n }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(decimals, decimals),
        near.map(([a, d]) => [a, { units: a.units + d, scale: 6 }]),
      ),
      (pair) => {
        const [a, b] = pair as [{ units: bigint; scale: number }, { units: bigint; scale: number }];
        const [x, y] = [toSortKey(formatDecimal(a.units, a.scale)), toSortKey(formatDecimal(b.units, b.scale))];
        if (a.units < b.units) expect(x < y).toBe(true);
        if (a.units > b.units) expect(x > y).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test('zero lies between the smallest negative and the smallest positive amount', () => {
  const sorted = ['-100', '-12.5', '-12', '-0.000001', '0', '0.000001', '1', '9.5', '10', '123'];
  expect([...sorted].map(toSortKey).sort().map(fromSortKey)).toEqual(sorted);
});
