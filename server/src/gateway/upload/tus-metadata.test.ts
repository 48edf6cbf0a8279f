import { expect, test } from 'vitest';
import { readTusMetadata } from './tus-metadata.ts';

test.each<[string, Record<string, string | null>, string]>([
  ['tus-js-client', { filename: 'sales.csv', filetype: 'text/csv' }, 'sales.csv'],
  [
    'Uppy',
    { relativePath: 'null', name: 'sales.csv', type: 'text/csv', filetype: 'text/csv', filename: 'sales.csv' },
    'sales.csv',
  ],
  ['Uppy with a folder', { relativePath: 'data/sales.csv', name: 'sales.csv', type: '' }, 'sales.csv'],
  ['a name that is not there', { filename: 'null', name: 'sales.csv' }, 'sales.csv'],
  ['a name without a value', { filename: null, name: 'undefined' }, ''],
  ['nothing', {}, ''],
  [
    'fields of a form',
    { is_confidential: null, caption: 'June', size: '5', lastModified: '0', 'content-type': 'x' },
    '',
  ],
])('the metadata of %s is used as far as it means something here', (_client, metadata, filename) => {
  const { filename: name, options } = readTusMetadata(metadata);
  expect(name).toBe(filename);
  expect(options).toEqual(readTusMetadata({}).options);
});

test('options among it count', () => {
  const { options } = readTusMetadata({
    filename: 'a.csv',
    relativePath: 'a.csv',
    departmentColumn: 'Region',
    trim: 'false',
  });
  expect(options).toMatchObject({ departmentColumn: 'Region', trim: false });
});

test.each([
  ['departmentcolumn', 'departmentColumn'],
  ['department_column', 'departmentColumn'],
  ['departmentColum', 'departmentColumn'],
  ['amountColumns', 'amountColumn'],
  ['decimalSeperator', 'decimalSeparator'],
  ['delimeter', 'delimiter'],
  ['delimitre', 'delimiter'],
  ['Header', 'header'],
  ['skip-lines', 'skipLines'],
])('%s is refused as a misspelt option', (key, option) => {
  expect(() => readTusMetadata({ [key]: 'x' })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(option) }),
  );
});
