/** Uploads in every way there is, over real sockets, down to the downloaded result. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ask } from './support/ask.ts';
import { endedJob, gatewayClient, jobNamed, totalsOf, upload, watchJob } from './support/clients.ts';
import { closed } from './support/closed.ts';
import { hasCurl } from './support/curl.ts';
import { FLAG, FRAME, frame, literalHeaders, PREFACE } from './support/http2-frames.ts';
import { answerTo } from './support/requests.ts';
import { generateSales, SALES, SALES_TOTALS } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal, readTotals } from './support/totals.ts';

let server: ServerProcess;
let folder: string;

beforeAll(async () => {
  server = await ServerProcess.start({ MAX_UPLOAD_BYTES: '50MB' });
  folder = await mkdtemp(join(tmpdir(), 'tallystream-files-'));
  await writeFile(join(folder, 'sales.csv'), SALES);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function curl(...args: string[]): Promise<{ status: number; json: Record<string, unknown> }> {
  const { stdout } = await promisify(execFile)('curl', ['-sS', '-w', '\n%{http_code}', ...args], { cwd: folder });
  const [body = '', status] = [stdout.slice(0, stdout.lastIndexOf('\n')), stdout.split('\n').at(-1)];
  return { status: Number(status), json: JSON.parse(body) };
}

async function totals(id: unknown, query = ''): Promise<string> {
  return await (await fetch(`${server.url}/jobs/${id}/totals.csv${query}`)).text();
}

async function tus(bytes: Buffer, options: Record<string, unknown> = {}): Promise<string> {
  return await new Promise((resolve, reject) => {
    const { job, ...rest } = options as { job?: Job };
    const upload = new Upload(bytes, {
      ...(job ? { uploadUrl: `${server.url}${job.uploadUrl}` } : { endpoint: `${server.url}/uploads` }),
      retryDelays: [],
      onSuccess: () => resolve(upload.url?.split('/').at(-1) ?? ''),
      onError: reject,
      ...rest,
    });
    upload.start();
  });
}

test.runIf(hasCurl)('curl -T answers 202 with the job, and the totals are right', async () => {
  const { status, json } = await curl('-T', 'sales.csv', `${server.url}/upload?filename=sales.csv`);
  expect(status).toBe(202);
  expect(json).toMatchObject({
    filename: 'sales.csv',
    sizeBytes: String(SALES.length),
    receivedBytes: String(SALES.length),
  });
  const job = await endedJob(server.url, String(json.id));
  expect(job).toMatchObject({
    state: JobState.SUCCEEDED,
    rowsProcessed: 4n,
    rowsRejected: 0n,
    departments: 3,
    total: '23',
  });
  expect(await totals(json.id)).toBe(SALES_TOTALS);
});

test.runIf(hasCurl)(
  'curl -T takes the name from the path, and curl -F a form with options beside the file',
  async () => {
    const put = await curl('-T', 'sales.csv', `${server.url}/upload/`);
    expect(put.json).toMatchObject({ filename: 'sales.csv' });
    const form = await curl('-F', 'departmentColumn=Date', '-F', 'file=@sales.csv', `${server.url}/upload`);
    expect(form.status).toBe(202);
    await endedJob(server.url, String(form.json.id));
    expect(await totals(form.json.id)).toBe('Date,Number of Sales\n2024-01-01,15\n2024-01-02,8\n');
  },
);

test('options in the query choose columns, delimiter and negative amounts', async () => {
  const csv = 'sales;region;team\n1,50;North;a\n-0,25;North;b\n2;South;a\n';
  const query = '?delimiter=;&departmentColumn=1&amountColumn=sales&decimalSeparator=,&allowNegative=true&header=true';
  expect(await totalsOf(server.url, csv, query)).toBe('region,sales\nNorth,1.25\nSouth,2\n');
});

test.each([
  ['?departmentColum=x', 'departmentColum'],
  ['?header=maybe', 'header'],
  ['?delimiter=ab', 'delimiter'],
  ['?allowNegative=perhaps', 'allowNegative'],
  ['?encoding=klingon', 'klingon'],
])('a bad option %s is refused with its name, before a job is made', async (query, name) => {
  const { response, json } = await upload(server.url, SALES, query);
  expect(response.status).toBe(400);
  expect(json.message).toContain(name);
  expect(json.id).toBeUndefined();
});

test('a column that does not exist fails the job and says which exist', async () => {
  const { id } = await upload(server.url, SALES, '?departmentColumn=Region');
  const job = await endedJob(server.url, id);
  expect(job).toMatchObject({ state: JobState.FAILED, error: { code: 'COLUMN_NOT_FOUND' } });
  expect(job.error?.message).toContain('Department Name');
  const download = await fetch(`${server.url}/jobs/${id}/totals.csv`);
  expect(download.status).toBe(409);
  expect(await download.json()).toMatchObject({ code: 'JOB_HAS_NO_RESULT', state: 'JOB_STATE_FAILED' });
});

test('other encodings are read, by byte order mark or by name', async () => {
  const text = 'Abteilung;Umsatz\nBücher;1,5\nMöbel & Ähnliches;2\nBücher;3\n';
  const totals = 'Abteilung,Umsatz\nBücher,4.5\nMöbel & Ähnliches,2\n';
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const query = '?delimiter=;&decimalSeparator=,&header=true';
  expect(await totalsOf(server.url, utf16, query)).toBe(totals);
  expect(await totalsOf(server.url, Buffer.from(text, 'latin1'), `${query}&encoding=windows-1252`)).toBe(totals);
  expect(await totalsOf(server.url, text, query)).toBe(totals);
});

test('gzip is decompressed, whether the header or the name says so', async () => {
  const zipped = gzipSync(SALES);
  expect(await totalsOf(server.url, zipped, '?filename=sales.csv.gz')).toBe(SALES_TOTALS);
  const { id } = await upload(server.url, zipped, '', { headers: { 'content-encoding': 'gzip' } });
  expect(await endedJob(server.url, id)).toMatchObject({
    state: JobState.SUCCEEDED,
    processedBytes: BigInt(zipped.length),
  });
});

test('gzip that is damaged or cut off fails the job in words', async () => {
  const big = gzipSync(generateSales(5_000).csv);
  const headers = { 'content-encoding': 'gzip' };
  const none = Buffer.from('no gzip at all');
  for (const [bytes, options] of [[big.subarray(0, big.length - 100)], [none], [none, { headers }]] as const) {
    const { id } = await upload(server.url, bytes, '?filename=a.csv.gz', options);
    expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.FAILED, error: { code: 'GZIP_INVALID' } });
  }
});

test('gzip may not decompress to more than an upload may have, however small it is', async () => {
  const zipped = gzipSync(Buffer.alloc(51_000_000, 'Books,1\n'), { level: 9 });
  const { response, id, json } = await upload(server.url, zipped, '?filename=a.csv.gz');
  const failed = { code: 'UPLOAD_TOO_LARGE', message: expect.stringContaining('decompresses to more than') };
  // The analysis may be ahead of the answer.
  if (response.status !== 202) expect(json).toMatchObject(failed);
  else expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.FAILED, error: failed });
});

test('what stands behind gzip is left out, as by gzip -d, and the log says so', async () => {
  const bytes = Buffer.concat([gzipSync(SALES), Buffer.from('Books,2024-01-03,9\n')]);
  expect(await totalsOf(server.url, bytes, '?filename=sales.csv.gz')).toBe(SALES_TOTALS);
  expect(server.log.join('\n')).toContain('data after the end of a gzip file was ignored');
});

test('an upload that is too large is refused before its body, and one without a length when it gets too large', async () => {
  const announced = request(`${server.url}/upload`, { method: 'POST', headers: { 'content-length': 60_000_000 } });
  announced.flushHeaders();
  const early = await answerTo(announced);
  expect(early.status).toBe(413);
  expect(JSON.parse(early.body)).toMatchObject({ code: 'UPLOAD_TOO_LARGE' });
  announced.destroy();
  const endless = async function* () {
    const part = Buffer.from('Sports,2024-01-01,1\n'.repeat(50_000));
    for (let count = 0; count < 200; count++) {
      yield part;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const late = await upload(server.url, endless()).catch((error) => error);
  const jobs = await gatewayClient(server.url).listJobs({ pageSize: 1 });
  expect(jobs.jobs[0]?.state).toBe(JobState.FAILED);
  expect(late.json?.code ?? 'UPLOAD_TOO_LARGE').toBe('UPLOAD_TOO_LARGE');
});

test('a connection that closes in the middle fails the job and leaves nothing running', async () => {
  const sent = request(`${server.url}/upload?filename=cut.csv`, { method: 'POST' });
  sent.on('error', () => {});
  sent.write(SALES);
  const id = await jobNamed(server.url, 'cut.csv', ({ receivedBytes }) => receivedBytes > 0n);
  sent.destroy();
  expect(await endedJob(server.url, id)).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'UPLOAD_INTERRUPTED' },
  });
});

test.each([0, 2, 7, 8])('an HTTP/2 upload that is reset in the middle with code %i fails its job', async (code) => {
  const name = `reset-${code}.csv`;
  const { hostname, port } = new URL(server.url);
  // Node's own client says END_STREAM before it resets a stream; others do not.
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const headers = {
    ':method': 'PUT',
    ':scheme': 'http',
    ':path': `/upload?filename=${name}`,
    ':authority': 'localhost',
  };
  socket.write(PREFACE);
  socket.write(frame(FRAME.settings, 0, 0));
  socket.write(frame(FRAME.headers, FLAG.endHeaders, 1, literalHeaders(headers)));
  socket.write(frame(FRAME.data, 0, 1, Buffer.from(SALES)));
  const id = await jobNamed(server.url, name, ({ receivedBytes }) => receivedBytes > 0n);
  socket.write(frame(FRAME.resetStream, 0, 1, Buffer.from([0, 0, 0, code])));
  expect(await endedJob(server.url, id)).toMatchObject({
    state: JobState.FAILED,
    error: { code: 'UPLOAD_INTERRUPTED' },
  });
  socket.destroy();
});

test('an HTTP/2 upload that is whole succeeds', async () => {
  const { body } = await ask('HTTP/2', `${server.url}/upload/sales.csv`, { method: 'PUT', body: SALES });
  expect(await endedJob(server.url, JSON.parse(body).id)).toMatchObject({ state: JobState.SUCCEEDED, total: '23' });
});

test('a form that is cut off, or has options or files behind its file, is refused in words', async () => {
  const head = '--X\r\nContent-Disposition: form-data; name="file"; filename="c.csv"\r\n\r\n';
  const rows = 'Department,Sales\nA,1\n'.repeat(20_000);
  const option = '\r\n--X\r\nContent-Disposition: form-data; name="allowNegative"\r\n\r\ntrue';
  const form = { headers: { 'content-type': 'multipart/form-data; boundary=X' } };
  for (const [body, words] of [
    [`${head}A,B\r\nA,1`, 'form'],
    [`${head}${rows}${option}\r\n--X--\r\n`, 'put options before'],
    [`${head}${rows}\r\n${head}A,2\r\n--X--\r\n`, 'more than one file'],
    ['--X--\r\n', 'no file'],
    [`--X\r\nContent-Disposition: form-data\r\n\r\ntrue\r\n${head}A,1\r\n--X--\r\n`, 'a field has no name'],
  ] as const) {
    const { response, json } = await upload(server.url, body, '', form);
    expect(response.status).toBe(400);
    expect(json.message).toContain(words);
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('an upload by tus whose size is told with its last part is finished', async () => {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'later.csv' });
  const patch = (start: number, end: number, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${job?.uploadUrl}`, {
      method: 'PATCH',
      headers: {
        ...{
          'tus-resumable': '1.0.0',
          'upload-offset': String(start),
          'content-type': 'application/offset+octet-stream',
        },
        ...headers,
      },
      body: SALES.slice(start, end),
    });
  expect((await patch(0, 20)).status).toBe(204);
  expect((await patch(20, SALES.length, { 'upload-length': String(SALES.length) })).status).toBe(204);
  expect(await endedJob(server.url, job?.id ?? '')).toMatchObject({ state: JobState.SUCCEEDED, total: '23' });
});

test('while the upload runs, the analysis follows it and the job can be watched', async () => {
  const sales = generateSales(200_000, 2);
  const half = sales.csv.length / 2;
  const goOn = Promise.withResolvers<void>();
  const slow = async function* () {
    yield sales.csv.subarray(0, half);
    await goOn.promise;
    yield sales.csv.subarray(half);
  };
  const client = gatewayClient(server.url);
  const { job } = await client.createJob({ filename: 'live.csv', sizeBytes: BigInt(sales.csv.length) });
  const sent = fetch(`${server.url}${job?.uploadUrl}`, {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: slow() as unknown as RequestInit['body'],
    duplex: 'half',
  } as RequestInit);
  const isFollowed = ({ state, processedBytes }: Job) =>
    state === JobState.UPLOADING && Number(processedBytes) >= half - 1024;
  const seen = await watchJob(server.url, job?.id ?? '', isFollowed);
  expect(seen.at(-1)?.rowsProcessed).toBeGreaterThan(0n);
  expect(seen.at(-1)?.top.length).toBe(10);
  goOn.resolve();
  expect((await sent).status).toBe(204);
  await endedJob(server.url, job?.id ?? '');
  expect(readTotals(await totals(job?.id))).toEqual(
    new Map(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)])),
  );
});

test('tus uploads a job made with CreateJob, in parts, after a pause', async () => {
  const sales = generateSales(20_000, 3);
  const { job, uploadUrl } = await gatewayClient(server.url).createJob({
    filename: 'parts.csv',
    sizeBytes: BigInt(sales.csv.length),
  });
  expect(uploadUrl).toBe(`${server.url}${job?.uploadUrl}`);
  await tus(sales.csv, { job, chunkSize: 100_000 });
  expect(await endedJob(server.url, job?.id ?? '')).toMatchObject({ state: JobState.SUCCEEDED });
  expect(readTotals(await totals(job?.id)).size).toBe(sales.truth.departments.length);
});

test('tus may create the job itself, with name and options as metadata, and give it up', async () => {
  const metadata = { filename: 'made-by-tus.csv', departmentColumn: 'Date' };
  const id = await tus(Buffer.from(SALES), { metadata });
  expect(await endedJob(server.url, id)).toMatchObject({ filename: 'made-by-tus.csv', departments: 2 });
  const { job } = await gatewayClient(server.url).createJob({ filename: 'x.csv', sizeBytes: 10n });
  const response = await fetch(`${server.url}${job?.uploadUrl}`, {
    method: 'DELETE',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(response.status).toBe(204);
  expect((await gatewayClient(server.url).getJob({ id: job?.id })).job?.state).toBe(JobState.CANCELED);
});

test('a part of tus that stands still gives way to the next request, which goes on where it stopped', async () => {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: BigInt(SALES.length) });
  const url = `${server.url}${job?.uploadUrl}`;
  const headers = {
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
    'content-length': String(SALES.length),
  };
  const stalled = request(url, { method: 'PATCH', headers });
  const answered = once(stalled, 'response');
  stalled.write(SALES.slice(0, 30));
  await watchJob(server.url, job?.id ?? '', ({ receivedBytes }) => receivedBytes === 30n);
  const head = await fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
  expect(head.headers.get('upload-offset')).toBe('30');
  const [answer] = await answered;
  expect(answer).toMatchObject({ statusCode: 204, headers: { 'upload-offset': '30', connection: 'close' } });
  stalled.destroy();
  const rest = await fetch(url, {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': '30', 'content-length': String(SALES.length - 30) },
    body: SALES.slice(30),
  });
  expect(rest.status).toBe(204);
  expect((await endedJob(server.url, job?.id ?? '')).rowsProcessed).toBe(4n);
});

test('a part of tus that is longer than the upload is refused, announced or not, and the rest of the upload is kept', async () => {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: 10n });
  const patch = (body: string | ReadableStream) =>
    fetch(`${server.url}${job?.uploadUrl}`, {
      method: 'PATCH',
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      body,
      duplex: 'half',
    } as RequestInit);
  expect((await patch('x'.repeat(11))).status).toBe(413);
  const unannounced = new Blob(['x'.repeat(11)]).stream();
  expect((await patch(unannounced)).status).toBe(413);
  expect((await patch('a,b\nc,1\nd,')).status).toBe(204);
});

test('an upload of which more comes than was announced is refused, and what was announced is analysed', async () => {
  const text = 'a,b\nc,1\nd,2';
  const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: BigInt(text.length) });
  const sending = request(`${server.url}${job?.uploadUrl}`, {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
  });
  const answered = once(sending, 'response');
  sending.write(text);
  await watchJob(server.url, job?.id ?? '', ({ receivedBytes }) => receivedBytes === BigInt(text.length));
  sending.write('3');
  const [{ statusCode }] = await answered;
  expect(statusCode).toBe(413);
  sending.destroy();
  // HEAD says that the upload is whole, so it must be for its job too.
  expect((await endedJob(server.url, job?.id ?? '')).rowsProcessed).toBe(2n);
});

test('who did not get the answer to the last part hears that the upload is whole, also after its file is gone', async () => {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: BigInt(SALES.length) });
  await tus(Buffer.from(SALES), { job });
  expect((await endedJob(server.url, job?.id ?? '')).state).toBe(JobState.SUCCEEDED);
  const url = `${server.url}/uploads/${job?.id}`;
  const head = () => fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
  expect((await head()).headers.get('upload-offset')).toBe(String(SALES.length));
  expect((await head()).headers.get('upload-length')).toBe(String(SALES.length));
  // Nothing can be added to it.
  const more = await fetch(url, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': String(SALES.length),
      'content-type': 'application/offset+octet-stream',
    },
    body: 'x',
  });
  expect(more.status).toBe(413);
});

test.each(['PATCH', 'PUT'])('a body that is refused midway ends its HTTP/2 stream: %s', async (method) => {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: 10n });
  const session = connectHttp2(server.url);
  const stream = session.request({
    ':method': method,
    ':path': method === 'PATCH' ? (job?.uploadUrl ?? '') : '/upload?filename=put.csv',
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  });
  const ended = closed(stream);
  stream.on('error', () => {});
  const headers = once(stream, 'response');
  stream.resume();
  stream.write('a,b\nc,1\n');
  const isTheOne = ({ receivedBytes }: Job) => receivedBytes === 8n;
  const id = method === 'PATCH' ? (job?.id ?? '') : await jobNamed(server.url, 'put.csv', isTheOne);
  await watchJob(server.url, id, ({ receivedBytes }) => receivedBytes === 8n);
  await gatewayClient(server.url).cancelJob({ id });
  expect((await headers)[0][':status']).toBeGreaterThanOrEqual(400);
  await ended;
  session.destroy();
});

test('a part of tus that asks before it sends is told to go on', async () => {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'a.csv', sizeBytes: BigInt(SALES.length) });
  const sending = request(`${server.url}${job?.uploadUrl}`, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': String(SALES.length),
      expect: '100-continue',
    },
  });
  const answered = once(sending, 'response');
  sending.flushHeaders();
  await once(sending, 'continue');
  sending.end(SALES);
  expect((await answered)[0].statusCode).toBe(204);
});

test('tus refuses a wrong offset, an unknown upload, and one of another job that has ended', async () => {
  const { job } = await gatewayClient(server.url).createJob({ filename: 'x.csv', sizeBytes: 10n });
  const patch = (path: string, offset: string) =>
    fetch(`${server.url}${path}`, {
      method: 'PATCH',
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': offset, 'content-type': 'application/offset+octet-stream' },
      body: '0123456789',
    });
  expect((await patch(job?.uploadUrl ?? '', '5')).status).toBe(409);
  expect((await patch('/uploads/nothing', '0')).status).toBe(404);
  await gatewayClient(server.url).cancelJob({ id: job?.id });
  expect((await patch(`/uploads/${job?.id}`, '0')).status).toBe(410);
});

test('an empty file, by curl and by tus, has an empty result', async () => {
  expect(await totalsOf(server.url, '')).toBe('Department Name,Total Number of Sales\n');
  const { job } = await gatewayClient(server.url).createJob({ filename: 'empty.csv', sizeBytes: 0n });
  expect(await endedJob(server.url, job?.id ?? '')).toMatchObject({ state: JobState.SUCCEEDED, departments: 0 });
});

test('names with paths and control characters are for display only', async () => {
  const { json } = await upload(server.url, SALES, `?filename=${encodeURIComponent('../../etc/\u0000pass\nwd.csv')}`);
  expect(json.filename).toBe('passwd.csv');
});

test('the spool is empty when its jobs have succeeded', async () => {
  const { id } = await upload(server.url, SALES);
  await endedJob(server.url, id);
  const client = gatewayClient(server.url);
  for (const { id: left } of (await client.listJobs({ pageSize: 1000 })).jobs) await client.deleteJob({ id: left });
  expect(await readdir(join(server.dataDir, 'spool'))).toEqual([]);
});
