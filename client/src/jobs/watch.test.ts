import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayService, type WatchJobsResponse, WatchJobsResponseSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { backoffMs } from './backoff.ts';
import { makeWatch, silenceMs, type Watch, type WatchStatus } from './watch.ts';

type Script = (signal: AbortSignal) => AsyncIterable<WatchJobsResponse>;

const snapshot = () => create(WatchJobsResponseSchema, { event: { case: 'snapshot', value: { jobs: [] } } });
const job = (id: string) => create(WatchJobsResponseSchema, { event: { case: 'job', value: { id } } });
const heartbeat = () => create(WatchJobsResponseSchema, { event: { case: 'heartbeat', value: {} } });
const closed = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Plays one script for each time the stream is opened, the last one again and again. */
function play(...scripts: Script[]) {
  const events: string[] = [];
  const statuses: WatchStatus[] = [];
  let opened = 0;
  const transport = createRouterTransport(({ service }) => {
    service(GatewayService, {
      watchJobs(_request, context) {
        const script = scripts[Math.min(opened++, scripts.length - 1)] as Script;
        return script(context.signal);
      },
    });
  });
  const gateway = createClient(GatewayService, transport);
  watch = makeWatch({
    open: (signal) => gateway.watchJobs({}, { signal }),
    onEvent: (event) => events.push(event.case === 'job' ? event.value.id : (event.case ?? 'none')),
    onStatus: (status) => statuses.push(status),
    random: () => 1,
  });
  return { events, statuses, opened: () => opened };
}

let watch: Watch;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

describe('makeWatch', () => {
  it('hands on the snapshot and every change, but no heartbeats', async () => {
    const seen = play(async function* (signal) {
      yield snapshot();
      yield heartbeat();
      yield job('1');
      await closed(signal);
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(seen.events).toEqual(['snapshot', '1']);
    expect(seen.statuses).toEqual(['live']);
  });

  it('opens another stream at once when it is told to, and hears nothing more of the first', async () => {
    const seen = play(
      async function* (signal) {
        yield snapshot();
        await closed(signal);
        yield job('late');
      },
      async function* (signal) {
        yield snapshot();
        yield job('2');
        await closed(signal);
      },
    );
    await vi.advanceTimersByTimeAsync(10);
    watch.restart();
    await vi.advanceTimersByTimeAsync(10);
    expect(seen.opened()).toBe(2);
    expect(seen.events).toEqual(['snapshot', 'snapshot', '2']);
    expect(seen.statuses).toEqual(['live', 'connecting', 'live']);
  });

  it('connects again after the stream has ended', async () => {
    const seen = play(
      async function* () {
        yield snapshot();
      },
      async function* (signal) {
        yield snapshot();
        yield job('2');
        await closed(signal);
      },
    );
    await vi.advanceTimersByTimeAsync(10);
    expect(seen.statuses).toEqual(['live', 'lost']);
    await vi.advanceTimersByTimeAsync(backoffMs(0, () => 1));
    expect(seen.statuses).toEqual(['live', 'lost', 'live']);
    expect(seen.events).toEqual(['snapshot', 'snapshot', '2']);
  });

  it('waits longer from failure to failure', async () => {
    // biome-ignore lint/correctness/useYield: fails before it yields
    const seen = play(async function* () {
      throw new ConnectError('stopping', Code.Unavailable);
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(seen.opened()).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(seen.opened()).toBe(2);
    await vi.advanceTimersByTimeAsync(900);
    expect(seen.opened()).toBe(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(seen.opened()).toBe(3);
    expect(seen.statuses).toEqual(['lost']);
  });

  it('gives up a stream that has fallen silent', async () => {
    const seen = play(
      async function* (signal) {
        yield snapshot();
        await closed(signal);
      },
      async function* (signal) {
        yield snapshot();
        await closed(signal);
      },
    );
    await vi.advanceTimersByTimeAsync(silenceMs - 100);
    expect(seen.opened()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(seen.statuses).toEqual(['live', 'lost']);
    await vi.advanceTimersByTimeAsync(600);
    expect(seen.opened()).toBe(2);
    expect(seen.statuses.at(-1)).toBe('live');
  });

  it('keeps a stream with heartbeats', async () => {
    const seen = play(async function* (signal) {
      yield snapshot();
      while (!signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 15_000));
        yield heartbeat();
      }
    });
    await vi.advanceTimersByTimeAsync(10 * silenceMs);
    expect(seen.opened()).toBe(1);
    expect(seen.statuses).toEqual(['live']);
  });

  it('connects at once when woken while it waits', async () => {
    const seen = play(
      async function* () {
        yield snapshot();
      },
      async function* (signal) {
        yield snapshot();
        await closed(signal);
      },
    );
    await vi.advanceTimersByTimeAsync(10);
    watch.wake();
    await vi.advanceTimersByTimeAsync(10);
    expect(seen.opened()).toBe(2);
    watch.wake();
    await vi.advanceTimersByTimeAsync(10);
    expect(seen.opened()).toBe(2);
  });

  it('tells a refusal from a loss', async () => {
    // biome-ignore lint/correctness/useYield: fails before it yields
    const seen = play(async function* () {
      throw new ConnectError('no key', Code.Unauthenticated);
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(seen.statuses).toEqual(['denied']);
  });

  it('stops', async () => {
    const seen = play(async function* () {
      yield snapshot();
    });
    await vi.advanceTimersByTimeAsync(10);
    watch.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.opened()).toBe(1);
  });
});

describe('backoffMs', () => {
  it('doubles up to a limit', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 1000].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
    ]);
  });
  it('is half random', () => {
    expect(backoffMs(0, () => 0)).toBe(250);
  });
});
