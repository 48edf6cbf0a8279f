/** Compressed uploads, known by their first bytes: those that are unpacked, and those that are refused. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient, totalsOf, upload, watchJob } from './support/clients.ts';
import { generateSales, SALES, SALES_TOTALS } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';
import { TusFile } from './support/tus-file.ts';
import { type ZipFile, zipArchive } from './support/zip-archive.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ MAX_UPLOAD_BYTES: '50MB' });
});
afterAll(() => server[Symbol.asyncDispose]());

const zip = (...files: ZipFile[]) => zipArchive(files);
const zipped = zip({ name: 'data/', isStored: true }, { name: 'data/sales.csv', content: SALES, hasDescriptor: true });

test('the first bytes say how a file is compressed, whatever its name', async () => {
  for (const name of ['sales.csv', 'sales.csv.gz', 'sales.zip', 'sales', '']) {
    // A name that ends with .gz promises that it is compressed.
    const plain = name.endsWith('.gz') ? [] : [Buffer.from(SALES)];
    for (const bytes of [gzipSync(SALES), zipped, ...plain]) {
      expect(await totalsOf(server.url, bytes, `?filename=${name}`)).toBe(SALES_TOTALS);
    }
  }
});

test('an unpacked upload counts as processed to its last byte', async () => {
  const { id } = await upload(server.url, zipped);
  expect(await endedJob(server.url, id)).toMatchObject({
    state: JobState.SUCCEEDED,
    sizeBytes: BigInt(zipped.length),
    processedBytes: BigInt(zipped.length),
  });
});

test('a zip archive is analysed while it arrives, from its first byte on', async () => {
  const { csv } = generateSales(100_000);
  const bytes = zip({ name: 'sales.csv', content: csv, hasDescriptor: true });
  const client = gatewayClient(server.url);
  const { job } = await client.createJob({ filename: 'sales.csv', sizeBytes: BigInt(bytes.length) });
  const id = job?.id ?? '';
  const file = new TusFile(id, bytes, { url: async () => server.url });
  await file.send(3);
  await file.send(bytes.length / 2);
  const seen = await watchJob(server.url, id, ({ processedBytes }) => processedBytes > 0n);
  expect(seen.at(-1)).toMatchObject({
    state: JobState.UPLOADING,
    rowsProcessed: expect.toSatisfy((rows) => rows > 0n),
  });
  while (!file.isWhole) await file.send(bytes.length);
  expect(await endedJob(server.url, id)).toMatchObject({
    state: JobState.SUCCEEDED,
    processedBytes: BigInt(bytes.length),
  });
  const text = await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text();
  expect(text).toBe(await totalsOf(server.url, csv));
});

const REFUSED: [string, Buffer, string, RegExp][] = [
  [
    'two files',
    zip({ name: 'a.csv', content: SALES }, { name: 'b.csv', content: SALES }),
    'ZIP_INVALID',
    /"a\.csv" and "b\.csv"/,
  ],
  ['an archive that is cut off', zipped.subarray(0, -30), 'ZIP_INVALID', /ends too early/],
  ['an archive with a password', zip({ name: 'a.csv', content: SALES, flags: 1 }), 'ZIP_INVALID', /without a password/],
  [
    'a workbook',
    zip({ name: '[Content_Types].xml' }, { name: 'xl/workbook.xml' }),
    'NOT_A_CSV',
    /Excel workbook: save it as CSV/,
  ],
  ['gzip that is cut off', gzipSync(SALES).subarray(0, -9), 'GZIP_INVALID', /ends too early/],
  [
    'more than an upload may have',
    zip({ name: 'a.csv', content: Buffer.alloc(51_000_000, 'Books,1\n') }),
    'UPLOAD_TOO_LARGE',
    /zip archive decompresses to more than/,
  ],
];

test.each(REFUSED)('%s fails the job in words', async (_name, bytes, code, words) => {
  const failed = { code, message: expect.stringMatching(words) };
  const { response, id, json } = await upload(server.url, bytes);
  // The analysis may be ahead of the answer.
  if (response.status !== 202) expect(json).toMatchObject(failed);
  else expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.FAILED, error: failed });
});

test('an upload that is said to be gzip must be gzip', async () => {
  const { id } = await upload(server.url, SALES, '', { headers: { 'content-encoding': 'gzip' } });
  expect(await endedJob(server.url, id)).toMatchObject({ state: JobState.FAILED, error: { code: 'GZIP_INVALID' } });
});

test('InspectCsv looks into the start of a zip archive, and says what is none of a CSV', async () => {
  const client = gatewayClient(server.url);
  const bytes = zip({ name: 'sales.csv', content: generateSales(100_000).csv, hasDescriptor: true });
  const { dialect, rows } = await client.inspectCsv({ sample: bytes.subarray(0, 65_536), filename: 'sales.csv' });
  expect(dialect?.columns.map(({ name }) => name)).toEqual(['Department Name', 'Date', 'Number of Sales']);
  expect(rows).toHaveLength(20);
  expect((await client.inspectCsv({ sample: zipped, complete: true })).rows.length).toBeGreaterThan(0);
  for (const [, refused, , words] of REFUSED.slice(0, 4)) {
    const inspecting = client.inspectCsv({ sample: refused, filename: 'a.zip', complete: true });
    await expect(inspecting).rejects.toThrow(words);
  }
});
