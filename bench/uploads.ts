import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient } from '../server/test/support/clients.ts';
import type { SalesFile } from './sales-file.ts';

/** `curl -T`. Returns the answer. */
export async function curlUpload(url: string, path: string, rate?: string): Promise<string> {
  const limit = rate ? ['--limit-rate', rate] : [];
  const child = spawn('curl', ['-sS', '-f', '-T', path, ...limit, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`curl ended with ${code}`);
  return Buffer.concat(parts).toString();
}

/** Waits for the end of a job. @throws Error if it did not succeed with as many rows */
export async function succeeded(url: string, id: string, rows: number): Promise<Job> {
  const job = await endedJob(url, id);
  if (job.state === JobState.SUCCEEDED && job.rowsProcessed === BigInt(rows)) return job;
  throw new Error(`the job ended with ${job.rowsProcessed} rows instead of ${rows}: ${job.error?.message}`);
}

/** Seconds from the first byte of an upload to its result. The job is deleted. @throws Error as {@link succeeded} */
export async function secondsToResult(url: string, { path, rows }: SalesFile): Promise<number> {
  const startedAt = performance.now();
  const { id } = JSON.parse(await curlUpload(`${url}/upload`, path));
  await succeeded(url, id, rows);
  const seconds = (performance.now() - startedAt) / 1000;
  await gatewayClient(url).deleteJob({ id });
  return seconds;
}
