import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDecimal, formatMean, parseDecimal } from './decimal.ts';

test.each([
  [0n, 0, '0'],
  [0n, 6, '0.000000'],
  [12_500_000n, 1, '12.5'],
  [12_500_000n, 2, '12.50'],
  [1n, 6, '0.000001'],
  [-1n, 6, '-0.000001'],
  [-500_000n, 1, '-0.5'],
  [5_000_000n, 0, '5'],
  [123_456_789_012_345_678_901_234_567_890_123_456n, 6, '123456789012345678901234567890.123456'],
])('%s units with %s decimals are %s', (units, scale, text) => {
  expect(formatDecimal(units, scale)).toBe(text);
});

test('it is the same text on both sides of what a number holds exactly', () => {
  const near = fc.bigInt(2n ** 53n - 3_000_000n, 2n ** 53n + 3_000_000n);
  fc.assert(
    fc.property(
      fc.oneof(near, fc.bigInt(0n, 2n ** 54n)),
      fc.boolean(),
      fc.integer({ min: 0, max: 6 }),
      (n, isNegative, scale) => {
        const digits = n - (n % 10n ** BigInt(6 - scale));
        const units = isNegative ? -digits : digits;
        const text = String(digits).padStart(7, '0');
        const fraction = scale === 0 ? '' : `.${text.slice(-6).slice(0, scale)}`;
        expect(formatDecimal(units, scale)).toBe(`${units < 0n ? '-' : ''}${text.slice(0, -6)}${fraction}`);
      },
    ),
  );
});

test('a scale that would need rounding is refused', () => {
  expect(() => formatDecimal(1n, 5)).toThrow(RangeError);
  expect(() => formatDecimal(2n ** 60n + 1n, 5)).toThrow(RangeError);
  expect(() => formatDecimal(1_500_000n, 0)).toThrow(RangeError);
});

test('a scale that does not exist is refused', () => {
  for (const scale of [-1, 7, 1.5, Number.NaN]) expect(() => formatDecimal(0n, scale)).toThrow(RangeError);
});

test('what was written can be read again', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 40n), 10n ** 40n), (units) => {
      expect(parseDecimal(formatDecimal(units, 6))).toBe(units);
    }),
  );
});

test.each(['', '.5', '5.', '1e3', '+1', '1,5', ' 1', '0.0000001'])('%j cannot be read', (text) => {
  expect(() => parseDecimal(text)).toThrow(RangeError);
});

test.each([
  [10_000_000n, 3, '3.333333'],
  [20_000_000n, 3, '6.666667'],
  [10_000_000n, 4, '2.5'],
  [10_000_000n, 1, '10'],
  [100_000_000n, 1, '100'],
  [0n, 7, '0'],
  [1n, 2, '0'],
  [3n, 2, '0.000002'],
  [5n, 2, '0.000002'],
  [7n, 4, '0.000002'],
  [-1n, 2, '0'],
  [-3n, 2, '-0.000002'],
  [-10_000_000n, 3, '-3.333333'],
])('the mean of %s units in %s rows is %s', (sum, count, text) => {
  expect(formatMean(sum, count)).toBe(text);
});

test('a mean is never more than half a unit away', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: 1, max: 1_000_000 }), (sum, count) => {
      const distance = 2n * (parseDecimal(formatMean(sum, count)) * BigInt(count) - sum);
      expect(distance <= BigInt(count) && distance >= -BigInt(count)).toBe(true);
    }),
  );
});
