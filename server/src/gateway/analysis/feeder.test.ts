import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import {
  type Progress,
  ProgressSchema,
  RejectBatchSchema,
  RejectSchema,
  SummarySchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { totalsBatch } from '../../../test/support/totals-batch.ts';
import { createLog } from '../../log.ts';
import type { StreamResponse } from '../../processor-client/process-stream.ts';
import { type Feed, type FeedObserver, feed } from './feeder.ts';

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

const OBSERVER: FeedObserver = {
  onSent() {},
  onSentAll() {},
  onProgress() {},
  onCheckpointAsked() {},
  onCheckpointReceived() {},
  onCheckpointKept() {},
};

/** The parameters of a call that have no effect of their own. */
function quiet(pause: AbortSignal) {
  return {
    resume: undefined,
    checkpoints: { intervalMs: 1e6, askAtBytes: undefined },
    signals: { abort: new AbortController().signal, pause },
    observer: OBSERVER,
    log: createLog('silent', 'test'),
  };
}

test('a gzip upload counts as processed, to its last byte, before the totals are stored', async () => {
  const upload = gzipSync(CSV);
  const events: (number | 'totals')[] = [];
  await feed({
    ...quiet(new AbortController().signal),
    upload: {
      job: create(JobSchema, { id: 'job', receivedBytes: BigInt(upload.length) }),
      isGzip: true,
      maxBytes: 1e9,
      spool: {
        async *read() {
          yield [upload];
        },
      },
    },
    target: { resultId: 1, store: { addTotals: async () => void events.push('totals') } },
    processors: processors(),
    observer: { ...OBSERVER, onProgress: (_: Progress, processedBytes: number) => events.push(processedBytes) },
  } as unknown as Feed);
  expect(events).toEqual([0, upload.length, 'totals']);
});

test('a call that pauses is over only when nothing of it is on its way into the store any more', async () => {
  const pause = new AbortController();
  const writing = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<void>();
  let isStored = false;
  async function* responses(signal: AbortSignal): AsyncGenerator<StreamResponse> {
    yield { case: 'rejects', value: create(RejectBatchSchema, { rejects: [create(RejectSchema)] }) };
    await once(signal, 'abort');
    throw new Error('the stream was closed');
  }
  const feeding = feed({
    ...quiet(pause.signal),
    upload: {
      job: create(JobSchema, { id: 'job' }),
      isGzip: false,
      maxBytes: 1e9,
      spool: {
        // biome-ignore lint/correctness/useYield: nothing has come of the upload
        async *read(_id: string, signal: AbortSignal) {
          await once(signal, 'abort');
          throw signal.reason;
        },
      },
    },
    processors: {
      open: async (signal: AbortSignal) => ({
        responses: responses(signal),
        leaving: new AbortController().signal,
        isClosed: false,
        send: async () => {},
      }),
    },
    target: {
      resultId: 1,
      store: {
        async addRejects() {
          writing.resolve();
          await stored.promise;
          isStored = true;
        },
      },
    },
  } as unknown as Feed);
  const ended = feeding.catch((error: Error) => [error.message, isStored]);
  await writing.promise;
  pause.abort(new Error('enough'));
  await new Promise((resolve) => setImmediate(resolve));
  stored.resolve();
  expect(await ended).toEqual(['enough', true]);
});
