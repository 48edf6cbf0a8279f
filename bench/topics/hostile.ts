/**
 * A server under attack by many kinds of requests that cost their sender little, while honest uploads go on: all of them
 * must be right and not much slower, the server must answer all the time, and nothing may be left of it afterwards.
 */
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { endedJob, gatewayClient, totalsOf, upload } from '../../server/test/support/clients.ts';
import { metric } from '../../server/test/support/metrics.ts';
import { chunk } from '../../server/test/support/process-csv-requests.ts';
import { generateSales } from '../../server/test/support/sales.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { ChildServer } from '../harness/child-server.ts';
import { type Comparison, judge, printComparisons } from '../harness/comparison.ts';
import { handleCount, proportionalMB } from '../harness/process-figures.ts';
import { median } from '../harness/table.ts';

const UNDISTURBED = 15;
const BETWEEN_UPLOADS_MS = 500;
const MEMORY_INTERVAL_MS = 250;
/** A result with so many departments is read by attackers. */
const LARGE_ROWS = 400_000;
const LARGE_DEPARTMENTS = 200_000;
/** Floods go on for this share of the time afterwards. */
const FLOOD_SHARE = 0.2;
/** Some handles may stay open for a moment. */
const HANDLES_NOISE = 1.2;

export async function benchHostile({ minutes }: BenchOptions): Promise<Comparison[]> {
  await using server = await ServerProcess.start({ CHECKPOINT_MS: '500' });
  const honest = new Honest(server.url);
  await honest.prepare();
  const largeJobId = await uploadLarge(server.url);
  await callProcessor(server.url);
  for (let count = 0; count < UNDISTURBED; count++) await honest.upload();
  const undisturbed = median(honest.takeSeconds());
  const handlesBefore = handlesOf(server);
  const watch = new Watch(server);
  const act = () => honest.upload();
  await underAttack([server.url, largeJobId, 'attacks'], minutes * 60_000, act);
  const slowest = Math.max(...honest.takeSeconds());
  const longestGapMs = await watch.end();
  const left = await leftBehind(server, largeJobId);
  const handlesAfter = handlesOf(server);
  const floodWatch = new Watch(server);
  await underAttack([server.url, largeJobId, 'floods'], minutes * FLOOD_SHARE * 60_000, act);
  const flooded = honest.takeSeconds();
  await floodWatch.end();
  console.log(`${honest.count} honest uploads, undisturbed ${undisturbed.toFixed(3)} s`);
  const line = (what: string, unit: string, ours: number, most: number, peer?: number) =>
    judge({
      what,
      unit,
      ours,
      ...(peer !== undefined && { peer }),
      ratios: [peer === undefined ? ours : ours / peer],
      goal: { most },
    });
  const comparisons = [
    line('honest uploads with a wrong result or none', 'count', honest.wrong, 0),
    line('the slowest honest upload, beside the undisturbed median', 's', slowest, 5, undisturbed),
    line('longest gap between two answers of /healthz', 's', longestGapMs / 1000, 1),
    line('memory of all processes, peak', 'MB', watch.peakMB, 600),
    line('jobs, files and calls left behind', 'count', left, 0),
    line('handles afterwards, beside before', 'count', handlesAfter, HANDLES_NOISE, handlesBefore),
    line(
      'in floods: the slowest honest upload, beside the undisturbed median',
      's',
      Math.max(...flooded),
      5,
      undisturbed,
    ),
    line('in floods: the median', 's', median(flooded), 5, undisturbed),
    line('in floods: memory of all processes, peak', 'MB', floodWatch.peakMB, 600),
  ];
  printComparisons(comparisons);
  return comparisons;
}

/** Repeats something while an attacker is at work. */
async function underAttack(target: string[], ms: number, act: () => Promise<void>): Promise<void> {
  await using _ = await ChildServer.start('../hostile/attacker.ts', ...target);
  const until = performance.now() + ms;
  while (performance.now() < until) {
    await act();
    await wait(BETWEEN_UPLOADS_MS);
  }
}

async function uploadLarge(url: string): Promise<string> {
  const { id } = await upload(url, generateSales(LARGE_ROWS, 71, LARGE_DEPARTMENTS).csv, '?filename=large.csv');
  await endedJob(url, id);
  return id;
}

/** Starts the threads for calls from outside, which stay. */
async function callProcessor(url: string): Promise<void> {
  const client = createClient(ProcessorService, createGrpcTransport({ baseUrl: url }));
  await Array.fromAsync(client.processCsv(Readable.from([chunk('Department,Amount\na,1\n')])));
}

/** A user who uploads a file again and again, and knows what must come out. */
class Honest {
  count = 0;
  wrong = 0;
  readonly #url: string;
  readonly #csv = generateSales(1_500_000, 72).csv;
  #totals = '';
  #seconds: number[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  async prepare(): Promise<void> {
    this.#totals = await totalsOf(this.#url, this.#csv, '?filename=honest.csv');
  }

  takeSeconds(): number[] {
    return this.#seconds.splice(0);
  }

  async upload(): Promise<void> {
    this.count++;
    const startedAt = performance.now();
    try {
      const { id } = await upload(this.#url, this.#csv, '?filename=honest.csv');
      await endedJob(this.#url, id);
      this.#seconds.push((performance.now() - startedAt) / 1000);
      const totals = await (await fetch(`${this.#url}/jobs/${id}/totals.csv`)).text();
      if (totals !== this.#totals) this.#isWrong(`the totals of ${id} are wrong`);
      await gatewayClient(this.#url).deleteJob({ id });
    } catch (error) {
      this.#isWrong(String(error));
    }
  }

  #isWrong(what: string): void {
    this.wrong++;
    console.error(what);
  }
}

/** Looks all the time whether the server answers, and at its memory. */
class Watch {
  peakMB = 0;
  readonly #health: Worker;
  readonly #timer: NodeJS.Timeout;

  constructor(server: ServerProcess) {
    this.#health = new Worker(new URL('../hostile/health.ts', import.meta.url), { workerData: server.url });
    this.#timer = setInterval(() => {
      const pids = [server.pid, server.processorPid()].filter((pid) => pid > 0);
      this.peakMB = Math.max(
        this.peakMB,
        pids.reduce((sum, pid) => sum + (proportionalMB(pid) || 0), 0),
      );
    }, MEMORY_INTERVAL_MS);
  }

  /** Ends it. @returns the longest time between two answers of /healthz, in milliseconds */
  async end(): Promise<number> {
    clearInterval(this.#timer);
    const answered = once(this.#health, 'message');
    this.#health.postMessage('end');
    const [longestGapMs] = await answered;
    await this.#health.terminate();
    return longestGapMs;
  }
}

function handlesOf(server: ServerProcess): number {
  return handleCount(server.pid) + handleCount(server.processorPid());
}

/** How much is there that should not be, once the jobs of the attack are deleted. */
async function leftBehind(server: ServerProcess, largeJobId: string): Promise<number> {
  const client = gatewayClient(server.url);
  let jobs = 0;
  for (let turn = 0; turn < 20; turn++) {
    const listed = (await client.listJobs({ pageSize: 1000 })).jobs.filter(({ id }) => id !== largeJobId);
    if (listed.length === 0) break;
    for (const { id, state } of listed) {
      if (state === JobState.QUEUED || state === JobState.PROCESSING) jobs++;
      await client.deleteJob({ id });
    }
    await wait(500);
  }
  await wait(3_000);
  const files = await readdir(join(server.dataDir, 'spool'));
  const watchers = await metric(server.url, 'tallystream_watchers');
  const waiting = await metric(server.url, 'tallystream_waiting_jobs');
  return jobs + files.length + watchers + waiting;
}
