import { expect, it } from 'vitest';
import { formatMean } from './mean.ts';

it.each([
  ['1065.4379166667', '21639942.34', '1,065.4379'],
  ['2.5', '5', '2.5'],
  ['3.3333333333', '10', '3.33'],
  ['-0.6666666667', '-2', '-0.67'],
  // Never nothing where there is something.
  ['0.0001234567', '1', '0.00012'],
  ['0.0000000000', '0', '0.00'],
  ['12', '24.00', '12'],
  ['9007199254740993.123456', '9007199254740993.1', '9,007,199,254,740,993.123'],
])('the mean %s of the sum %s is read as %s', (mean, sum, text) => expect(formatMean(mean, sum)).toBe(text));
