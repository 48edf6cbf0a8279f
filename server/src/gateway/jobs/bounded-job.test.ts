import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { boundedJob, LISTED_JOB, SINGLE_JOB } from './bounded-job.ts';

const columnsOf = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ({ index, name: name(index) }));
const sizeOf = (job: Parameters<typeof boundedJob>[0]) => toBinary(JobSchema, job).length;

test('an ordinary job is left as it is', () => {
  const dialect = { columns: columnsOf(100, (index) => `Column ${index}`), departmentIndex: 7, amountIndex: 99 };
  const job = create(JobSchema, { dialect, top: [{ department: 'Toys', sum: '1' }] });
  expect(boundedJob(job, LISTED_JOB)).toBe(job);
});

test.each([
  [16_384, 'x'],
  [100, 'a name of many words '.repeat(1_000)],
])('of %i columns a list has a few, and always those that are used', (count, word) => {
  const dialect = {
    columns: columnsOf(count, (index) => word + index),
    departmentIndex: count - 1,
    amountIndex: count - 2,
    groupBy: [{ index: count - 1 }, { index: count - 3, period: 'month' }],
    amounts: [{ index: count - 2 }, { index: count - 4 }, { index: count - 2, factor: count - 5 }],
  };
  const job = create(JobSchema, { id: 'wide', dialect });
  const listed = boundedJob(job, LISTED_JOB);
  expect(sizeOf(listed)).toBeLessThan(30_000);
  const indexes = listed.dialect?.columns.map(({ index }) => index);
  expect(indexes?.slice(-5)).toEqual([count - 5, count - 4, count - 3, count - 2, count - 1]);
  expect(listed.id).toBe('wide');
  expect(sizeOf(boundedJob(job, SINGLE_JOB))).toBeLessThan(4 * 1024 * 1024);
});

test('long names of departments are cut, and few of many are kept', () => {
  const top = Array.from({ length: 1_000 }, (_, index) => ({ department: `${index}`.padEnd(100_000, 'é'), sum: '1' }));
  const job = create(JobSchema, { top });
  expect(sizeOf(boundedJob(job, LISTED_JOB))).toBeLessThan(40_000);
  expect(boundedJob(job, LISTED_JOB).top[0]?.department).toMatch(/^0é+…$/);
  expect(sizeOf(boundedJob(job, SINGLE_JOB))).toBeLessThan(4 * 1024 * 1024);
  const many = create(JobSchema, { top: top.map(({ sum }, index) => ({ department: `${index}`, sum })) });
  expect(boundedJob(many, LISTED_JOB).top).toHaveLength(100);
  expect(boundedJob(many, SINGLE_JOB)).toBe(many);
});

test('so are the values of groups of several columns', () => {
  const top = Array.from({ length: 1_000 }, (_, index) => {
    const department = `${index}`.padEnd(100, 'é');
    return { department, keys: [department, 'x'.repeat(100_000), 'y'], sum: '1' };
  });
  const job = create(JobSchema, { top });
  expect(sizeOf(boundedJob(job, LISTED_JOB))).toBeLessThan(40_000);
  expect(boundedJob(job, LISTED_JOB).top[0]?.keys[1]).toMatch(/^x+…$/);
  expect(sizeOf(boundedJob(job, SINGLE_JOB))).toBeLessThan(4 * 1024 * 1024);
});

test('options of before there was a limit are cut', () => {
  const options = { departmentColumn: 'x'.repeat(280_000), delimiter: ';' };
  const listed = boundedJob(create(JobSchema, { options }), LISTED_JOB);
  expect(sizeOf(listed)).toBeLessThan(5_000);
  expect(listed.options?.delimiter).toBe(';');
});
