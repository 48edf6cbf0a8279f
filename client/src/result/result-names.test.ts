import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { columnHead, resultNames } from './result-names.ts';

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

  it('has no names while nobody knows the columns', () => {
    expect(resultNames(undefined)).toMatchObject({ groups: 'Groups', leading: 'Largest sums' });
    expect(Object.values(resultNames(undefined)).join()).not.toMatch(/department/i);
  });

  it('says of which amount a mean is, where there are several', () => {
    const names = namesOf('Region', 'Revenue');
    expect(columnHead('mean', names)).toBe('Mean');
    expect(columnHead('mean', { ...names, figuresOf: 'Price' })).toBe('Mean of Price');
    expect(columnHead('count', { ...names, figuresOf: 'Price' })).toBe('Rows');
  });
});
