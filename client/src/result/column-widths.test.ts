import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { columnWidths, noWidths } from './column-widths.ts';

const row = (sum: string, count: bigint) =>
  create(TotalSchema, {
    department: 'Toys',
    sum,
    count,
    mean: '1',
    min: '0.5',
    max: '-1',
    figures: ['1', '100000', '-12.5'].map((each) => ({ sum: each })),
  });

it('is as wide as the longest text of a column', () => {
  expect(columnWidths([row('1234.50', 7n), row('5', 12_345n)], noWidths, [])).toEqual({
    name: 4,
    sum: '1,234.50'.length,
    count: '12,345'.length,
    mean: 1,
    min: 3,
    max: 2,
    other: 0,
  });
});

it('never gets narrower, so that sorting does not move the columns', () => {
  const wide = columnWidths([row('1234567.50', 1n)], noWidths, [1]);
  expect(wide.other).toBe('100,000'.length);
  expect(columnWidths([row('1', 1n)], wide, [2])).toEqual(wide);
});
