import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { columnAsWritten, withColumns, writtenColumn } from './known-columns.ts';

const columns = [
  { index: 0, name: 'Region' },
  { index: 1, name: '0' },
  { index: 2, name: '' },
];
const dialect = create(DialectSchema, { columns, departmentIndex: 0, amountIndex: 1 });

describe('withColumns', () => {
  it.each([
    ['', '', 0, 1],
    ['0', '2', 1, 2],
    ['Region', 'gone', 0, 1],
  ])('%s and %s are the columns %d and %d', (departmentColumn, amountColumn, departmentIndex, amountIndex) => {
    expect(withColumns(dialect, { departmentColumn, amountColumn })).toMatchObject({ departmentIndex, amountIndex });
  });
});

describe('writtenColumn', () => {
  it('counts columns without a name as people do, and takes names as they are', () => {
    expect(writtenColumn('2', 'false')).toBe('1');
    expect(columnAsWritten('1', 'false')).toBe('2');
    expect(writtenColumn('2024', 'true')).toBe('2024');
    expect(writtenColumn('Sales', 'false')).toBe('Sales');
  });
});
