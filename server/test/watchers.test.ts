/** Many who watch the same job. */
import { connect as connectHttp2 } from 'node:http2';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { expect, test } from 'vitest';
import { GatewayService, JobState, type WatchJobsResponse } from '#gen/tallystream/v1/gateway_pb.ts';
import { gatewayClient, totalsOf } from './support/clients.ts';
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
