import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { canAskAgain, whyGone } from './ask-again.ts';

const job = (more: MessageInitShape<typeof JobSchema>) =>
  create(JobSchema, { state: JobState.SUCCEEDED, sizeBytes: 9n, fileKept: true, ...more });

describe('canAskAgain', () => {
  it('needs the file, and something in it', () => {
    expect(canAskAgain(job({}))).toBe(true);
    expect(canAskAgain(job({ fileKept: false }))).toBe(false);
    expect(canAskAgain(job({ sizeBytes: 0n }))).toBe(false);
  });

  it('is for a failure that has no settings on its page already', () => {
    expect(canAskAgain(job({ state: JobState.FAILED, error: { code: 'DISK_FULL' } }))).toBe(true);
    expect(canAskAgain(job({ state: JobState.FAILED, error: { code: 'COLUMN_NOT_FOUND' } }))).toBe(false);
    expect(canAskAgain(job({ state: JobState.CANCELED }))).toBe(false);
  });

  it('is not for a job that still runs', () => expect(canAskAgain(job({ state: JobState.PROCESSING }))).toBe(false));
});

describe('whyGone', () => {
  it('says of a file of the server where it was', () => {
    expect(whyGone({ source: 'file:///data/sales.csv' })).toContain('/data/sales.csv');
    expect(whyGone({ source: 'jobs/5' })).toContain('upload');
  });
});
