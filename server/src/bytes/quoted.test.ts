import { expect, test } from 'vitest';
import { quoted } from './quoted.ts';

test('a short text stands there as it is, a long one cut off, and never within a character', () => {
  expect(quoted('sales')).toBe('"sales"');
  expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
  expect(quoted('x'.repeat(1000))).toBe(`"${'x'.repeat(60)}…"`);
  expect(quoted(`${'x'.repeat(59)}😀😀`)).toBe(`"${'x'.repeat(59)}…"`);
});
