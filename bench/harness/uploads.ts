import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient } from '../../server/test/support/clients.ts';
import type { SalesFile } from './sales-file.ts';

/** `curl -T`. Returns the answer. */
export async function curlUpload(url: string, path: string, rate?: string): Promise<string> {
  const limit = rate ? ['--limit-rate', rate] : [];
  return await run('curl', ['-sS', '-f', '-T', path, ...limit, url]);
}

/** An upload by tus-js-client. Returns the job's id. */
export async function tusUpload(url: string, path: string): Promise<string> {
  const program = fileURLToPath(new URL('../peers/tus-client.ts', import.meta.url));
  const location = await run(process.execPath, [program, url, path]);
  return location.trim().split('/').at(-1) ?? '';
}

async function run(command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
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
