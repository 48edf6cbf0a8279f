/** The entry of a kernel thread: runs the analyses of several jobs, one chunk at a time, so that they take turns. */

import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { CsvAnalysis } from '../../../../kernel/analysis/analysis.ts';
import { noRowCounts } from '../../../../kernel/analysis/no-row-counts.ts';
import type { AnalysisSnapshot } from '../../../../kernel/analysis/snapshot.ts';
import { toTallyError } from '../../errors.ts';
import { keepHeapCollected } from '../../heap-collection.ts';
import { PacedCourse } from '../../process-csv/paced-course.ts';
import { encodeTotals } from '../../process-csv/totals-batch.ts';
import { CheckpointSeal } from './checkpoint-seal.ts';
import { SLOT_BYTES, type ThreadRequest, type ThreadResponse, type ThreadSetup } from './thread-messages.ts';
import { ThreadStatus } from './thread-watch.ts';

/** A nice value: a thread with it gets a tenth of the time of one without, if both want a core. */
const LOW_PRIORITY = 10;

interface Running {
  analysis: CsvAnalysis;
  slots: Uint8Array;
  totals: Iterator<Uint8Array<ArrayBuffer>> | undefined;
  course: PacedCourse;
}

const port = parentPort;
if (!port) throw new Error('kernel-worker.ts runs in a worker thread only');
const { statusMemory, checkpointKey, hasLowPriority } = workerData as ThreadSetup;
const status = new ThreadStatus(statusMemory);
const seal = new CheckpointSeal(checkpointKey);
const running = new Map<number, Running>();
keepHeapCollected();
// Linux knows priorities of threads (setpriority(2)), other systems of whole processes only.
if (hasLowPriority && process.platform === 'linux') setPriority(LOW_PRIORITY);

port.on('message', (request: ThreadRequest) => status.during(request.job, () => take(request)));

function take(request: ThreadRequest): void {
  try {
    const response = answer(request);
    // A batch of totals changes hands, so nobody copies it.
    if (response) port?.postMessage(response, response.kind === 'totals' ? [response.batch.buffer] : []);
  } catch (error) {
    running.delete(request.job);
    const { code, message } = toTallyError(error);
    // An unknown error is a fault of ours: its text belongs into the log, not to the user.
    if (code === 'INTERNAL') console.error(error);
    port?.postMessage({ kind: 'failed', job: request.job, code, message } satisfies ThreadResponse);
  }
}

function answer(request: ThreadRequest): ThreadResponse | undefined {
  const { job } = request;
  if (request.kind === 'open') {
    const { options, memory, resume } = request;
    const analysis = new CsvAnalysis(options, resume && { resume: seal.open(resume) });
    running.set(job, { analysis, slots: new Uint8Array(memory), totals: undefined, course: new PacedCourse() });
    return undefined;
  }
  if (request.kind === 'close') {
    running.delete(job);
    return undefined;
  }
  const state = running.get(job);
  // The job has failed and said so: what was on its way since then has no answer.
  if (!state) return undefined;
  const { analysis } = state;
  switch (request.kind) {
    case 'chunk': {
      const { slot, length } = request;
      const start = slot * SLOT_BYTES;
      analysis.push(state.slots.subarray(start, start + length));
      return { kind: 'consumed', job, slot, rejects: analysis.takeRejects() };
    }
    case 'snapshot':
      return {
        kind: 'snapshot',
        job,
        snapshot: { ...snapshotOf(analysis, request.topCount), course: state.course.read(analysis) },
      };
    case 'checkpoint':
      return { kind: 'checkpoint', job, bytes: analysis.bytes, state: seal.seal(analysis.checkpoint()) };
    case 'finish': {
      analysis.finish();
      const snapshot = snapshotOf(analysis, request.topCount);
      const doubts = [...noRowCounts(snapshot, analysis.dialect, snapshot.doubts), ...snapshot.doubts];
      return { kind: 'finished', job, snapshot: { ...snapshot, doubts }, rejects: analysis.takeRejects() };
    }
    case 'totals': {
      const totals = state.totals ?? analysis.encodedTotals(request.batchSize, encodeTotals)[Symbol.iterator]();
      state.totals = totals;
      const next = totals.next();
      return { kind: 'totals', job, batch: next.done ? new Uint8Array(0) : next.value };
    }
  }
}

function snapshotOf(analysis: CsvAnalysis, topCount: number): AnalysisSnapshot {
  const { bytes, dialect } = analysis;
  const snapshot = analysis.snapshot(topCount);
  return { ...snapshot, bytes, dialect, doubts: analysis.doubts(snapshot) };
}
