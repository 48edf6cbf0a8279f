/** Uploads of which the disk has lost something, over real sockets: no fragment ever becomes a result. */
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, upload } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { serverStarter } from './support/servers.ts';

/** More than is held in memory. */
const CSV = Buffer.from(SALES + 'Books,2024-01-03,1\n'.repeat(300_000));
const HALF = Math.floor(CSV.length / 2);
const NO_PROCESSOR = { ROLE: 'gateway', PROCESSOR_URL: 'http://127.0.0.1:9' };
const TUS = { 'tus-resumable': '1.0.0' };
const start = serverStarter();

const spoolFile = ({ dataDir }: ServerProcess, id: string) => join(dataDir, 'spool', id);

async function patch({ url }: ServerProcess, id: string, from: number, to: number): Promise<Response> {
  const headers = { ...TUS, 'upload-offset': String(from), 'content-type': 'application/offset+octet-stream' };
  return await fetch(`${url}/uploads/${id}`, { method: 'PATCH', headers, body: CSV.subarray(from, to) });
}

test('an upload that was answered with 202 and is cut by a crash fails, and a retry does not make its fragment a result', async () => {
  const first = await start(NO_PROCESSOR);
  const { id, response } = await upload(first.url, CSV);
  expect(response.status).toBe(202);
  await first.stop('SIGKILL');
  await truncate(spoolFile(first, id), HALF);
  const second = await start({ DATA_DIR: first.dataDir });
  const words = new RegExp(
    `received ${CSV.length} bytes of this file, but its disk holds ${HALF}: upload the file again`,
  );
  const failed = { state: JobState.FAILED, error: { code: 'UPLOAD_GONE', message: expect.stringMatching(words) } };
  expect(await endedJob(second.url, id)).toMatchObject(failed);
  const error = await gatewayClient(second.url).retryJob({ id }).catch(ConnectError.from);
  expect(error).toMatchObject({ code: Code.FailedPrecondition, rawMessage: expect.stringMatching(words) });
  expect((await gatewayClient(second.url).getJob({ id })).job).toMatchObject(failed);
  expect((await fetch(`${second.url}/jobs/${id}/totals.csv`)).status).toBe(409);
});

test('an upload that is cut while it waits for its analysis fails with it, and so does every retry', async () => {
  const processor = await ServerProcess.start({ ROLE: 'processor' });
  await processor[Symbol.asyncDispose]();
  const { port } = new URL(processor.url);
  const gateway = await start({ ROLE: 'gateway', PROCESSOR_URL: processor.url });
  const { id } = await upload(gateway.url, CSV);
  await truncate(spoolFile(gateway, id), HALF);
  await start({ ROLE: 'processor', PORT: port });
  const failed = { state: JobState.FAILED, error: { code: 'UPLOAD_GONE' } };
  expect(await endedJob(gateway.url, id)).toMatchObject(failed);
  await expect(gatewayClient(gateway.url).retryJob({ id })).rejects.toThrow(`its disk holds ${HALF}:`);
  expect((await gatewayClient(gateway.url).getJob({ id })).job).toMatchObject(failed);
});

test.each(['HEAD', 'PATCH'])(
  'an upload by tus that has lost answered bytes is told so at %s: its job has failed',
  async (method) => {
    const server = await start(NO_PROCESSOR);
    const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: BigInt(CSV.length) });
    const id = job?.id ?? '';
    expect((await patch(server, id, 0, HALF)).status).toBe(204);
    await truncate(spoolFile(server, id), HALF - 1);
    const url = `${server.url}/uploads/${id}`;
    const answer =
      method === 'HEAD' ? await fetch(url, { method, headers: TUS }) : await patch(server, id, HALF, HALF + 9);
    expect(answer.status).toBe(410);
    if (method === 'PATCH')
      expect(await answer.text()).toContain(`received ${HALF} bytes of this file, but its disk holds ${HALF - 1}:`);
    const failed = { state: JobState.FAILED, error: { code: 'UPLOAD_GONE' } };
    expect(await endedJob(server.url, id)).toMatchObject(failed);
    await expect(gatewayClient(server.url).retryJob({ id })).rejects.toThrow('upload the file again');
  },
);

test('bytes that came with the creation of an upload, and were answered, are missed too', async () => {
  const server = await start(NO_PROCESSOR);
  const headers = { ...TUS, 'upload-length': String(CSV.length), 'content-type': 'application/offset+octet-stream' };
  const body = CSV.subarray(0, HALF);
  const created = await fetch(`${server.url}/uploads`, { method: 'POST', headers, body });
  expect([created.status, created.headers.get('upload-offset')]).toEqual([201, String(HALF)]);
  const url = new URL(created.headers.get('location') ?? '', server.url);
  await truncate(spoolFile(server, url.pathname.split('/').at(-1) ?? ''), HALF - 1);
  expect((await fetch(url, { method: 'HEAD', headers: TUS })).status).toBe(410);
});

test('an upload by tus that was whole and told so fails after a loss; nobody would come to send it again', async () => {
  const first = await start(NO_PROCESSOR);
  const { job } = await gatewayClient(first.url).createJob({ filename: 'a.csv', sizeBytes: BigInt(CSV.length) });
  const id = job?.id ?? '';
  expect((await patch(first, id, 0, CSV.length)).status).toBe(204);
  await first.stop('SIGKILL');
  await truncate(spoolFile(first, id), HALF);
  const second = await start({ DATA_DIR: first.dataDir });
  expect(await endedJob(second.url, id)).toMatchObject({ state: JobState.FAILED, error: { code: 'UPLOAD_GONE' } });
});
