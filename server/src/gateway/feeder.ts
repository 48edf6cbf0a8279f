import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessCsvOptionsSchema, type Progress, type Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { ERROR_CODE_HEADER, isErrorCode, TallyError } from '../errors.ts';
import type { Log } from '../log.ts';
import { ByteMarks } from './byte-marks.ts';
import { decompressed } from './decompress.ts';
import type { ProcessStream } from './process-stream.ts';
import type { Processors } from './processors.ts';
import type { Spool } from './spool.ts';
import type { JobStore } from './store/job-store.ts';

export interface Feed {
  job: Job;
  isGzip: boolean;
  /** The most that a gzip file may decompress to. */
  maxUploadBytes: number;
  log: Log;
  processors: Processors;
  spool: Spool;
  store: JobStore;
  /** Where totals and rejects go. */
  resultId: number;
  signal: AbortSignal;
  /** @param processedBytes of the upload, not of what it decompresses to */
  onProgress(progress: Progress, processedBytes: number): void;
}

/**
 * Streams an upload to a processor, while it still arrives, and what comes back into the store.
 *
 * @throws {@link TallyError} what the processor says of the file; PROCESSOR_UNAVAILABLE or PROCESSOR_CRASHED if another
 * try may do better; the signal's reason
 */
export async function feed(feed: Feed): Promise<Summary> {
  const { processors, signal } = feed;
  const marks = new ByteMarks();
  let hasStarted = false;
  const ended = new AbortController();
  try {
    const stream = await processors.open(AbortSignal.any([signal, ended.signal]));
    const sending = send(feed, stream, marks, ended.signal);
    // When the upload cannot be read, the call is of no use, and the upload's error is the one to tell.
    const unreadable = sending.then(() => new Promise<never>(() => {}));
    const receiving = receive(feed, stream, marks, () => (hasStarted = true));
    receiving.catch(() => {});
    return await Promise.race([receiving, unreadable]);
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, hasStarted);
  } finally {
    ended.abort();
  }
}

async function send(feed: Feed, stream: ProcessStream, marks: ByteMarks, endedSignal: AbortSignal): Promise<void> {
  const { job } = feed;
  await stream.send({ message: { case: 'options', value: create(ProcessCsvOptionsSchema, { csv: job.options }) } });
  for await (const chunk of source(feed, marks, endedSignal)) {
    if (stream.isClosed) return;
    await stream.sendChunk(chunk);
  }
  stream.end();
}

async function receive(feed: Feed, stream: ProcessStream, marks: ByteMarks, onStarted: () => void): Promise<Summary> {
  const { store, resultId } = feed;
  const writes = new BoundedWrites();
  let summary: Summary | undefined;
  for await (const { message } of stream.responses) {
    onStarted();
    if (message.case === 'progress') feed.onProgress(message.value, marks.at(Number(message.value.bytes)));
    else if (message.case === 'rejects') await writes.add(store.addRejects(resultId, message.value.rejects));
    else if (message.case === 'totals') await writes.add(store.addTotals(resultId, message.value.totals));
    else if (message.case === 'summary') summary = message.value;
  }
  await writes.settle();
  if (summary) return summary;
  throw new ConnectError('the stream ended without a summary', Code.Internal);
}

/** Batches on their way into the store: while one is written, the next is received. */
const WRITES_IN_FLIGHT = 4;

class BoundedWrites {
  readonly #running: Promise<void>[] = [];

  /** Counts a write as running; waits while there are too many. @throws what an earlier write failed with */
  async add(write: Promise<void>): Promise<void> {
    // Awaited later; until then a failure must not count as unhandled.
    write.catch(() => {});
    this.#running.push(write);
    while (this.#running.length >= WRITES_IN_FLIGHT) await this.#running.shift();
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }
}

/** The bytes for the processor: the upload, or what it decompresses to. */
function source(feed: Feed, marks: ByteMarks, endedSignal: AbortSignal): AsyncIterable<Uint8Array> {
  const spooled = feed.spool.read(feed.job.id, AbortSignal.any([feed.signal, endedSignal]));
  if (!feed.isGzip) return spooled;
  const { job, log, maxUploadBytes } = feed;
  const onTrailingGarbage = () => log.warn({ jobId: job.id }, 'what stands behind a gzip file was left out');
  return decompressed(spooled, { marks, maxBytes: maxUploadBytes, skip: 0, onTrailingGarbage });
}

/** What the processor says about the file is final; that it went away is not. */
function explain(error: unknown, hasStarted: boolean): unknown {
  if (!(error instanceof ConnectError)) return error;
  const code = error.metadata.get(ERROR_CODE_HEADER);
  if (isErrorCode(code)) return new TallyError(code, error.rawMessage, { cause: error });
  switch (error.code) {
    case Code.Unavailable:
    case Code.Aborted:
    case Code.Internal:
    case Code.Unknown:
    case Code.Canceled:
      return hasStarted && error.code !== Code.Unavailable
        ? new TallyError('PROCESSOR_CRASHED', 'The processor ended while it worked on this file.', { cause: error })
        : new TallyError('PROCESSOR_UNAVAILABLE', 'No processor can be reached.', { cause: error });
    default:
      return error;
  }
}
