import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob } from '../server/test/support/clients.ts';

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
