import { expect, it } from 'vitest';
import type { SampleRecord } from '../detect/sample-records.ts';
import { columnLooks } from './column-looks.ts';

it('names the most frequent values first, and those that are as frequent in natural order', () => {
  const values = ['Shop 10', 'Shop 9', 'Shop 30', 'shop 9', 'Shop 2', 'Shop 30', ''];
  const rows = values.map((value) => ({ fields: [value] }) as SampleRecord);
  expect(columnLooks(rows, 1, [])).toMatchObject([
    { distinct: 5, empty: 1, frequent: ['Shop 30', 'Shop 2', 'shop 9', 'Shop 9', 'Shop 10'] },
  ]);
});
