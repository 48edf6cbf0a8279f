import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Job, JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { createToasts } from '../shell/toasts.ts';
import { createUploads } from '../upload/uploads.ts';
import { createCancels } from './cancels.ts';

/** A page with one job, whose calls are written down. */
function pageWith(state: JobState, isSentHere: boolean) {
  const calls: string[] = [];
  let job: Job = create(JobSchema, { id: 'a', filename: 'sales.csv', state });
  const transfers: string[] = [];
  const uploads = createUploads((file) => {
    transfers.push(`send ${file.name}`);
    return { hurry() {}, stop: () => transfers.push('stop') };
  });
  if (isSentHere) uploads.start('a', '/uploads/a', new File(['1'], 'sales.csv'));
  const toasts = createToasts();
  const answer = (call: string, change: Partial<Job>) => async () => {
    calls.push(call);
    job = create(JobSchema, { ...job, ...change });
    return { job };
  };
  const cancels = createCancels({
    gateway: {
      cancelJob: answer('cancel', { state: JobState.CANCELED, fileKept: state !== JobState.UPLOADING }),
      retryJob: answer('retry', { state: JobState.QUEUED }),
    } as never,
    jobs: { find: () => job, ask: async (_, call) => void (await call()) },
    uploads,
    toasts,
    attempt: (call) => call(),
  });
  return { cancels, calls, transfers, uploads, toasts };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an upload of this tab', () => {
  it('stops at once, and goes on if it is called back', async () => {
    const { cancels, calls, transfers, uploads, toasts } = pageWith(JobState.UPLOADING, true);
    await cancels.cancel('a');
    expect({ calls, transfers }).toEqual({ calls: [], transfers: ['send sales.csv', 'stop'] });
    expect(uploads.find('a')?.phase).toBe('stopped');
    expect(uploads.isBusy()).toBe(false);
    expect(toasts.act(toasts.list[0]!.id)).toEqual(['#/jobs/a']);
    expect(uploads.find('a')?.phase).toBe('sending');
    vi.advanceTimersByTime(60_000);
    expect(calls).toEqual([]);
  });

  it('is cancelled when nobody has called it back, and once', async () => {
    const { cancels, calls } = pageWith(JobState.UPLOADING, true);
    await cancels.cancel('a');
    vi.advanceTimersByTime(60_000);
    cancels.flush();
    expect(calls).toEqual(['cancel']);
  });

  it('is cancelled at once when the page closes, or when it is cancelled once more', async () => {
    for (const end of ['flush', 'cancel'] as const) {
      const { cancels, calls } = pageWith(JobState.UPLOADING, true);
      await cancels.cancel('a');
      await cancels[end]('a');
      expect(calls).toEqual(['cancel']);
    }
  });
});

describe('an upload of somebody else', () => {
  it('is asked about, and cancelled if that is meant', async () => {
    const { cancels, calls, toasts } = pageWith(JobState.UPLOADING, false);
    await cancels.cancel('a');
    expect(cancels.asked()).toEqual({ id: 'a', name: 'sales.csv' });
    await cancels.answer(false);
    expect({ calls, asked: cancels.asked() }).toEqual({ calls: [], asked: undefined });
    await cancels.cancel('a');
    await cancels.answer(true);
    expect(calls).toEqual(['cancel']);
    expect(toasts.list).toEqual([]);
  });
});

describe('a job whose file is whole', () => {
  it('is cancelled at once, and run again if it is called back', async () => {
    const { cancels, calls, toasts } = pageWith(JobState.PROCESSING, false);
    await cancels.cancel('a');
    expect(calls).toEqual(['cancel']);
    expect(toasts.list.map(({ text }) => text)).toEqual(['sales.csv was cancelled.']);
    toasts.act(toasts.list[0]!.id);
    expect(calls).toEqual(['cancel', 'retry']);
  });
});
