import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFilter } from './filter-text.ts';

function described(text: string): unknown[] {
  const { column, test } = readFilter(text);
  if (test.case === 'between') return [column, 'between', test.value.from, test.value.to];
  return [column, test.case, ...(test.value?.values ?? [])];
}

test.each([
  ['Region in North,South', ['Region', 'in', 'North', 'South']],
  ['Region IN North , South', ['Region', 'in', 'North', 'South']],
  ['Region not in North', ['Region', 'notIn', 'North']],
  ['Unit Price between 1.5 and 20', ['Unit Price', 'between', '1.5', '20']],
  ['Date between 2026-01 and 2026-Q2', ['Date', 'between', '2026-01', '2026-Q2']],
  ['Region is empty', ['Region', 'in', '']],
  ['Region is  not empty', ['Region', 'notIn', '']],
  ['Region = North', ['Region', 'in', 'North']],
  ['Region=North, far', ['Region', 'in', 'North, far']],
  ['Region != "North"', ['Region', 'notIn', 'North']],
  ['Sales >= 10', ['Sales', 'between', '10', '']],
  ['Sales<=-10', ['Sales', 'between', '', '-10']],
  ['"Made in" in "a, b","c ""d""",e', ['Made in', 'in', 'a, b', 'c "d"', 'e']],
  ['"a ""b"""  is empty', ['a "b"', 'in', '']],
  ['Region in ', ['Region', 'in', '']],
  ['Region in a,', ['Region', 'in', 'a', '']],
  ['3 in x', ['3', 'in', 'x']],
  ['Made in Germany in yes', ['Made', 'in', 'Germany in yes']],
])('%s is read', (text, expected) => {
  expect(described(text)).toEqual(expected);
});

test.each([
  '',
  'Region',
  'Region is',
  'Region like N%',
  'in North',
  '"Region in North',
  'Sales between 1',
  'Sales between 1 and 2 and 3',
  'Region in "North',
  'Region in "North" far',
  '>= 5',
  'Sales >= ',
])('%j is refused in words', (text) => {
  expect(() => readFilter(text)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

test('any column and values in quotes come back as they are', () => {
  const inQuotes = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.array(fc.string(), { minLength: 1 }),
      fc.boolean(),
      (column, values, not) => {
        const text = `${inQuotes(column)} ${not ? 'not in' : 'in'} ${values.map(inQuotes).join(',')}`;
        expect(described(text)).toEqual([column, not ? 'notIn' : 'in', ...values]);
      },
    ),
  );
});
