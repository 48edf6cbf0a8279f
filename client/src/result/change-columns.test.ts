import { expect, it } from 'vitest';
import { changeColumns, changeTexts } from './change-columns.ts';

it.each([
  [{ difference: '1234.50', fraction: '0.126' }, ['+1,234.50', '+12.6%']],
  [{ difference: '-0.99', fraction: '-0.099' }, ['-0.99', '-9.9%']],
  [{ difference: '0.00', fraction: '0.000' }, ['0.00', '0.0%']],
  [{ difference: '0.01', fraction: '0.000' }, ['+0.01', '<0.1%']],
  [{ difference: '-256125.65', fraction: '0.000' }, ['-256,125.65', '>-0.1%']],
  [{ difference: '2', fraction: undefined }, ['+2', '–']],
  [undefined, ['–', '']],
])('%j is read with its sign', (change, texts) => expect(Object.values(changeTexts(change))).toEqual(texts));

it('has one column for years, in which both changes are the same', () => {
  expect(changeColumns('year').map(({ head }) => head)).toEqual(['vs. previous year']);
  expect(changeColumns('week').map(({ head }) => head)).toEqual(['vs. previous week', 'vs. year before']);
});
