import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, it } from 'vitest';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatExactTime } from '../format/timestamp.ts';
import { sideNames } from './side-names.ts';

const job = (filename: string, seconds: number) =>
  create(JobSchema, { filename, createTime: timestampFromMs(seconds * 1000) });

it('sides are called by their files, and told apart where these have the same name', () => {
  expect(sideNames(job('a.csv', 1), job('b.csv', 1))).toEqual({ here: 'a.csv', there: 'b.csv' });
  const times = [100, 200].map((seconds) => formatExactTime(timestampFromMs(seconds * 1000)));
  expect(sideNames(job('a.csv', 100), job('a.csv', 200))).toEqual({
    here: `a.csv, ${times[0]}`,
    there: `a.csv, ${times[1]}`,
  });
  expect(sideNames(job('a.csv', 1), job('a.csv', 1))).toEqual({ here: 'a.csv (1)', there: 'a.csv (2)' });
});
