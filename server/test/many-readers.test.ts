/** A client that reads much at once, beside others that want something small. */
import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { endedJob, gatewayClient, totalsOf, upload } from './support/clients.ts';
import { SALES, SALES_TOTALS } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const KEYS = ['greedy-key-1234567890', 'modest-key-1234567890'] as const;
const show = (key: string) => ({ authorization: `Bearer ${key}` });
const DEPARTMENTS = 100_000;

test('a small upload and a list of another do not wait for sixty searches of one', async () => {
  await using server = await ServerProcess.start();
  const rows = Array.from({ length: DEPARTMENTS }, (_, index) => `Department ${index},${index}\n`);
  const { id } = await upload(server.url, `Department Name,Number of Sales\n${rows.join('')}`);
  await endedJob(server.url, id);
  const client = gatewayClient(server.url);
  let answered = 0;
  const search = { jobId: id, orderBy: 'mean desc', search: 'e', pageSize: 1_000 };
  const searches = Array.from({ length: 60 }, () =>
    client.listTotals(search).then(({ totals, totalSize }) => {
      answered++;
      return [totals[0]?.department, totalSize];
    }),
  );
  expect(await totalsOf(server.url, SALES)).toBe(SALES_TOTALS);
  const before = answered;
  expect(await Promise.all(searches)).toEqual(searches.map(() => [`Department ${DEPARTMENTS - 1}`, DEPARTMENTS]));
  expect(before).toBeLessThan(searches.length);
});

test('who has too many readings waiting is told so, and another key is served', async () => {
  await using server = await ServerProcess.start({ API_KEYS: KEYS.join(',') });
  const rows = Array.from({ length: DEPARTMENTS }, (_, index) => `Department ${index},${index}\n`);
  const csv = `Department Name,Number of Sales\n${rows.join('')}`;
  const { id } = await upload(server.url, csv, '', { headers: show(KEYS[0]) });
  const greedy = gatewayClient(server.url, show(KEYS[0]));
  for await (const { event } of greedy.watchJobs({ ids: [id] })) {
    const jobs = event.case === 'snapshot' ? event.value.jobs : event.case === 'job' ? [event.value] : [];
    if (jobs[0]?.finishTime) break;
  }
  const outcomes = Promise.allSettled(
    Array.from({ length: 150 }, () => greedy.listTotals({ jobId: id, orderBy: 'sum', search: 'e' })),
  );
  expect((await gatewayClient(server.url, show(KEYS[1])).listJobs({})).jobs).toEqual([]);
  const refused = (await outcomes).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(150);
  for (const { reason } of refused) expect(ConnectError.from(reason).code).toBe(Code.ResourceExhausted);
});
