import { expect, test } from 'vitest';
import { readUploadOptions } from './csv-options.ts';

test('the names of the contract are read, flags in their usual forms', () => {
  const options = readUploadOptions([
    ['departmentColumn', 'Region'],
    ['header', 'false'],
    ['allowNegative', '1'],
    ['trim', 'false'],
    ['topN', '5'],
  ]);
  expect(options).toMatchObject({
    departmentColumn: 'Region',
    header: 'false',
    negativeAmounts: 'count',
    trim: false,
    topN: 5,
  });
});

test.each([
  ['departmentcolumn', 'x'],
  ['allowNegative', 'maybe'],
  ['topN', 'many'],
])('%s=%s is refused with its name', (name, value) => {
  expect(() => readUploadOptions([[name, value]])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
