/** Requests that break the rules of HTTP or tus: each is answered in words, and the server stays well. */
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, jobNamed, upload, watchJob } from './support/clients.ts';
import { answerTo } from './support/requests.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { expectNothingLeft } from './support/wellness.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterEach(() => expectNothingLeft(server));
afterAll(() => server[Symbol.asyncDispose]());

/** Sends bytes as they are, ends, and returns the status of every answer until the server has closed. */
async function talk(text: string): Promise<number[]> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => {});
  let answer = '';
  socket.setEncoding('latin1').on('data', (data) => (answer += data));
  socket.end(text);
  await new Promise((resolve) => socket.on('close', resolve));
  return [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
}

const put = (name: string, ...headers: string[]) =>
  `PUT /upload/${name} HTTP/1.1\r\nhost: localhost\r\n${headers.join('\r\n')}\r\n\r\n`;

test.each([
  ['negative', '-5'],
  ['no number', 'many'],
  ['a fraction', '1.5'],
  ['in hexadecimal digits', '0x10'],
  ['in exponential form', '1e3'],
  ['larger than any number', '99999999999999999999999'],
  ['given twice in one', '5, 6'],
])('a Content-Length that is %s is refused before a job is made', async (_what, length) => {
  expect(await talk(`${put('a.csv', `content-length: ${length}`)}${SALES}`)).toEqual([400]);
  expect((await gatewayClient(server.url).listJobs({})).jobs).toEqual([]);
});

test('a Content-Length beyond what is allowed, or beyond exact numbers, is too large', async () => {
  for (const length of ['2000000000000', '9007199254740993']) {
    expect(await talk(put('a.csv', `content-length: ${length}`))).toEqual([413]);
  }
});

test('a Content-Length and chunks at once are refused: nobody can tell where the body ends', async () => {
  const head = put('a.csv', 'content-length: 5', 'transfer-encoding: chunked');
  expect(await talk(`${head}5\r\na,b\n1\r\n0\r\n\r\n`)).toEqual([400]);
});

test('chunks that are broken fail the upload', async () => {
  await talk(`${put('broken.csv', 'transfer-encoding: chunked')}5\r\na,b\n1\r\nZZ\r\n`);
  await jobNamed(server.url, 'broken.csv', ({ error }) => error?.code === 'UPLOAD_INTERRUPTED');
});

test('a body that is longer than its Content-Length is cut there or refused, never counted whole', async () => {
  const rest = 'Books,2024-01-03,9\n';
  const statuses = await talk(`${put('longer.csv', `content-length: ${SALES.length}`)}${SALES}${rest}`);
  // The bytes behind the body are no request.
  expect(statuses.at(-1)).toBe(400);
  const { error, total } = await endedJob(server.url, await jobNamed(server.url, 'longer.csv', () => true));
  expect(error?.code ?? total).toBe(error ? 'UPLOAD_INTERRUPTED' : '23');
});

test('a body that is shorter than its Content-Length fails the job, however whole it looks', async () => {
  await talk(`${put('shorter.csv', `content-length: ${SALES.length + 1}`)}${SALES}`);
  await jobNamed(server.url, 'shorter.csv', ({ error }) => error?.code === 'UPLOAD_INTERRUPTED');
});

/** Begins an upload over HTTP/2 whose content-length is off by some bytes. */
function beginOff(name: string, difference: number) {
  const session = connectHttp2(server.url);
  session.on('error', () => {});
  const stream = session.request({
    ':method': 'PUT',
    ':path': `/upload/${name}`,
    'content-length': String(SALES.length + difference),
  });
  stream.on('error', () => {});
  stream.resume();
  const closed = new Promise<void>((resolve) => stream.on('close', resolve)).then(() => session.destroy());
  return { stream, closed };
}

test.each([-1, 1])('an HTTP/2 body that is not as long as its content-length (%i) fails', async (difference) => {
  const name = `h2-${difference}.csv`;
  const { stream, closed } = beginOff(name, difference);
  // The server has begun with it when HTTP/2 sees that it is wrong; one that comes whole at once is never begun.
  stream.write(SALES.slice(0, 10));
  await jobNamed(server.url, name, ({ receivedBytes }) => receivedBytes > 0n);
  stream.end(SALES.slice(10));
  await closed;
  await jobNamed(server.url, name, ({ error }) => error?.code === 'UPLOAD_INTERRUPTED');
});

test.each([-1, 1])(
  'one that comes at once with its wrong length (%i) is refused, and no job says otherwise',
  async (difference) => {
    const name = `at-once-${difference}.csv`;
    const { stream, closed } = beginOff(name, difference);
    stream.end(SALES);
    await closed;
    expect(stream.rstCode).not.toBe(0);
    const areRefused = async () => {
      const { jobs } = await gatewayClient(server.url).listJobs({});
      const codes = jobs.filter(({ filename }) => filename === name).map(({ error }) => error?.code);
      return codes.every((code) => code === 'UPLOAD_INTERRUPTED');
    };
    await expect.poll(areRefused).toBe(true);
  },
);

const SIZES = ['-1', '1.5', 'NaN', 'Infinity', '1e3', '0x10', '', ' ', '99999999999999999999999', '2000000000000'];

test.each(SIZES)('an Upload-Length of "%s" is refused', async (size) => {
  const sent = request(`${server.url}/uploads`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': size },
  });
  sent.end();
  const { status, body } = await answerTo(sent);
  expect([400, 413]).toContain(status);
  expect(body).not.toBe('');
  expect((await gatewayClient(server.url).listJobs({})).jobs).toEqual([]);
});

const tusHeaders = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' };

async function createUpload(sizeBytes = SALES.length): Promise<{ id: string; url: string }> {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: BigInt(sizeBytes) });
  return { id: job?.id ?? '', url: `${server.url}${job?.uploadUrl}` };
}

async function tus(method: string, url: string, headers: Record<string, string> = {}, body?: string) {
  const all = { ...tusHeaders, ...headers };
  return await fetch(url, { method, headers: all, ...(body !== undefined && { body }) });
}

const patch = (url: string, offset: number | string, body: string) =>
  tus('PATCH', url, { 'upload-offset': String(offset) }, body);

test.each(['-1', '1.5', 'NaN', '', '1e3', '99999999999999999999999'])(
  'an Upload-Offset of "%s" is refused, and nothing is taken',
  async (offset) => {
    const { url } = await createUpload();
    const response = await patch(url, offset, SALES);
    expect([400, 403, 409]).toContain(response.status);
    expect((await tus('HEAD', url)).headers.get('upload-offset')).toBe('0');
  },
);

test.each([2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])('a size of %i bytes in CreateJob is too large', async (size) => {
  const created = gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: size });
  const error = ConnectError.from(await created.catch((reason) => reason));
  expect(error.code).toBe(Code.ResourceExhausted);
  expect(error.rawMessage).toContain('larger');
});

test('parts out of order are refused with where to go on, and the upload goes on there', async () => {
  const { id, url } = await createUpload();
  expect((await patch(url, 0, SALES.slice(0, 50))).status).toBe(204);
  for (const offset of [0, 49, 51, SALES.length, SALES.length + 1]) {
    expect((await patch(url, offset, SALES.slice(offset))).status).toBe(409);
  }
  expect((await tus('HEAD', url)).headers.get('upload-offset')).toBe('50');
  expect((await patch(url, 50, SALES.slice(50))).status).toBe(204);
  expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.SUCCEEDED, total: '23' });
});

test('a part before its creation, and HEAD and DELETE of what is unknown, are not found', async () => {
  const url = `${server.url}/uploads/00000000-0000-4000-8000-000000000000`;
  expect((await patch(url, 0, SALES)).status).toBe(404);
  expect((await tus('HEAD', url)).status).toBe(404);
  expect((await tus('DELETE', url)).status).toBe(404);
});

test('an empty part at the end of a whole upload is well, as its sender may not know that it is whole', async () => {
  const { id, url } = await createUpload();
  expect((await patch(url, 0, SALES)).status).toBe(204);
  const early = await patch(url, SALES.length, '');
  expect(early.status).toBe(204);
  expect(early.headers.get('upload-offset')).toBe(String(SALES.length));
  await endedJob(server.url, id);
  expect((await patch(url, SALES.length, '')).status).toBe(204);
  expect((await patch(url, SALES.length, 'more')).status).toBe(413);
  expect((await patch(url, 0, SALES)).status).toBe(409);
});

test('an upload that is given up twice is gone, and takes nothing more', async () => {
  const { id, url } = await createUpload();
  await patch(url, 0, SALES.slice(0, 50));
  expect((await tus('DELETE', url)).status).toBe(204);
  expect([204, 404, 410]).toContain((await tus('DELETE', url)).status);
  expect((await tus('HEAD', url)).status).toBe(410);
  expect((await patch(url, 50, SALES.slice(50))).status).toBe(410);
  expect((await gatewayClient(server.url).getJob({ id })).job?.state).toBe(JobState.CANCELED);
});

test('two parts for the same place at once do not mix: one is taken, of the other nothing', async () => {
  const size = 8 * 1024 * 1024;
  const row = (letter: string) => `${letter.repeat(13)},1\n`;
  for (let round = 0; round < 5; round++) {
    const { id, url } = await createUpload(size);
    const bodies = ['a', 'b'].map((letter) => row(letter).repeat(size / 16));
    const answers = await Promise.all(bodies.map((body) => patch(url, 0, body)));
    // The first may be cut short by the second, which comes too late for that place.
    let offset = Number((await tus('HEAD', url)).headers.get('upload-offset'));
    expect(answers.every(({ status }) => status === 204 || status === 409)).toBe(true);
    const taken = answers.map(({ headers }) => Number(headers.get('upload-offset')));
    expect(taken.filter((length) => length > 0)).toEqual([offset]);
    const winner = taken.indexOf(offset);
    if (offset < size) {
      const rest = await patch(url, offset, bodies[winner]?.slice(offset) ?? '');
      expect(rest.status).toBe(204);
      offset = Number(rest.headers.get('upload-offset'));
    }
    expect(offset).toBe(size);
    const job = await endedJob(server.url, id);
    expect(job).toMatchObject({ state: JobState.SUCCEEDED, departments: 1, rowsRejected: 0n });
    expect(job.top[0]?.department).toBe((winner === 0 ? 'a' : 'b').repeat(13));
  }
});

test('an upload in one request takes no parts', async () => {
  const sent = request(`${server.url}/upload/one.csv`, { method: 'POST' });
  sent.on('error', () => {});
  sent.write(SALES);
  const id = await jobNamed(server.url, 'one.csv', ({ receivedBytes }: Job) => receivedBytes > 0n);
  const url = `${server.url}/uploads/${id}`;
  expect((await patch(url, SALES.length, 'Books,2024-01-03,9\n')).status).toBe(410);
  expect((await patch(url, 0, 'Books,2024-01-03,9\n')).status).toBe(410);
  expect((await tus('HEAD', url)).status).toBe(410);
  const answered = answerTo(sent);
  sent.end();
  expect((await answered).status).toBe(202);
  expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.SUCCEEDED, total: '23' });
  const finished = await upload(server.url, SALES);
  await endedJob(server.url, finished.id);
  expect((await patch(`${server.url}/uploads/${finished.id}`, SALES.length, '')).status).toBe(410);
});

test('a job that is deleted while its part arrives ends the request in words', async () => {
  const { id, url } = await createUpload();
  const sent = request(url, { method: 'PATCH', headers: { ...tusHeaders, 'upload-offset': '0' } });
  sent.write(SALES.slice(0, 50));
  await watchJob(server.url, id, ({ receivedBytes }) => receivedBytes === 50n);
  const answered = answerTo(sent);
  await gatewayClient(server.url).deleteJob({ id });
  const { status, body } = await answered;
  expect([404, 409, 410]).toContain(status);
  expect(body).not.toBe('');
  sent.destroy();
});
