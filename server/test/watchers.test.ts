/** Many clients that watch the same job. */
import { connect as connectHttp2 } from 'node:http2';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { expect, test } from 'vitest';
import { GatewayService, JobState, type WatchJobsResponse } from '#gen/tallystream/v1/gateway_pb.ts';
import { gatewayClient, totalsOf, transports } from './support/clients.ts';
import { metric } from './support/metrics.ts';
import { SALES, SALES_TOTALS } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const CONNECTIONS = 10;
const WATCHERS_EACH = 100;
const WATCHERS = CONNECTIONS * WATCHERS_EACH;

const watchersOf = (url: string) => metric(url, 'tallystream_watchers');

function stateIn({ event }: WatchJobsResponse): JobState | undefined {
  if (event.case === 'job') return event.value.state;
  return event.case === 'snapshot' ? event.value.jobs[0]?.state : undefined;
}

test('a thousand watchers all hear of the end of a job, and none is left when they have gone', async () => {
  await using server = await ServerProcess.start();
  const client = gatewayClient(server.url);
  const { job } = await client.createJob({ filename: 'watched.csv', sizeBytes: BigInt(SALES.length) });
  const id = job?.id ?? '';
  const leaving = new AbortController();
  const sessions = Array.from({ length: CONNECTIONS }, () => new Http2SessionManager(server.url));
  const watchers = sessions.flatMap((sessionManager) => {
    const transport = createConnectTransport({ baseUrl: server.url, httpVersion: '2', sessionManager });
    const watcher = createClient(GatewayService, transport);
    return Array.from({ length: WATCHERS_EACH }, () => {
      const stream = watcher.watchJobs({ ids: [id] }, { signal: leaving.signal });
      return stream[Symbol.asyncIterator]();
    });
  });
  const first = await Promise.all(watchers.map((watcher) => watcher.next()));
  expect(first.every(({ value }) => stateIn(value) === JobState.UPLOADING)).toBe(true);
  expect(await watchersOf(server.url)).toBe(WATCHERS);

  const ends = watchers.map(async (watcher) => {
    for (;;) {
      const { value, done } = await watcher.next();
      if (done || stateIn(value) === JobState.SUCCEEDED) return done ? 'not told' : 'told';
    }
  });
  const sent = await fetch(`${server.url}${job?.uploadUrl}`, {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: SALES,
  });
  expect(sent.status).toBe(204);
  expect(await Promise.all(ends)).toEqual(Array.from({ length: WATCHERS }, () => 'told'));

  // Half of them go with their connection, the others one by one.
  const after = watchers.map((watcher) => watcher.next().catch(() => 'gone'));
  for (const session of sessions.slice(CONNECTIONS / 2)) session.abort();
  leaving.abort();
  await Promise.all(after);
  while ((await watchersOf(server.url)) > 0);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(await totalsOf(server.url, SALES)).toBe(SALES_TOTALS);
  // The one that waited for the totals has gone too, or goes now.
  while ((await watchersOf(server.url)) > 0);
});

test('a watcher that reads nothing and leaves without an error code is gone too', async () => {
  await using server = await ServerProcess.start();
  const session = connectHttp2(server.url, { settings: { initialWindowSize: 0 } });
  const stream = session.request({
    ':method': 'POST',
    ':path': '/tallystream.v1.GatewayService/WatchJobs',
    'content-type': 'application/connect+json',
  });
  stream.end(Buffer.from('\0\0\0\0\x02{}'));
  while ((await watchersOf(server.url)) !== 1);
  stream.close(0);
  while ((await watchersOf(server.url)) > 0);
  session.destroy();
});

const MANY_JOBS = 40;
const MANY_WATCHERS = 100;

test.each(Object.keys(transports('http://localhost')))(
  'by %s a snapshot and a change are serialised once, however many watch',
  async (name) => {
    await using server = await ServerProcess.start();
    const client = gatewayClient(server.url);
    const made = await Promise.all(
      Array.from({ length: MANY_JOBS }, () => client.createJob({ filename: 'quiet.csv', sizeBytes: 1000n })),
    );
    const leaving = new AbortController();
    const watcher = createClient(GatewayService, transports(server.url)[name]!);
    const watching = Array.from({ length: MANY_WATCHERS }, () =>
      watcher.watchJobs({}, { signal: leaving.signal })[Symbol.asyncIterator](),
    );
    const snapshots = await Promise.all(watching.map((each) => each.next()));
    for (const { value } of snapshots) {
      expect(value.event.value.jobs.map(({ id }: { id: string }) => id).sort()).toEqual(
        made.map(({ job }) => job?.id).sort(),
      );
    }
    const serialized = () => metric(server.url, 'tallystream_watch_messages_made');
    expect(await serialized()).toBe(1);
    await client.cancelJob({ id: made[0]?.job?.id ?? '' });
    const changes = await Promise.all(watching.map((each) => each.next()));
    for (const { value } of changes) expect(stateIn(value)).toBe(JobState.CANCELED);
    expect(await serialized()).toBe(2);
    leaving.abort();
    await Promise.all(watching.map((each) => each.next().catch(() => 'gone')));
  },
);

test('over one connection only so many may watch, and others still can', async () => {
  await using server = await ServerProcess.start();
  const sessionManager = new Http2SessionManager(server.url);
  const transport = createConnectTransport({ baseUrl: server.url, httpVersion: '2', sessionManager });
  const leaving = new AbortController();
  const greedy = createClient(GatewayService, transport);
  const first = await Promise.allSettled(
    Array.from({ length: 510 }, () => greedy.watchJobs({}, { signal: leaving.signal })[Symbol.asyncIterator]().next()),
  );
  const refused = first.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(10);
  const { reason } = refused[0] as PromiseRejectedResult;
  const error = ConnectError.from(reason);
  expect(error.code).toBe(Code.ResourceExhausted);
  expect(error.rawMessage).toMatch(/At most 500 WatchJobs calls/);
  const honest = gatewayClient(server.url).watchJobs({}, { signal: leaving.signal })[Symbol.asyncIterator]();
  expect((await honest.next()).value.event.case).toBe('snapshot');
  leaving.abort();
  sessionManager.abort();
});

test('hundreds who watch a job that has ended are all told of it', async () => {
  await using server = await ServerProcess.start();
  const client = gatewayClient(server.url);
  const { job } = await client.createJob({ filename: 'ended.csv', sizeBytes: 1000n });
  const id = job?.id ?? '';
  await client.cancelJob({ id });
  const leaving = new AbortController();
  const watcher = createClient(GatewayService, transports(server.url)['gRPC']!);
  const watching = Array.from({ length: 300 }, () =>
    watcher.watchJobs({ ids: [id] }, { signal: leaving.signal })[Symbol.asyncIterator](),
  );
  const first = await Promise.all(watching.map((each) => each.next()));
  expect(first.every(({ value }) => stateIn(value) === JobState.CANCELED)).toBe(true);
  leaving.abort();
  await Promise.all(watching.map((each) => each.next().catch(() => 'gone')));
});
