import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import {
  CreateJobRequestSchema,
  JobSchema,
  JobState,
  ListJobsRequestSchema,
  WatchJobsRequestSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { encodeFrame } from '../process-csv/frame.ts';
import { FieldLimit } from './field-limit.ts';

const MOST = 10;
/** One byte of an empty text, behind one of its tag. */
const EMPTY_ID = [0x0a, 0];

function check(schema: ConstructorParameters<typeof FieldLimit>[0], bytes: Uint8Array, step = 1, isEnveloped = false) {
  const limit = new FieldLimit(schema, MOST, isEnveloped);
  for (let at = 0; at < bytes.length; at += step) limit.check(bytes.subarray(at, at + step));
}

describe.each([1, 2, 3, 1000])('in pieces of %i bytes', (step) => {
  test('fields are counted, values passed over', () => {
    const ids = (count: number) => toBinary(WatchJobsRequestSchema, create(WatchJobsRequestSchema, idsOf(count)));
    check(WatchJobsRequestSchema, ids(MOST), step);
    expect(() => check(WatchJobsRequestSchema, ids(MOST + 1), step)).toThrow('at most 10');
  });

  test('each message of a stream has the whole limit', () => {
    const message = toBinary(WatchJobsRequestSchema, create(WatchJobsRequestSchema, idsOf(MOST)));
    const more = toBinary(WatchJobsRequestSchema, create(WatchJobsRequestSchema, idsOf(MOST + 1)));
    const empty = encodeFrame(new Uint8Array());
    const stream = [encodeFrame(message), empty, encodeFrame(message)];
    check(WatchJobsRequestSchema, Buffer.concat(stream), step, true);
    expect(() => check(WatchJobsRequestSchema, Buffer.concat([...stream, encodeFrame(more)]), step, true)).toThrow();
  });

  test('fields in messages count, and those behind them', () => {
    const top = Array.from({ length: 3 }, () => ({ department: 'x', sum: '1' }));
    const job = toBinary(JobSchema, create(JobSchema, { id: 'x', top }));
    check(JobSchema, job, step);
    const more = toBinary(JobSchema, create(JobSchema, { id: 'x', top, doubts: [{ code: 'x' }] }));
    expect(() => check(JobSchema, more, step)).toThrow('at most 10');
  });

  test('packed numbers count', () => {
    const states = (length: number) =>
      toBinary(
        ListJobsRequestSchema,
        create(ListJobsRequestSchema, { states: Array.from({ length }, () => JobState.FAILED) }),
      );
    check(ListJobsRequestSchema, states(MOST - 1), step);
    expect(() => check(ListJobsRequestSchema, states(MOST + 1), step)).toThrow('at most 10');
  });
});

function idsOf(length: number) {
  return { ids: Array.from({ length }, () => 'a job') };
}

test('unknown fields count', () => {
  const unknown = Buffer.from(Array.from({ length: MOST + 1 }, () => [0x78, 1]).flat());
  expect(() => check(WatchJobsRequestSchema, unknown)).toThrow('at most 10');
});

/** Each hides fields from a scan that believes the wire type, or follows groups: decoders read them all the same. */
const DISGUISES: [string, number[]][] = [
  ['a text that says it is a number', [0x08, 2, ...EMPTY_ID]],
  ['a message that says it is a number', [0x18, 2, ...EMPTY_ID]],
  ['a number that says it is a text', [0x12, 1, 0]],
  ['a group', [0x7b, 0x7c]],
  ['a length of more than 32 bits', [0x0a, 0x82, 0x80, 0x80, 0x80, 0x10, 0x41, 0x41]],
];

test.each(DISGUISES)('%s is refused', (_name, bytes) => {
  expect(() => check(CreateJobRequestSchema, Buffer.from(bytes))).toThrow('not a valid message for this method');
});

test('a value that goes beyond its message is read as decoders do', () => {
  // An option of two bytes whose text has more: it ends behind the message that it is in, and the id behind it is none.
  const bytes = Buffer.from([
    0x1a,
    2,
    0x0a,
    22,
    ...Array.from({ length: MOST + 1 }, () => EMPTY_ID).flat(),
    ...EMPTY_ID,
  ]);
  check(CreateJobRequestSchema, bytes);
});

test('a value is skipped without being looked at', () => {
  const bytes = toBinary(WatchJobsRequestSchema, create(WatchJobsRequestSchema, { ids: ['x'.repeat(100_000)] }));
  const read: number[] = [];
  const looked = new Proxy(bytes, {
    get: (target, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) read.push(Number(name));
      return Reflect.get(target, name, target);
    },
  });
  new FieldLimit(WatchJobsRequestSchema, MOST, false).check(looked);
  expect(read.length).toBeLessThan(10);
});
