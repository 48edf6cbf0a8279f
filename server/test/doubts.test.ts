/** Doubts reach everybody who asks about a total: in the answer to an upload, on the job while it runs, at its end. */
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, transports, upload, watchJob } from './support/clients.ts';
import { ServerProcess } from './support/server-process.ts';

const AMBIGUOUS = 'Abteilung;Umsatz\nToys;1.234\nGames;2.000\n';
const CODE = 'DECIMAL_SEPARATOR_UNCERTAIN';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(async () => await server[Symbol.asyncDispose]());

const codes = (doubts: readonly { code: string }[]) => doubts.map(({ code }) => code);

test('the answer to an upload tells them, and so does the job', async () => {
  const { id, json, response } = await upload(server.url, AMBIGUOUS);
  expect(response.status).toBe(202);
  expect(json['doubts']).toEqual([
    { code: CODE, message: 'Amounts such as 1.234 are read as 1234; set decimalSeparator to "." if that is wrong.' },
  ]);
  const job = await endedJob(server.url, id);
  expect(codes(job.doubts)).toEqual([CODE]);
  expect((await gatewayClient(server.url).getJob({ id })).job?.doubts).toEqual(job.doubts);
});

test('the advice of a doubt settles it', async () => {
  const { id } = await upload(server.url, AMBIGUOUS, '?decimalSeparator=.');
  expect(await endedJob(server.url, id)).toMatchObject({ total: '3.234', doubts: [] });
});

test('a job that still runs has the doubts of its beginning', async () => {
  const client = gatewayClient(server.url);
  const text = Buffer.from(AMBIGUOUS + 'Toys;5\n'.repeat(20_000));
  const { job, uploadUrl } = await client.createJob({ filename: 'a.csv', sizeBytes: BigInt(text.length + 1) });
  const headers = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  await fetch(uploadUrl, { method: 'PATCH', headers, body: text });
  const seen = await watchJob(server.url, job?.id ?? '', ({ doubts }) => doubts.length > 0);
  expect(seen.at(-1)).toMatchObject({
    state: JobState.UPLOADING,
    doubts: [{ code: CODE }],
    dialect: { delimiter: ';', departmentIndex: 0 },
  });
  await client.cancelJob({ id: job?.id ?? '' });
});

test.each(Object.keys(transports('http://127.0.0.1:1')))('progress and summary tell them by %s', async (name) => {
  const requests = async function* () {
    yield { message: { case: 'chunk' as const, value: Buffer.from(AMBIGUOUS) } };
  };
  const seen: Record<string, string[]> = {};
  for await (const { message } of createClient(ProcessorService, transports(server.url)[name]!).processCsv(
    requests(),
  )) {
    if (message.case === 'progress' || message.case === 'summary') seen[message.case] = codes(message.value.doubts);
  }
  expect(seen).toEqual({ progress: [CODE], summary: [CODE] });
});

test('a job of which no row counts fails with what to do, and can be tried again with that', async () => {
  const client = gatewayClient(server.url);
  const { id } = await upload(server.url, 'Department;Amount\na;1,50\nb;2,5\n', '?decimalSeparator=.');
  const failed = await endedJob(server.url, id);
  expect(failed).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'NO_ROW_COUNTS', message: expect.stringContaining('set decimalSeparator to ","') },
    rejectsStored: 2n,
  });
  expect((await client.listRejects({ jobId: id })).rejects.map(({ raw }) => raw)).toEqual(['a;1,50', 'b;2,5']);
  expect((await fetch(`${server.url}/jobs/${id}/rejects.csv`)).status).toBe(200);
  const totals = await fetch(`${server.url}/jobs/${id}/totals.csv`);
  expect(totals.status).toBe(409);
  expect(await totals.json()).toMatchObject({ state: 'JOB_STATE_FAILED' });
  await client.retryJob({ id, options: { decimalSeparator: ',' } });
  expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.SUCCEEDED, total: '4.00', rejectsStored: 0n });
  expect((await client.listRejects({ jobId: id })).rejects).toEqual([]);
});

test.each(['', '\n', 'Department,Amount\n'])('a file without rows is told: %j', async (csv) => {
  const { id } = await upload(server.url, csv);
  const job = await endedJob(server.url, id);
  expect({ state: job.state, codes: codes(job.doubts) }).toEqual({ state: JobState.SUCCEEDED, codes: ['NO_ROWS'] });
});
