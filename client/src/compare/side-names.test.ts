import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, it } from 'vitest';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
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

it('sides of one file and one question are called by their times', () => {
  const times = [100, 200].map((seconds) => formatExactTime(timestampFromMs(seconds * 1000)));
  const names = sideNames(job('a.csv', 100, 'North'), job('a.csv', 200, 'North'));
  expect(names).toEqual({ here: times[0], there: times[1] });
  const same = sideNames(job('a.csv', 1), job('a.csv', 1));
  expect(same).toEqual({ here: 'a.csv (1)', there: 'a.csv (2)' });
  expect(fullName({ filename: 'a.csv' }, same.here)).toBe('a.csv (1)');
});
