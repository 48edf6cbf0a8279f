/** Clients of tus that know nothing of this server, with the headers that they send by themselves. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob } from './support/clients.ts';
import { SALES, SALES_TOTALS } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server[Symbol.asyncDispose]());

const TUS = { 'tus-resumable': '1.0.0' };
const length = { 'upload-length': String(SALES.length) };
const encoded = (pairs: Record<string, string>) =>
  Object.entries(pairs)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
const create = (headers: Record<string, string>) =>
  fetch(`${server.url}/uploads`, { method: 'POST', headers: { ...TUS, ...headers } });

const CLIENTS: [string, Record<string, string>, string][] = [
  [
    'Uppy 6 in a browser',
    {
      ...length,
      'upload-metadata': encoded({
        relativePath: 'null',
        name: 'sales.csv',
        type: 'text/csv',
        filetype: 'text/csv',
        filename: 'sales.csv',
      }),
    },
    'sales.csv',
  ],
  [
    'Uppy, a file of an unknown type',
    { ...length, 'upload-metadata': `relativePath ,${encoded({ name: 'a.tsv', type: '' })}` },
    'a.tsv',
  ],
  ['tuspy 1.1 without metadata', { ...length, 'upload-metadata': '' }, 'upload.csv'],
  ['tuspy 1.1 with metadata', { ...length, 'upload-metadata': encoded({ filename: 's.csv', project: '7' }) }, 's.csv'],
  ['tus-java-client', { ...length, 'upload-metadata': encoded({ filename: 's.csv' }) }, 's.csv'],
  ['a client that sends keys only', { ...length, 'upload-metadata': 'is_confidential,filename' }, 'upload.csv'],
  ['a client without metadata', length, 'upload.csv'],
];

test.each(CLIENTS)('%s uploads as it is', async (_client, headers, filename) => {
  const created = await create(headers);
  expect(created.status).toBe(201);
  const location = created.headers.get('location') ?? '';
  const patched = await fetch(new URL(location, server.url), {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: SALES,
  });
  expect(patched.status).toBe(204);
  const id = location.split('/').at(-1) ?? '';
  expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.SUCCEEDED, filename });
  expect(await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text()).toBe(SALES_TOTALS);
});

test('an option that is misspelt is refused, and one that is none of ours is not looked at', async () => {
  const refused = await create({ ...length, 'upload-metadata': encoded({ departmentcolumn: 'Date' }) });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('"departmentcolumn": did you mean departmentColumn?');
  const wrong = await create({ ...length, 'upload-metadata': encoded({ quote: 'long' }) });
  expect(wrong.status).toBe(400);
});
