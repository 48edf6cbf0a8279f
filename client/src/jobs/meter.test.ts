import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { makeMeter, noFigures } from './meter.ts';

const uploading = (received: number, processed: number, sizeBytes: bigint | undefined = 100_000n) =>
  create(JobSchema, {
    state: JobState.UPLOADING,
    sizeBytes,
    receivedBytes: BigInt(received),
    processedBytes: BigInt(processed),
    rowsProcessed: BigInt(processed / 10),
    rowsRejected: BigInt(processed / 100),
  });

describe('makeMeter', () => {
  it('measures rows and bytes, and what is left', () => {
    const meter = makeMeter();
    let figures = noFigures;
    for (let at = 0; at <= 3000; at += 100) figures = meter.update(uploading(at * 2 + 500, at * 2), at);
    expect(figures.bytesPerSecond).toBeCloseTo(2000);
    expect(figures.rowsPerSecond).toBeCloseTo(220);
    expect(figures.secondsLeft).toBeCloseTo(47, 0);
    expect(figures.stalled).toBe(false);
  });

  it('notices an upload that nobody sends any more, and its going on', () => {
    const meter = makeMeter();
    meter.update(uploading(500, 500), 0);
    expect(meter.update(uploading(500, 500), 5000).stalled).toBe(false);
    expect(meter.update(uploading(500, 500), 6100)).toMatchObject({
      stalled: true,
      secondsLeft: undefined,
      quietSeconds: 6.1,
    });
    expect(meter.update(uploading(600, 500), 6200).stalled).toBe(false);
  });

  it('measures anew after a pause, which says nothing of how fast it goes', () => {
    const meter = makeMeter();
    for (let at = 0; at <= 3000; at += 100) meter.update(uploading(at, at), at);
    for (let at = 3100; at <= 60_000; at += 100) meter.update(uploading(3000, 3000), at);
    expect(meter.update(uploading(3000, 3000), 60_100).bytesPerSecond).toBe(0);
    let figures = noFigures;
    for (let at = 60_200; at <= 63_000; at += 100) {
      figures = meter.update(uploading(at - 57_000, at - 57_000), at);
      if (figures.secondsLeft !== undefined) expect(figures.secondsLeft).toBeLessThan(100);
    }
    expect(figures.bytesPerSecond).toBeCloseTo(1000, -2);
    expect(figures.secondsLeft).toBeCloseTo(94, -1);
  });

  it('does not guess the end of a stream without a length', () => {
    const meter = makeMeter();
    const job = (at: number) => ({ ...uploading(at, at), sizeBytes: undefined });
    for (let at = 0; at <= 3000; at += 100) meter.update(job(at), at);
    expect(meter.update(job(3100), 3100).secondsLeft).toBeUndefined();
  });

  it('has nothing to say about a job that has ended', () => {
    const job = create(JobSchema, { state: JobState.SUCCEEDED, processedBytes: 5n });
    expect(makeMeter().update(job, 0)).toEqual(noFigures);
  });
});
