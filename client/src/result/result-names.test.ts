import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { resultNames } from './result-names.ts';

function namesOf(group: string, amount: string) {
  const columns = [
    { index: 0, name: 'Id' },
    { index: 1, name: group },
    { index: 2, name: amount },
  ];
  return resultNames(create(DialectSchema, { columns, departmentIndex: 1, amountIndex: 2 }));
}

describe('resultNames', () => {
  it('calls totals by the columns that they are of', () => {
    const names = namesOf('Region', 'Revenue');
    expect(names).toMatchObject({
      caption: 'Totals per Region',
      group: 'Region',
      sum: 'Revenue',
      search: 'Search Region',
    });
    expect(names.none('x')).toBe('No Region contains “x”.');
  });

  it('cuts off a name that would be all of a heading, and leaves it whole as a head', () => {
    const name = 'x'.repeat(100);
    expect(namesOf(name, 'Sales')).toMatchObject({ caption: `Totals per ${'x'.repeat(40)}…`, group: name });
  });

  it('calls columns without a name by their place', () => {
    expect(namesOf('', '')).toMatchObject({ caption: 'Totals per column 2', group: 'Column 2', sum: 'Column 3' });
  });

  it.each([
    ['Department Name', 'Number of Sales'],
    ['department name ', 'NUMBER OF SALES'],
  ])('keeps the words of the classic file (%s)', (group, amount) => {
    expect(namesOf(group, amount)).toMatchObject({ caption: 'Totals per department', group: 'Department', sum: 'Sum' });
  });

  it('is called like the classic file while nobody knows the columns', () => {
    expect(resultNames(undefined).search).toBe('Search departments');
  });
});
