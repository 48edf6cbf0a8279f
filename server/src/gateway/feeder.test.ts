import { gzipSync } from 'node:zlib';
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { type Progress, ProgressSchema, SummarySchema } from '#gen/tallystream/v1/processor_pb.ts';
import { totalsBatch } from '../../test/support/totals-batch.ts';
import { createLog } from '../log.ts';
import { type Feed, feed } from './feeder.ts';
import type { StreamResponse } from './process-stream.ts';

const CSV = Buffer.from('Department,Sales\nBooks,1\n');

/** A processor that tells of what it has: of the first bytes, and at the end of all of them, before the result. */
function processors() {
  const ended = Promise.withResolvers<void>();
  const progress = (bytes: number): StreamResponse => {
    return { case: 'progress', value: create(ProgressSchema, { bytes: BigInt(bytes) }) };
  };
  async function* responses(): AsyncGenerator<StreamResponse> {
    await ended.promise;
    yield progress(CSV.length - 1);
    yield progress(CSV.length);
    yield { case: 'totals', value: totalsBatch([{ department: 'Books' }]) };
    yield { case: 'summary', value: create(SummarySchema) };
  }
  const stream = {
    responses: responses(),
    leaving: new AbortController().signal,
    isClosed: false,
    send: async () => {},
    sendChunk: async () => {},
    end: ended.resolve,
  };
  return { open: async () => stream };
}

test('a gzip upload counts as processed, to its last byte, before the totals are stored', async () => {
  const upload = gzipSync(CSV);
  const events: (number | 'totals')[] = [];
  const never = new AbortController().signal;
  await feed({
    job: create(JobSchema, { id: 'job', receivedBytes: BigInt(upload.length) }),
    isGzip: true,
    maxUploadBytes: 1e9,
    log: createLog('silent', 'test'),
    processors: processors(),
    spool: {
      async *read() {
        yield [upload];
      },
    },
    store: { addTotals: async () => void events.push('totals') },
    resultId: 1,
    checkpoint: undefined,
    checkpointMs: 1e6,
    checkpointAtBytes: undefined,
    signal: never,
    pauseSignal: never,
    onProgress: (_: Progress, processedBytes: number) => events.push(processedBytes),
    onSent() {},
    onSentAll() {},
    onCheckpoint() {},
  } as unknown as Feed);
  expect(events).toEqual([0, upload.length, 'totals']);
});
