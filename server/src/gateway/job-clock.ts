import { type Timestamp, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';

type JobTimes = Pick<Job, 'createTime' | 'startTime' | 'uploadFinishTime' | 'finishTime'>;

/** The times of one job: the day is the machine's, the distances are those of a clock that nobody can set back. */
export class JobClock {
  readonly #startMs: number;
  readonly #startedAt: number;
  readonly #monotonicNow: () => number;

  /**
   * @param job whose times so far are all in the past, whatever the machine says
   * @param monotonicNow in milliseconds
   */
  constructor(job: JobTimes, monotonicNow: () => number = () => performance.now()) {
    const known = [job.createTime, job.startTime, job.uploadFinishTime, job.finishTime];
    this.#startMs = Math.max(Date.now(), ...known.map((time) => (time ? timestampMs(time) : 0)));
    this.#monotonicNow = monotonicNow;
    this.#startedAt = monotonicNow();
  }

  now(): Timestamp {
    return timestampFromMs(this.#startMs + Math.floor(this.#monotonicNow() - this.#startedAt));
  }
}
