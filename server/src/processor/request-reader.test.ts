import { create, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type ProcessCsvRequest, ProcessCsvRequestSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { totalLength } from '../bytes/total-length.ts';
import { encodeBytesFieldHead, encodeFrame } from '../process-csv/frame.ts';
import { RequestReader } from './request-reader.ts';

const MAX_BYTES = 1_000_000;

type Wanted = { chunk: Uint8Array } | { department: string } | { checkpoint: bigint };

function toMessage(wanted: Wanted): ProcessCsvRequest {
  if ('chunk' in wanted) return create(ProcessCsvRequestSchema, { message: { case: 'chunk', value: wanted.chunk } });
  if ('checkpoint' in wanted) {
    return create(ProcessCsvRequestSchema, {
      message: { case: 'checkpointRequest', value: { id: wanted.checkpoint } },
    });
  }
  return create(ProcessCsvRequestSchema, {
    message: { case: 'options', value: { csv: { departmentColumn: wanted.department } } },
  });
}

/** Reads a stream in pieces; takes at most `room` bytes of a chunk at once and puts the rest back. */
function read(
  stream: Buffer,
  sizes: number[],
  room: number,
): { bytes: Buffer; messages: unknown[]; reader: RequestReader } {
  const reader = new RequestReader(MAX_BYTES);
  const messages: unknown[] = [];
  const bytes: Buffer[] = [];
  let start = 0;
  for (let turn = 0; start < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    reader.push(stream.subarray(start, start + size));
    start += size;
    for (let item = reader.next(); item; item = reader.next()) {
      if (item.kind === 'message') messages.push(item.message.message.value);
      else {
        bytes.push(item.bytes.subarray(0, room));
        if (item.bytes.length > room) reader.unread(item.bytes.subarray(room));
      }
    }
  }
  return { bytes: Buffer.concat(bytes), messages, reader };
}

test('chunks and messages come out as they went in, however the stream is cut', () => {
  const wanted = fc.oneof(
    fc.uint8Array({ maxLength: 700 }).map((chunk) => ({ chunk })),
    fc.string().map((department) => ({ department })),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((checkpoint) => ({ checkpoint })),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 8 }), sizes, fc.integer({ min: 1, max: 200 }), (all, cuts, room) => {
      const requests = all.map(toMessage);
      const stream = Buffer.concat(requests.map((each) => encodeFrame(toBinary(ProcessCsvRequestSchema, each))));
      const { bytes, messages, reader } = read(stream, cuts, room);
      const chunks = requests.flatMap(({ message }) => (message.case === 'chunk' ? [message.value] : []));
      expect(bytes.equals(Buffer.concat(chunks))).toBe(true);
      expect(messages).toEqual(requests.flatMap(({ message }) => (message.case === 'chunk' ? [] : [message.value])));
      expect(reader.isPartial).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('the head that is written without a message is the one that protobuf writes', () => {
  for (const length of [0, 1, 127, 128, 16_383, 16_384, 300_000]) {
    const value = new Uint8Array(length).fill(65);
    const whole = encodeFrame(toBinary(ProcessCsvRequestSchema, toMessage({ chunk: value })));
    expect(Buffer.concat([encodeBytesFieldHead(2, length), value]).equals(whole)).toBe(true);
  }
});

test('a chunk beside fields that are not known is still read', () => {
  const chunk = toBinary(ProcessCsvRequestSchema, toMessage({ chunk: Buffer.from('abc') }));
  const unknownField = Buffer.from([0x78, 0x01]);
  const { bytes } = read(encodeFrame(Buffer.concat([chunk, unknownField])), [3], 100);
  expect(bytes.toString()).toBe('abc');
});

test.each([
  ['a compressed message', Buffer.from([1, 0, 0, 0, 0]), Code.Internal],
  ['a message over the limit', Buffer.from([0, 0xff, 0, 0, 0]), Code.ResourceExhausted],
  ['what is no protobuf', encodeFrame(Buffer.from([0xff, 0xff, 0xff])), Code.InvalidArgument],
])('%s is refused', (_name, stream, code) => {
  const reading = () => read(stream, [100], 100);
  expect(reading).toThrow(ConnectError);
  try {
    reading();
  } catch (error) {
    expect((error as ConnectError).code).toBe(code);
  }
});

test('a message that comes in many small pieces is copied once, however long it is', () => {
  /** Bytes that are copied while a checkpoint of a length comes in pieces of 16 KB, as HTTP/2 has them. */
  const copiedFor = (length: number) => {
    const resume = create(ProcessCsvRequestSchema, { message: { case: 'resume', value: Buffer.alloc(length, 'x') } });
    const stream = encodeFrame(toBinary(ProcessCsvRequestSchema, resume));
    const concat = vi.spyOn(Buffer, 'concat');
    const reader = new RequestReader(2 * length);
    for (let at = 0; at < stream.length; at += 16_384) {
      reader.push(stream.subarray(at, at + 16_384));
      const item = reader.next();
      expect(item?.kind).toBe(at + 16_384 < stream.length ? undefined : 'message');
    }
    const copied = concat.mock.calls.reduce((sum, [parts]) => sum + totalLength(parts), 0);
    concat.mockRestore();
    return copied;
  };
  const [short, long] = [copiedFor(1_000_000), copiedFor(2_000_000)];
  expect(short).toBeLessThan(1_100_000);
  expect(long).toBeLessThan(2.1 * short);
});

test('an empty chunk is an item: it may end a checkpoint', () => {
  const reader = new RequestReader(MAX_BYTES);
  reader.push(encodeBytesFieldHead(ProcessCsvRequestSchema.field.chunk.number, 0));
  expect(reader.next()).toMatchObject({ kind: 'bytes', bytes: Buffer.alloc(0) });
  expect(reader.next()).toBeUndefined();
});
