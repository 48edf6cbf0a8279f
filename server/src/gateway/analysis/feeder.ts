import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessCsvOptionsSchema, type Progress, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { totalLength } from '../../bytes/total-length.ts';
import type { Log } from '../../log.ts';
import type { ProcessStream } from '../../processor-client/process-stream.ts';
import type { Processors } from '../../processor-client/processors.ts';
import { ByteMarks } from '../../unpack/byte-marks.ts';
import { readUpload } from '../../unpack/upload-text.ts';
import type { Spool } from '../spool/spool.ts';
import type { Checkpoint, JobStore } from '../store/job-store.ts';
import { BoundedWrites } from './bounded-writes.ts';
import { CheckpointKeeper } from './checkpoint-keeper.ts';
import { explainFailure, receiveResponses } from './receive-responses.ts';

export interface Feed {
  upload: FedUpload;
  /** Where an earlier call of the same job had come to, with the same result; undefined to begin. */
  resume: Checkpoint | undefined;
  /** Where totals, rejects and checkpoints go. */
  target: { store: JobStore; resultId: number };
  checkpoints: {
    /** Between two of them, at least. */
    intervalMs: number;
    /** One is wanted as soon as the processor has so many bytes of the file. */
    askAtBytes: number | undefined;
  };
  signals: {
    /** Ends the call at once. */
    abort: AbortSignal;
    /** Ends the call when all that it has done is in a checkpoint. */
    pause: AbortSignal;
  };
  observer: FeedObserver;
  processors: Processors;
  log: Log;
}

export interface FedUpload {
  job: Readonly<Job>;
  /** Whether the sender said that it is gzip; else its first bytes tell. */
  isGzip: boolean;
  spool: Spool;
  /** The most that a compressed file may decompress to. */
  maxBytes: number;
}

/** Is told what goes to the processor and what comes back. Bytes are those of the file, not of a compressed upload. */
export interface FeedObserver {
  /** The processor has so many bytes, those of the checkpoint included. */
  onSent(bytes: number): void;
  /** The last byte was sent. */
  onSentAll(): void;
  /** @param processedBytes of the upload */
  onProgress(progress: Progress, processedBytes: number): void;
  /** The processor is asked for a checkpoint. */
  onCheckpointAsked(): void;
  /** A checkpoint has come, whole. */
  onCheckpointReceived(): void;
  /** A checkpoint is in the store, which covers so many bytes. */
  onCheckpointKept(bytes: number): void;
}

/** A call that should pause gets this long to end in a checkpoint. */
const PAUSE_MS = 2_500;

/**
 * Streams an upload to a processor, while it still arrives, and the responses into the store.
 *
 * @throws {@link TallyError} the processor's error about the file; PROCESSOR_UNAVAILABLE or PROCESSOR_CRASHED if a
 * retry may succeed; the reason of one of the signals
 */
export async function feed(feed: Feed): Promise<Summary> {
  const { processors, signals } = feed;
  const call: FeedCall = {
    feed,
    marks: new ByteMarks(feed.resume),
    writes: new BoundedWrites(),
    ended: new AbortController(),
    pauseSignal: signals.pause,
    hasStarted: false,
    isAllSent: false,
  };
  let [receiving, sending]: Promise<unknown>[] = [];
  try {
    const opening = processors.open(AbortSignal.any([signals.abort, call.ended.signal]));
    opening.catch(() => {});
    // A call that has not begun has nothing to bring into a checkpoint.
    const stream = await Promise.race([opening, pausedBefore(signals.pause, call.ended.signal)]);
    call.pauseSignal = AbortSignal.any([signals.pause, stream.leaving]);
    using keeper = createKeeper(call, stream);
    const toUpload = ({ bytes }: Progress) => processedBytes(call, Number(bytes), keeper.sentBytes);
    const onResponse = () => (call.hasStarted = true);
    const received = receiveResponses(stream.responses, {
      ...feed.target,
      ...call,
      observer: feed.observer,
      keeper,
      toUpload,
      onResponse,
    });
    receiving = received;
    sending = send(call, stream, keeper);
    // When the upload cannot be read, the call is of no use, and the upload's error is the one to tell.
    const unreadable = sending.then(() => new Promise<never>(() => {}));
    return await Promise.race([received, unreadable, paused(call.pauseSignal, keeper, call.ended.signal)]);
  } catch (error) {
    signals.abort.throwIfAborted();
    call.pauseSignal.throwIfAborted();
    throw explainFailure(error, call.hasStarted);
  } finally {
    call.ended.abort();
    // The next call writes the same result: work that is left of this one must not come in between.
    await Promise.allSettled([receiving, sending]);
    await call.writes.idle();
  }
}

interface FeedCall {
  feed: Feed;
  marks: ByteMarks;
  /** Totals, rejects and checkpoints that have come and are on their way into the store. */
  writes: BoundedWrites;
  ended: AbortController;
  /** That of the feed, or of a processor which stops. */
  pauseSignal: AbortSignal;
  /** Whether the processor has said anything. */
  hasStarted: boolean;
  /** Whether the processor was sent all of the file. */
  isAllSent: boolean;
}

function createKeeper({ feed, marks }: FeedCall, stream: ProcessStream): CheckpointKeeper {
  const { upload, resume, target, checkpoints, observer } = feed;
  return new CheckpointKeeper({
    ...target,
    ...checkpoints,
    spool: upload.spool,
    jobId: upload.job.id,
    resumed: resume,
    ask: () => {
      observer.onCheckpointAsked();
      void stream.send({ message: { case: 'checkpointRequest', value: {} } });
    },
    uploadBytesAt: (bytes) => marks.at(bytes),
    onKept: (bytes) => observer.onCheckpointKept(bytes),
  });
}

async function send(call: FeedCall, stream: ProcessStream, keeper: CheckpointKeeper): Promise<void> {
  const { observer } = call.feed;
  await sendOptions(call.feed, stream);
  try {
    for await (const pieces of source(call)) {
      if (stream.isClosed) return;
      const sent = stream.sendChunk(...pieces);
      keeper.sent(totalLength(pieces));
      observer.onSent(keeper.sentBytes);
      await sent;
    }
  } catch (error) {
    // Nothing is wrong with the upload; the call goes on to its last checkpoint.
    if (call.pauseSignal.aborted) return;
    throw error;
  }
  keeper.end();
  call.isAllSent = true;
  observer.onSentAll();
  stream.end();
}

async function sendOptions({ upload, resume }: Feed, stream: ProcessStream): Promise<void> {
  const [first, ...rest] = resume?.state ?? [];
  const options = create(ProcessCsvOptionsSchema, { csv: upload.job.options, ...(first && { resume: first }) });
  await stream.send({ message: { case: 'options', value: options } });
  for (const value of rest) await stream.send({ message: { case: 'resume', value } });
  // The first chunk ends the checkpoint. An empty one has it loaded now: an upload that rests may bring no other for days.
  if (resume) await stream.sendChunk(new Uint8Array(0));
}

/** How much of the upload the processor has taken up, by how many bytes of the file. */
function processedBytes({ feed, marks, isAllSent }: FeedCall, bytes: number, sentBytes: number): number {
  // The end of a compressed file holds nothing that could come to the processor.
  return isAllSent && bytes === sentBytes ? Number(feed.upload.job.receivedBytes) : marks.at(bytes);
}

/** Rejects with the signal's reason once all that was sent is in a checkpoint, or the time for that is over. */
async function paused(pauseSignal: AbortSignal, keeper: CheckpointKeeper, endedSignal: AbortSignal): Promise<never> {
  await aborted(AbortSignal.any([pauseSignal, endedSignal]));
  if (!endedSignal.aborted) {
    await Promise.race([keeper.caughtUp(), wait(PAUSE_MS, undefined, { signal: endedSignal })]);
  }
  throw pauseSignal.reason;
}

/** Rejects with the reason of the first signal; never settles if the second one comes first. */
async function pausedBefore(pauseSignal: AbortSignal, endedSignal: AbortSignal): Promise<never> {
  await aborted(AbortSignal.any([pauseSignal, endedSignal]));
  pauseSignal.throwIfAborted();
  return new Promise(() => {});
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** The bytes for the processor: the upload, or its unpacked text. */
function source({ feed, marks, ended, pauseSignal }: FeedCall): AsyncIterable<readonly Uint8Array[]> {
  const { upload, resume, signals, log } = feed;
  const { job, isGzip, spool, maxBytes } = upload;
  return readUpload({
    read: (from) => spool.read(job.id, AbortSignal.any([signals.abort, pauseSignal, ended.signal]), from),
    isGzip,
    marks,
    maxBytes,
    from: resume?.bytes ?? 0,
    onTrailingGarbage: (format) => log.warn({ jobId: job.id }, `data after the end of a ${format} file was ignored`),
  });
}
