import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { JobErrorSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { canRetry, isRunning, type JobPhase, jobPhase, type UploadPhase } from './job-phase.ts';

const rows = { rowsProcessed: 1n, receivedBytes: 9n };

describe('jobPhase', () => {
  it.each<[JobState, JobPhase]>([
    [JobState.QUEUED, 'queued'],
    [JobState.PROCESSING, 'processing'],
    [JobState.SUCCEEDED, 'succeeded'],
    [JobState.FAILED, 'failed'],
    [JobState.CANCELED, 'canceled'],
  ])('follows the server once the file is there (%d)', (state, phase) => {
    expect(jobPhase({ state, ...rows }, 'sending', true)).toBe(phase);
    expect(jobPhase({ state, ...rows }, undefined, false)).toBe(phase);
  });

  it('tells an empty file and one of which no row counted from those with totals, and from other failures', () => {
    const none = { ...rows, rowsProcessed: 0n };
    expect(jobPhase({ ...none, state: JobState.SUCCEEDED }, undefined, false)).toBe('empty');
    const failed = (code: string) => ({ ...none, state: JobState.FAILED, error: create(JobErrorSchema, { code }) });
    expect(jobPhase(failed('NO_ROW_COUNTS'), undefined, false)).toBe('uncounted');
    expect(jobPhase(failed('DISK_FULL'), undefined, false)).toBe('failed');
  });

  it.each([true, false])(
    'waits for a file of which nothing has come, if this tab does not send it (stalled: %s)',
    (stalled) => {
      const job = { state: JobState.UPLOADING, rowsProcessed: 0n, receivedBytes: 0n };
      expect(jobPhase(job, undefined, stalled)).toBe('awaiting');
      expect(jobPhase(job, 'sending', stalled)).toBe('uploading');
      expect(jobPhase(job, 'failed', stalled)).toBe('interrupted');
    },
  );

  it.each<[UploadPhase | undefined, boolean, JobPhase]>([
    ['waiting', true, 'uploadQueued'],
    ['sending', true, 'uploading'],
    ['done', false, 'uploading'],
    ['retrying', true, 'retrying'],
    ['failed', false, 'interrupted'],
    [undefined, false, 'elsewhere'],
    [undefined, true, 'interrupted'],
  ])('while uploading, with upload %s and stalled %s, is %s', (upload, stalled, phase) => {
    expect(jobPhase({ state: JobState.UPLOADING, ...rows }, upload, stalled)).toBe(phase);
  });
});

describe('canRetry', () => {
  it.each([JobState.FAILED, JobState.CANCELED])('needs the file on the server (%d)', (state) => {
    expect(canRetry({ state, fileKept: true })).toBe(true);
    expect(canRetry({ state, fileKept: false })).toBe(false);
  });

  it.each([JobState.PROCESSING, JobState.SUCCEEDED])('is for jobs without a result (%d)', (state) =>
    expect(canRetry({ state, fileKept: true })).toBe(false),
  );
});

describe('isRunning', () => {
  it('is false once a job has ended', () => {
    expect(isRunning(JobState.UPLOADING)).toBe(true);
    expect(isRunning(JobState.SUCCEEDED)).toBe(false);
    expect(isRunning(JobState.CANCELED)).toBe(false);
  });
});
