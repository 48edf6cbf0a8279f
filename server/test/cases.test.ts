/** Small files after public bug reports of CSV tools, and what must come out of each: see `cases/README.md`. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, upload } from './support/clients.ts';
import { ServerProcess } from './support/server-process.ts';
import { plainDecimal } from './support/totals.ts';

interface Case {
  file: string;
  /** The query of `/upload` beside the file's name. */
  query?: string;
  /** The right total. */
  total?: string;
  departments?: number;
  /** Whether a doubt or a clear failure is right as well. */
  mayBeTold: boolean;
  /** Totals that are always wrong. */
  never?: string[];
  why?: string;
}

const FOLDER = new URL('./cases/', import.meta.url);
const CASES: Case[] = JSON.parse(readFileSync(new URL('cases.json', FOLDER), 'utf8'));

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(async () => await server[Symbol.asyncDispose]());

test.each(CASES)('$file: $why', async ({ file, query, total, departments, mayBeTold, never = [] }) => {
  const { response, id, json } = await upload(
    server.url,
    readFileSync(new URL(file, FOLDER)),
    `?filename=${file}&${query ?? ''}`,
  );
  if (!response.ok) {
    expect({ mayBeTold, json }).toMatchObject({ mayBeTold: true, json: { code: expect.stringMatching(/^[A-Z_]+$/) } });
    return;
  }
  const job = await endedJob(server.url, id);
  const isTold = job.doubts.length > 0 || (job.state === JobState.FAILED && job.error !== undefined);
  for (const { code, message } of job.doubts) {
    expect(code).toMatch(/^[A-Z_]+$/);
    expect(message).toMatch(/^[A-Z0-9"(].*\.$/s);
  }
  if (job.state === JobState.SUCCEEDED) expect(never.map(plainDecimal)).not.toContain(plainDecimal(job.total));
  const isRight =
    job.state === JobState.SUCCEEDED && total !== undefined && plainDecimal(job.total) === plainDecimal(total);
  expect({ isRight: isRight || (mayBeTold && isTold), total: job.total, doubts: job.doubts }).toMatchObject({
    isRight: true,
  });
  if (departments !== undefined && isRight) expect(job.departments).toBe(departments);
});
