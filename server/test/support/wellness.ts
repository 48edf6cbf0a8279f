import { expect } from 'vitest';
import { gatewayClient, totalsOf } from './clients.ts';
import { SALES, SALES_TOTALS } from './sales.ts';
import type { ServerProcess } from './server-process.ts';
import { spoolHolds } from './spool-folder.ts';

/** Expects that a server takes work, and does it right. */
export async function expectWell({ url }: ServerProcess): Promise<void> {
  for (const path of ['/healthz', '/readyz']) expect((await fetch(`${url}${path}`)).status).toBe(200);
  expect(await totalsOf(url, SALES)).toBe(SALES_TOTALS);
}

export async function deleteAllJobs({ url }: ServerProcess): Promise<void> {
  const client = gatewayClient(url);
  for (const { id } of (await client.listJobs({ pageSize: 1000 })).jobs) await client.deleteJob({ id });
}

/** Expects that a server is well, and that nothing is left of what it was sent once its jobs are deleted. */
export async function expectNothingLeft(server: ServerProcess): Promise<void> {
  await expectWell(server);
  await deleteAllJobs(server);
  await spoolHolds(server.dataDir, []);
}
