import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, it } from 'vitest';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import type { RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { formatExactTime } from '../format/timestamp.ts';
import { fullName, sideNames } from './side-names.ts';

const job = (filename: string, seconds: number, ...regions: string[]) => {
  const where = regions.map((region) => ({
    column: 'Region',
    test: { case: 'in' as const, value: { values: [region] } },
  }));
  return create(JobSchema, { filename, createTime: timestampFromMs(seconds * 1000), options: { where } });
};

it('sides are called by their files', () => {
  expect(sideNames(job('a.csv', 1, 'North'), job('b.csv', 1))).toEqual({ here: 'a.csv', there: 'b.csv' });
  expect(fullName({ filename: 'a.csv' }, 'a.csv')).toBe('a.csv');
});

it('sides of one file are called by their filters', () => {
  const names = sideNames(job('a.csv', 1, 'North'), job('a.csv', 2));
  expect(names).toEqual({ here: 'Region is North', there: 'all rows' });
  expect(fullName({ filename: 'a.csv' }, names.here)).toBe('a.csv, Region is North');
});

const filtered = (...where: MessageInitShape<typeof RowFilterSchema>[]) =>
  create(JobSchema, { filename: 'a.csv', options: { where } });
const dates = (from: string, to: string) => ({
  column: 'Date',
  test: { case: 'between' as const, value: { from, to } },
});
const regions = (...values: string[]) => ({ column: 'Region', test: { case: 'in' as const, value: { values } } });

it('sides that differ in the value of one filter are called by it alone', () => {
  const north = regions('North');
  expect(sideNames(filtered(dates('2026', '2026'), north), filtered(north, dates('2025', '2025')))).toEqual({
    here: '2026',
    there: '2025',
  });
  expect(sideNames(filtered(regions('North')), filtered(regions('South')))).toEqual({ here: 'North', there: 'South' });
});

it('sides that differ in more are called by all that differs, and only by that', () => {
  const both = regions('North', 'South');
  expect(sideNames(filtered(both, dates('2026', '2026')), filtered(both, dates('2025-01', '2025-03')))).toEqual({
    here: 'Date is 2026',
    there: 'Date is between 2025-01 and 2025-03',
  });
  expect(sideNames(filtered(both, dates('2026', '2026')), filtered(both))).toEqual({
    here: 'Date is 2026',
    there: 'any Date',
  });
  expect(sideNames(filtered(regions('')), filtered(regions('North')))).toEqual({
    here: 'Region is empty',
    there: 'Region is North',
  });
});

it('sides of one file and one question are called by their times', () => {
  const times = [100, 200].map((seconds) => formatExactTime(timestampFromMs(seconds * 1000)));
  const names = sideNames(job('a.csv', 100, 'North'), job('a.csv', 200, 'North'));
  expect(names).toEqual({ here: times[0], there: times[1] });
  const same = sideNames(job('a.csv', 1), job('a.csv', 1));
  expect(same).toEqual({ here: 'a.csv (1)', there: 'a.csv (2)' });
  expect(fullName({ filename: 'a.csv' }, same.here)).toBe('a.csv (1)');
});
