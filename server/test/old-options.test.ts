/** Jobs that an older version took, when texts of options had no limit. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { gatewayClient } from './support/clients.ts';
import { SALES } from './support/sales.ts';
import { ServerProcess } from './support/server-process.ts';

const LONG = 'a column '.repeat(30_000);

/** Gives every job in a database that long an option. */
function lengthenOptions(file: string): void {
  const database = new DatabaseSync(file);
  for (const { id, message } of database.prepare('SELECT id, message FROM jobs').all()) {
    const job = fromBinary(JobSchema, message as Uint8Array);
    if (job.options) job.options.departmentColumn = LONG;
    database.prepare('UPDATE jobs SET message = ? WHERE id = ?').run(toBinary(JobSchema, job), id as string);
  }
  database.close();
}

test('a job with an option that is too long fails at the start, is listed shortly, and is retried with another', async () => {
  const first = await ServerProcess.start();
  const { job } = await gatewayClient(first.url).createJob({ filename: 'old.csv', sizeBytes: BigInt(SALES.length) });
  const id = job?.id ?? '';
  await first.stop();
  lengthenOptions(join(first.dataDir, 'tallystream.db'));
  const second = await ServerProcess.start({ DATA_DIR: first.dataDir });
  try {
    const client = gatewayClient(second.url);
    const { jobs } = await client.listJobs({});
    expect(jobs[0]).toMatchObject({ id, state: JobState.FAILED, error: { code: 'OPTION_INVALID' } });
    expect(toBinary(JobSchema, jobs[0]!).length).toBeLessThan(10_000);
    const again = await client.retryJob({ id }).catch((error) => ConnectError.from(error).rawMessage);
    expect(again).toMatch(/^departmentColumn is .*at most 4000/);
    expect((await client.retryJob({ id, options: { departmentColumn: '0' } })).job?.state).toBe(JobState.UPLOADING);
  } finally {
    await second.stop();
    await rm(first.dataDir, { recursive: true });
  }
});
