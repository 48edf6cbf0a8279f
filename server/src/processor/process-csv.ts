import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type ProcessCsvOptions,
  type ProcessCsvRequest,
  type ProcessCsvResponse,
  ProcessCsvResponseSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { TallyError } from '../errors.ts';
import type { KernelReject } from '../kernel/kernel.ts';
import { Outbox } from './outbox.ts';
import type { ThreadJob } from './thread-host.ts';
import type { ThreadPool } from './thread-pool.ts';
import { toAnalysisOptions, toProgress, topCount, toReject, toSummary, toTotal } from './wire.ts';

/** Between two progress messages of a call. */
const PROGRESS_INTERVAL_MS = 100;
/** Chunks on their way to the kernel thread: one being worked on and one ready, so that the thread never waits. */
const CHUNKS_IN_FLIGHT = 2;
/** Departments in one message: some 100 kB. */
const TOTALS_BATCH = 1000;
/** Rejected rows in one message; with 1,000 bytes each it stays below gRPC's usual limit of 4 MB a message. */
const REJECTS_BATCH = 1000;

type ResponseMessage = NonNullable<MessageInitShape<typeof ProcessCsvResponseSchema>['message']>;

/**
 * One call of ProcessCsv: feeds the requests to a kernel thread and yields what comes back. Nothing is read from the
 * requests while the thread has enough to do or the reader of the responses is behind, and HTTP/2's flow control hands
 * that on to the sender.
 */
export async function* processCsv(
  requests: AsyncIterable<ProcessCsvRequest>,
  pool: ThreadPool,
  limits: { maxDepartments: number },
  callerSignal: AbortSignal,
): AsyncGenerator<ProcessCsvResponse> {
  const outbox = new Outbox<ProcessCsvResponse>();
  const done = new AbortController();
  const signal = AbortSignal.any([callerSignal, done.signal]);
  // Headers go out with the first message, and the caller wants to see that its call has begun.
  yield response({ case: 'progress', value: { queued: pool.isFull, total: '0' } });
  const work = run(requests, pool, limits, outbox, signal).then(
    () => outbox.end(),
    (error) => outbox.end(error),
  );
  const stop = () => outbox.end(callerSignal.reason);
  callerSignal.addEventListener('abort', stop, { once: true });
  try {
    yield* outbox;
  } finally {
    callerSignal.removeEventListener('abort', stop);
    done.abort();
    // `work` may wait for a request that never comes; it holds nothing by now, and ends with the stream of requests.
    void work;
  }
}

async function run(
  requests: AsyncIterable<ProcessCsvRequest>,
  pool: ThreadPool,
  limits: { maxDepartments: number },
  outbox: Outbox<ProcessCsvResponse>,
  signal: AbortSignal,
): Promise<void> {
  const job = await pool.acquire(signal);
  const close = () => job.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    await feed(requests, job, limits, outbox);
  } finally {
    signal.removeEventListener('abort', close);
    job.close();
  }
}

async function feed(
  requests: AsyncIterable<ProcessCsvRequest>,
  job: ThreadJob,
  limits: { maxDepartments: number },
  outbox: Outbox<ProcessCsvResponse>,
): Promise<void> {
  const feeding = new ChunkFeed(job, outbox);
  let options: ProcessCsvOptions | undefined;
  let isOpen = false;
  const open = async () => {
    isOpen = true;
    await job.open(toAnalysisOptions(options?.csv, limits.maxDepartments));
    feeding.start(topCount(options?.csv));
  };
  try {
    for await (const { message } of requests) {
      if (message.case === 'options') {
        if (isOpen) throw new TallyError('REQUEST_INVALID', 'options may only be the first message of the stream.');
        options = message.value;
        if (options.resume.length > 0) throw checkpointUnsupported();
        await open();
      } else if (message.case === 'chunk') {
        if (!isOpen) await open();
        await feeding.push(message.value);
      } else if (message.case === 'checkpointRequest') {
        throw checkpointUnsupported();
      } else {
        throw new TallyError('REQUEST_INVALID', 'A message of the stream carries neither options nor a chunk.');
      }
    }
    if (!isOpen) await open();
    await feeding.drain();
  } finally {
    feeding.stop();
  }
  await sendResult(job, topCount(options?.csv), outbox);
}

/** Keeps a few chunks on their way to the kernel thread and reports progress while they are worked on. */
class ChunkFeed {
  readonly #job: ThreadJob;
  readonly #outbox: Outbox<ProcessCsvResponse>;
  readonly #inFlight: Promise<KernelReject[]>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isDirty = false;
  #isAsking = false;

  constructor(job: ThreadJob, outbox: Outbox<ProcessCsvResponse>) {
    this.#job = job;
    this.#outbox = outbox;
  }

  start(topDepartments: number): void {
    this.#timer = setInterval(() => void this.#report(topDepartments), PROGRESS_INTERVAL_MS);
  }

  async push(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    const consumed = this.#job.push(bytes);
    // The next chunk may be long in coming: a failure ends the call now.
    consumed.catch((error) => this.#outbox.end(error));
    this.#inFlight.push(consumed);
    this.#isDirty = true;
    while (this.#inFlight.length >= CHUNKS_IN_FLIGHT) await this.#settleOldest();
  }

  async drain(): Promise<void> {
    while (this.#inFlight.length > 0) await this.#settleOldest();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #settleOldest(): Promise<void> {
    await sendRejects((await this.#inFlight.shift()) ?? [], this.#outbox);
  }

  async #report(topDepartments: number): Promise<void> {
    if (!this.#isDirty || this.#isAsking) return;
    this.#isDirty = false;
    this.#isAsking = true;
    try {
      const snapshot = await this.#job.snapshot(topDepartments);
      this.#outbox.sendLatest(response({ case: 'progress', value: toProgress(snapshot) }));
    } catch {
      // The job has failed; the chunk that failed says why.
    } finally {
      this.#isAsking = false;
    }
  }
}

async function sendResult(job: ThreadJob, topDepartments: number, outbox: Outbox<ProcessCsvResponse>): Promise<void> {
  const finished = await job.finish(topDepartments);
  await sendRejects(finished.rejects, outbox);
  while (true) {
    const totals = await job.nextTotals(TOTALS_BATCH);
    if (totals.length === 0) break;
    await outbox.send(response({ case: 'totals', value: { totals: totals.map(toTotal) } }));
  }
  await outbox.send(response({ case: 'summary', value: toSummary(finished) }));
}

async function sendRejects(rejects: KernelReject[], outbox: Outbox<ProcessCsvResponse>): Promise<void> {
  for (let start = 0; start < rejects.length; start += REJECTS_BATCH) {
    const batch = rejects.slice(start, start + REJECTS_BATCH).map(toReject);
    await outbox.send(response({ case: 'rejects', value: { rejects: batch } }));
  }
}

function response(message: ResponseMessage): ProcessCsvResponse {
  return create(ProcessCsvResponseSchema, { message });
}

function checkpointUnsupported(): TallyError {
  return new TallyError(
    'CHECKPOINT_UNSUPPORTED',
    'This processor has no checkpoints: start the file from its first byte.',
  );
}
