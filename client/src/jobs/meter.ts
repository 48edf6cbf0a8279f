import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { isRunning } from './job-phase.ts';
import { makeRate } from './rate.ts';
import { type History, makeHistory } from './speed-history.ts';
import { makeTimeLeft } from './time-left.ts';

/** Figures that are derived from watching a job run. */
export interface Figures {
  /** Rows a second, counted and rejected ones. */
  rowsPerSecond: number;
  /** Bytes analysed a second. */
  bytesPerSecond: number;
  /** Seconds until the result; undefined while that is not known. */
  secondsLeft: number | undefined;
  /** True if an upload has not moved for some time. */
  stalled: boolean;
  /** For how long no new byte was seen to arrive; a page that was just opened has seen nothing before. */
  quietSeconds: number;
}

/** Figures of a job that nothing is known about. */
export const noFigures: Figures = {
  rowsPerSecond: 0,
  bytesPerSecond: 0,
  secondsLeft: undefined,
  stalled: false,
  quietSeconds: 0,
};

/** An upload without a new byte for this long has lost its sender. */
const stallMs = 6000;

/** Measures a job from its successive states. */
export interface Meter {
  /** Takes the state of the job at a time in milliseconds and returns the figures. */
  update(job: Job, atMs: number): Figures;
  /** Bytes analysed a second since the job was first seen. */
  speeds(): ReturnType<History['rates']>;
}

/** Makes a {@link Meter}. */
export function makeMeter(): Meter {
  let rows = makeRate();
  let bytes = makeRate();
  const history = makeHistory();
  let timeLeft = makeTimeLeft();
  let grew: { received: bigint; atMs: number } | undefined;
  return {
    update(job, atMs) {
      if (!isRunning(job.state)) return noFigures;
      rows.add(Number(job.rowsProcessed + job.rowsRejected), atMs);
      bytes.add(Number(job.processedBytes), atMs);
      history.add(Number(job.processedBytes), atMs);
      if (grew === undefined || job.receivedBytes !== grew.received) grew = { received: job.receivedBytes, atMs };
      const size = job.sizeBytes ?? (job.state === JobState.UPLOADING ? undefined : job.receivedBytes);
      const stalled = job.state === JobState.UPLOADING && atMs - grew.atMs > stallMs;
      if (stalled) {
        // Only the values after the pause say how fast it goes.
        [rows, bytes, timeLeft] = [makeRate(), makeRate(), makeTimeLeft()];
      }
      return {
        rowsPerSecond: rows.perSecond,
        bytesPerSecond: bytes.perSecond,
        secondsLeft:
          size === undefined || stalled
            ? undefined
            : timeLeft.update(Number(size - job.processedBytes), bytes.perSecond, atMs),
        stalled,
        quietSeconds: (atMs - grew.atMs) / 1000,
      };
    },
    speeds: history.rates,
  };
}
