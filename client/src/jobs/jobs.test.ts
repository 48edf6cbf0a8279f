import { create } from '@bufbuild/protobuf';
import { createClient, createRouterTransport } from '@connectrpc/connect';
import { createRoot } from 'solid-js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  GatewayService,
  type Job,
  JobSchema,
  JobState,
  JobsSnapshotSchema,
  type WatchJobsResponse,
  WatchJobsResponseSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import { eventually } from '../../test/eventually.ts';
import { createJobs } from './jobs.ts';

let stop = () => {};
afterEach(() => stop());

/** Jobs of which the stream has brought a failed one, that is asked to run again: stream and answer are the test's. */
async function retriedJob() {
  const events = new TransformStream<WatchJobsResponse['event'], WatchJobsResponse['event']>();
  const writer = events.writable.getWriter();
  const answer = Promise.withResolvers<void>();
  let opened = 0;
  const transport = createRouterTransport(({ service }) => {
    service(GatewayService, {
      async *watchJobs() {
        opened++;
        if (opened > 1) return;
        for await (const event of events.readable) yield create(WatchJobsResponseSchema, { event });
      },
      async retryJob({ id }) {
        await answer.promise;
        return { job: { id, state: JobState.QUEUED } };
      },
    });
  });
  const gateway = createClient(GatewayService, transport);
  const jobs = createRoot(() => createJobs(gateway));
  stop = () => jobs.stop();
  const state = () => jobs.find('1')?.state;
  const tell = async (state: JobState) =>
    await writer.write({ case: 'job', value: create(JobSchema, { id: '1', state }) });
  await tell(JobState.FAILED);
  await eventually(() => expect(state()).toBe(JobState.FAILED));
  const asked = jobs.ask('1', () => gateway.retryJob({ id: '1' }));
  return {
    jobs,
    state,
    tell,
    opened: () => opened,
    snapshot: (of: Job[]) => writer.write({ case: 'snapshot', value: create(JobsSnapshotSchema, { jobs: of }) }),
    tellOfDeletion: () => writer.write({ case: 'deletedId', value: '1' }),
    async answer() {
      answer.resolve();
      await asked;
    },
  };
}

describe('createJobs', () => {
  it('takes the answer to a call', async () => {
    const { state, answer } = await retriedJob();
    await answer();
    expect(state()).toBe(JobState.QUEUED);
  });

  it('keeps what the stream has told before a slower answer', async () => {
    const { state, tell, answer } = await retriedJob();
    await tell(JobState.SUCCEEDED);
    await eventually(() => expect(state()).toBe(JobState.SUCCEEDED));
    await answer();
    expect(state()).toBe(JobState.SUCCEEDED);
  });

  it('takes a job that was just made, and nothing older of it than the stream has told', async () => {
    const { jobs, state, tell } = await retriedJob();
    jobs.add(create(JobSchema, { id: '2', state: JobState.QUEUED }));
    expect(jobs.find('2')?.state).toBe(JobState.QUEUED);
    await tell(JobState.SUCCEEDED);
    await eventually(() => expect(state()).toBe(JobState.SUCCEEDED));
    jobs.add(create(JobSchema, { id: '1', state: JobState.QUEUED }));
    expect(state()).toBe(JobState.SUCCEEDED);
  });

  it('tells nobody that a job was deleted which a snapshot only leaves out', async () => {
    const { jobs, state, snapshot, tellOfDeletion } = await retriedJob();
    const told = vi.fn();
    jobs.onChange(told);
    await snapshot([]);
    await eventually(() => expect(state()).toBeUndefined());
    expect(told).not.toHaveBeenCalled();
    await tellOfDeletion();
    await eventually(() => expect(told).toHaveBeenCalledWith('1', undefined));
  });

  it('keeps the news from nobody because another listener has failed', async () => {
    const { jobs, tell } = await retriedJob();
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    jobs.onChange(() => {
      throw new Error('cannot');
    });
    const told = vi.fn();
    jobs.onChange(told);
    await tell(JobState.SUCCEEDED);
    await eventually(() => expect(told).toHaveBeenCalledOnce());
    expect(reported).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });

  it('knows nothing when it starts anew, until the next stream tells', async () => {
    const { jobs, state, opened } = await retriedJob();
    jobs.restart();
    expect(state()).toBeUndefined();
    expect(jobs.isLoaded()).toBe(false);
    await eventually(() => expect(opened()).toBe(2));
  });

  it('does not bring back a job that was deleted meanwhile', async () => {
    const { state, tellOfDeletion, answer } = await retriedJob();
    await tellOfDeletion();
    await eventually(() => expect(state()).toBeUndefined());
    await answer();
    expect(state()).toBeUndefined();
  });
});
