import { once } from 'node:events';
import { create } from '@bufbuild/protobuf';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessSourceRequestSchema, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import type { Processors } from '../../processor-client/processors.ts';
import type { Spool } from '../spool/spool.ts';
import type { Checkpoint, JobStore } from '../store/job-store.ts';
import { BoundedWrites } from './bounded-writes.ts';
import { CheckpointKeeper } from './checkpoint-keeper.ts';
import type { FeedObserver } from './feeder.ts';
import { explainFailure, receiveResponses } from './receive-responses.ts';

export interface SourceFeed {
  job: Readonly<Job>;
  /** For ProcessSource. */
  source: string;
  /** Where an earlier call of the same job had come to, with the same result; undefined to begin. */
  resume: Checkpoint | undefined;
  /** Where totals, rejects and checkpoints go. */
  target: { store: JobStore; resultId: number };
  /** Between two checkpoints, at least. */
  checkpointMs: number;
  signals: {
    /** Ends the call at once. */
    abort: AbortSignal;
    /** Ends the call; what it has done since its last checkpoint is done again. */
    pause: AbortSignal;
  };
  observer: FeedObserver;
  processors: Processors;
  /** What the file lies in, unless it is not ours. */
  spool: Pick<Spool, 'sync'>;
}

/**
 * Has a processor read a job's file itself, and brings the responses into the store.
 *
 * @throws as `feed`
 */
export async function feedSource(feed: SourceFeed): Promise<Summary> {
  const { job, source, resume, target, checkpointMs, signals, observer, processors, spool } = feed;
  const writes = new BoundedWrites();
  const ended = new AbortController();
  let hasStarted = false;
  let receiving: Promise<unknown> | undefined;
  let pause = signals.pause;
  using keeper = new CheckpointKeeper({
    ...target,
    spool,
    jobId: job.id,
    resumed: resume,
    intervalMs: checkpointMs,
    askAtBytes: undefined,
    // They come by themselves.
    ask() {},
    uploadBytesAt: (bytes) => bytes,
    onKept: (bytes) => observer.onCheckpointKept(bytes),
  });
  keeper.end();
  try {
    const request = create(ProcessSourceRequestSchema, {
      source,
      ...(job.options && { csv: job.options }),
      resume: resume?.state ?? [],
      checkpointMs,
    });
    const opening = processors.openSource(request, AbortSignal.any([signals.abort, ended.signal]));
    opening.catch(() => {});
    const stream = await Promise.race([opening, aborted(pause, ended.signal)]);
    pause = AbortSignal.any([signals.pause, stream.leaving]);
    observer.onSent(Number(job.receivedBytes));
    observer.onSentAll();
    const received = receiveResponses(stream.responses, {
      ...target,
      writes,
      keeper,
      observer,
      toUpload: ({ sourceBytesRead }) => Number(sourceBytesRead),
      onResponse: () => (hasStarted = true),
    });
    receiving = received;
    return await Promise.race([received, aborted(pause, ended.signal)]);
  } catch (error) {
    signals.abort.throwIfAborted();
    pause.throwIfAborted();
    throw explainFailure(error, hasStarted);
  } finally {
    ended.abort();
    // The next call writes the same result: work that is left of this one must not come in between.
    await Promise.allSettled([receiving]);
    await writes.idle();
  }
}

/** Rejects with the reason of the first signal; never settles if the second one comes first. */
async function aborted(signal: AbortSignal, endedSignal: AbortSignal): Promise<never> {
  const either = AbortSignal.any([signal, endedSignal]);
  if (!either.aborted) await once(either, 'abort');
  signal.throwIfAborted();
  return new Promise(() => {});
}
