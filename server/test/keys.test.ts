/** With keys: the requests that need one, and that each key sees only its own jobs. */
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { credentials, loadPackageDefinition, Metadata, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GatewayService, JobState, type WatchJobsResponse } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { ERROR_CODE_HEADER } from '../src/errors.ts';
import { gatewayClient, totalsOf, upload } from './support/clients.ts';
import { answerTo } from './support/requests.ts';
import { ServerProcess } from './support/server-process.ts';

type Gateway = Client<typeof GatewayService>;
type Headers = Record<string, string>;

const CSV = 'Department,Sales\nToys,1\nBooks,2\nToys,none\n';
const MINE = { authorization: 'Bearer my-own-key' };
const THEIRS = { 'x-api-key': 'their-own-key' };
const WRONG: Headers[] = [{}, { authorization: 'Bearer my-own-kez' }, { 'x-api-key': 'their-own-key,my-own-key' }];
/** More than anybody would read. */
const ANNOUNCED_BYTES = '1000000000000';
const TUS = { 'tus-resumable': '1.0.0' };

let server: ServerProcess;
let mine: Gateway;
let theirs: Gateway;
/** A job of mine with totals and rejected rows. */
let done: string;

beforeAll(async () => {
  server = await ServerProcess.start({ API_KEYS: 'my-own-key,their-own-key' });
  mine = gatewayClient(server.url, MINE);
  theirs = gatewayClient(server.url, THEIRS);
  done = await uploaded(server.url, mine, MINE);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Uploads and waits for the result. */
async function uploaded(url: string, client: Gateway, headers: Headers): Promise<string> {
  const { id } = await upload(url, CSV, '', { headers });
  const stop = new AbortController();
  for await (const { event } of client.watchJobs({ ids: [id] }, { signal: stop.signal })) {
    const jobs = event.case === 'snapshot' ? event.value.jobs : event.case === 'job' ? [event.value] : [];
    if (jobs.some((job) => job.state === JobState.SUCCEEDED)) break;
  }
  stop.abort();
  return id;
}

/** Begins an upload by tus. */
async function begun(client: Gateway, sizeBytes = 10): Promise<{ id: string; path: string }> {
  const { job, uploadUrl } = await client.createJob({ filename: 'begun.csv', sizeBytes: BigInt(sizeBytes) });
  return { id: job?.id ?? '', path: new URL(uploadUrl).pathname };
}

const codeOf = async (call: Promise<unknown>) =>
  await call.then(
    () => 'OK',
    (error) => ConnectError.from(error).metadata.get(ERROR_CODE_HEADER),
  );

const rpcs = [GatewayService, ProcessorService].flatMap((service) =>
  service.methods.map((method) => ({ method, path: `/${service.typeName}/${method.name}` })),
);

const ROUTES: [method: string, path: string][] = [
  ['POST', '/upload'],
  ['PUT', '/upload/a.csv'],
  ['POST', '/uploads'],
  ['HEAD', '/uploads/x'],
  ['PATCH', '/uploads/x'],
  ['DELETE', '/uploads/x'],
  ['GET', '/jobs/x/totals.csv'],
  ['GET', '/jobs/x/totals.json'],
  ['GET', '/jobs/x/totals.parquet'],
  ['GET', '/jobs/x/rejects.csv'],
  ['GET', '/metrics'],
  ['POST', '/session'],
];

describe('without a key, and with a wrong one, nothing is served and no body read', () => {
  /** Announces a body, sends nothing of it, and gives the status of the answer. */
  const announce = async (method: string, path: string, headers: OutgoingHttpHeaders) => {
    const all = { ...TUS, 'upload-offset': '0', 'content-length': ANNOUNCED_BYTES, ...headers };
    const sent = request(`${server.url}${path}`, { method, headers: all });
    sent.flushHeaders();
    try {
      return (await answerTo(sent)).status;
    } finally {
      sent.destroy();
    }
  };

  test.each(ROUTES)('%s %s', async (method, path) => {
    const type = { 'content-type': 'application/offset+octet-stream' };
    for (const headers of WRONG) expect(await announce(method, path, { ...type, ...headers })).toBe(401);
  });

  test.each(rpcs.filter(({ method }) => method.methodKind === 'unary'))('$path by Connect', async ({ path }) => {
    const type = { 'content-type': 'application/json' };
    for (const headers of WRONG) expect(await announce('POST', path, { ...type, ...headers })).toBe(401);
  });

  test.each(rpcs)('$path by gRPC', async ({ path }) => {
    const session = connectHttp2(server.url);
    for (const headers of WRONG) {
      const call = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      });
      call.resume();
      // An error before the first message may come with the headers alone.
      const [first] = await once(call, 'response');
      const [answer] = first['grpc-status'] ? [first] : await once(call, 'trailers');
      expect(answer['grpc-status']).toBe(String(Code.Unauthenticated));
      call.destroy();
    }
    session.destroy();
  });
});

test('the page and the status are open', async () => {
  for (const path of ['/', '/healthz', '/readyz']) expect((await fetch(`${server.url}${path}`)).status).toBe(200);
});

describe("another key's job is as if it did not exist", () => {
  const calls: Record<string, (client: Gateway, id: string) => Promise<unknown>> = {
    getJob: (client, id) => client.getJob({ id }),
    cancelJob: (client, id) => client.cancelJob({ id }),
    retryJob: (client, id) => client.retryJob({ id }),
    listTotals: (client, jobId) => client.listTotals({ jobId }),
    listRejects: (client, jobId) => client.listRejects({ jobId }),
  };
  const ownAnswers: Record<string, string> = { retryJob: 'JOB_SUCCEEDED' };

  test.each(Object.entries(calls))('for %s', async (name, call) => {
    expect(await codeOf(call(theirs, done))).toBe('JOB_NOT_FOUND');
    expect(await codeOf(call(mine, done))).toBe(ownAnswers[name] ?? 'OK');
  });

  test('for deleteJob, which removes nothing', async () => {
    const { id } = await begun(mine);
    await theirs.deleteJob({ id });
    expect((await mine.getJob({ id })).job?.state).toBe(JobState.UPLOADING);
    await mine.deleteJob({ id });
    expect(await codeOf(mine.getJob({ id }))).toBe('JOB_NOT_FOUND');
  });

  test('for listJobs, on every page', async () => {
    const own = new Set([await begun(theirs), await begun(theirs)].map(({ id }) => id));
    await begun(mine);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await theirs.listJobs({ pageSize: 1, pageToken });
      seen.push(...page.jobs.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(new Set(seen)).toEqual(own);
    for (const id of own) await theirs.deleteJob({ id });
  });

  test.each(['totals.csv', 'totals.json', 'totals.parquet', 'rejects.csv'])('for the download %s', async (file) => {
    const get = async (headers: Headers) => (await fetch(`${server.url}/jobs/${done}/${file}`, { headers })).status;
    expect([await get(THEIRS), await get(MINE)]).toEqual([404, 200]);
  });

  test('for tus, with and without the library', async () => {
    const { path } = await begun(mine, 4);
    const ask = async (method: string, key: Headers, headers: Headers = {}, body?: string) => {
      const all = { ...TUS, ...key, ...headers };
      return (await fetch(`${server.url}${path}`, { method, headers: all, ...(body && { body }) })).status;
    };
    const part = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    expect(await ask('HEAD', THEIRS)).toBe(404);
    expect(await ask('PATCH', THEIRS, part, 'a,1\n')).toBe(404);
    expect(await ask('PATCH', THEIRS, { ...part, 'upload-length': '4' }, 'a,1\n')).toBe(404);
    expect(await ask('DELETE', THEIRS)).toBe(404);
    expect(await ask('HEAD', MINE)).toBe(200);
    expect(await ask('PATCH', MINE, part, 'a,1\n')).toBe(204);
  });

  test('and its running upload is not disturbed by who asks for it', async () => {
    const { path } = await begun(mine, 8);
    const headers = {
      ...TUS,
      ...MINE,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': '0',
      'content-length': '8',
    };
    const part = request(`${server.url}${path}`, { method: 'PATCH', headers: { ...headers, expect: '100-continue' } });
    part.flushHeaders();
    // Asked for its body, the request holds the upload.
    await once(part, 'continue');
    part.write('a,1\n');
    const asked = await fetch(`${server.url}${path}`, { method: 'HEAD', headers: { ...TUS, ...THEIRS } });
    expect(asked.status).toBe(404);
    part.end('b,2\n');
    const [answer] = (await once(part, 'response')) as [IncomingMessage];
    expect([answer.statusCode, answer.headers['upload-offset']]).toEqual([204, '8']);
  });

  test('for watchers, of all jobs and by name', async () => {
    const foreign = await begun(mine);
    const own = await begun(theirs);
    const stop = new AbortController();
    const follow = (ids: string[]) => theirs.watchJobs({ ids }, { signal: stop.signal })[Symbol.asyncIterator]();
    const [all, named] = [follow([]), follow([foreign.id, own.id])];
    const next = async (watch: AsyncIterator<WatchJobsResponse>) => (await watch.next()).value.event;
    const snapshot = { case: 'snapshot', value: { jobs: [{ id: own.id }] } };
    expect(await next(all)).toMatchObject(snapshot);
    expect(await next(named)).toMatchObject(snapshot);
    // As for one that is not known at all.
    expect(await next(named)).toEqual({ case: 'deletedId', value: foreign.id });
    await mine.cancelJob({ id: foreign.id });
    await mine.deleteJob({ id: foreign.id });
    await theirs.deleteJob({ id: own.id });
    // An event that was published before would have come before.
    for (const watch of [all, named]) expect(await next(watch)).toEqual({ case: 'deletedId', value: own.id });
    stop.abort();
  });

  test('in the metadata of gRPC', async () => {
    const includeDirs = [fileURLToPath(new URL('../../proto', import.meta.url))];
    const definition = loadSync('tallystream/v1/gateway.proto', { includeDirs });
    // biome-ignore lint/suspicious/noExplicitAny: the client is made from the proto at run time
    const packages = loadPackageDefinition(definition) as any;
    const address = server.url.replace('http://', '');
    const client = new packages.tallystream.v1.GatewayService(address, credentials.createInsecure());
    const answer = (headers: Headers) =>
      new Promise((resolve) => {
        const metadata = new Metadata();
        for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
        client.GetJob({ id: done }, metadata, (error: { code: number } | null) => resolve(error?.code ?? status.OK));
      });
    expect(await Promise.all([{}, THEIRS, MINE].map(answer))).toEqual([
      status.UNAUTHENTICATED,
      status.NOT_FOUND,
      status.OK,
    ]);
    client.close();
  });
});

test('jobs of no key are seen without keys only, and then with all others', async () => {
  const open = await ServerProcess.start();
  const ownerless = await uploaded(open.url, gatewayClient(open.url), {});
  await open.stop();
  const closed = await ServerProcess.start({ API_KEYS: 'my-own-key', DATA_DIR: open.dataDir });
  const own = gatewayClient(closed.url, MINE);
  expect(await codeOf(own.getJob({ id: ownerless }))).toBe('JOB_NOT_FOUND');
  const kept = await uploaded(closed.url, own, MINE);
  await closed.stop();
  await using again = await ServerProcess.start({ DATA_DIR: open.dataDir });
  const { jobs } = await gatewayClient(again.url).listJobs({});
  expect(new Set(jobs.map(({ id }) => id))).toEqual(new Set([ownerless, kept]));
});

describe('a ticket', () => {
  const ticket = async (headers: Headers) => {
    const answer = await fetch(`${server.url}/session`, { method: 'POST', headers });
    expect(answer.status).toBe(204);
    return answer.headers.get('set-cookie') ?? '';
  };
  const cookie = async (headers: Headers) => ({ cookie: (await ticket(headers)).split(';')[0] ?? '' });

  test('is a cookie for downloads that neither scripts nor other sites get at, and tells nothing of the key', async () => {
    const set = await ticket(MINE);
    expect(set).toMatch(/^tallystream-ticket=[\w.-]+; HttpOnly; SameSite=Strict; Path=\/jobs; Max-Age=300$/);
    expect(set).not.toContain('my-own-key');
  });

  test('opens the downloads of its owner', async () => {
    const get = (headers: Headers, method = 'GET') =>
      fetch(`${server.url}/jobs/${done}/totals.csv`, { method, headers });
    const answer = await get(await cookie(MINE));
    expect(await answer.text()).toContain('Toys,1');
    expect((await get(await cookie(MINE), 'HEAD')).status).toBe(200);
    expect((await get(await cookie(THEIRS))).status).toBe(404);
    expect((await get({ cookie: 'tallystream-ticket=x.9999999999999.x' })).status).toBe(401);
  });

  test('opens nothing else', async () => {
    const own = await cookie(MINE);
    for (const [method, path] of ROUTES.filter(([, path]) => !path.startsWith('/jobs/'))) {
      expect((await fetch(`${server.url}${path}`, { method, headers: { ...TUS, ...own } })).status).toBe(401);
    }
    const list = gatewayClient(server.url, own).listJobs({});
    await expect(list).rejects.toMatchObject({ code: Code.Unauthenticated });
    const write = await fetch(`${server.url}/jobs/${done}/totals.csv`, { method: 'DELETE', headers: own });
    expect(write.status).toBe(405);
  });

  test('is not needed without keys', async () => {
    await using open = await ServerProcess.start();
    const answer = await fetch(`${open.url}/session`, { method: 'POST' });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([204, null]);
  });
});

test('a gateway shows a processor its key, and its jobs wait without one', async () => {
  await using processor = await ServerProcess.start({ ROLE: 'processor', API_KEYS: 'processor+key' });
  const gateway = (url: string) => ServerProcess.start({ ROLE: 'gateway', PROCESSOR_URL: url });
  await using refused = await gateway(processor.url);
  await using accepted = await gateway(processor.url.replace('//', '//:processor%2Bkey@'));
  expect(await totalsOf(accepted.url, CSV)).toContain('Toys,1\n');
  const { id } = await upload(refused.url, CSV);
  // It waits, as the key may come.
  while (!refused.log.some((line) => line.includes('PROCESSOR_UNAVAILABLE'))) await wait(10);
  expect((await gatewayClient(refused.url).getJob({ id })).job?.state).toBe(JobState.QUEUED);
});
