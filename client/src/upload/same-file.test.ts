import { expect, it } from 'vitest';
import { isSameFile } from './same-file.ts';

const wanted = { filename: 'sales.csv', sizeBytes: 6_000_000_000n };

it.each([
  ['sales.csv', 6_000_000_000, true],
  ['sales.csv', 5_999_999_999, false],
  ['Sales.csv', 6_000_000_000, false],
])('%s with %d bytes: %s', (name, size, same) => expect(isSameFile({ name, size }, wanted)).toBe(same));

it('goes by the name where the size was never known', () => {
  expect(isSameFile({ name: 'sales.csv', size: 1 }, { filename: 'sales.csv' })).toBe(true);
});
