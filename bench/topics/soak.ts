/**
 * Mixed jobs, cancels, deletes, clients that vanish, and, in the first half, kills of gateway and processor. At the end
 * every job must be accounted for, and in the second half nothing may have grown.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { Random } from '../../generator/src/random.ts';
import { stateName } from '../../server/src/gateway/job-state.ts';
import { endedJob, gatewayClient, totalsOf } from '../../server/test/support/clients.ts';
import { KilledServer } from '../../server/test/support/killed-server.ts';
import { generateSales } from '../../server/test/support/sales.ts';
import { TusFile } from '../../server/test/support/tus-file.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, judge, printComparisons } from '../harness/comparison.ts';
import { handleCount, residentMB, threadCount } from '../harness/process-figures.ts';

const CLIENTS = 4;
/** The warm-up in the second half, before anything is measured. */
const WARM_UP_SHARE = 0.2;
const KILL_INTERVAL_MS = 4_000;
/** Growth that is no leak: caches, the heap's own rhythm, connections that are closing. */
const NOISE = { memory: 1.15, handles: 1.2, threads: 1.0 };

export async function benchSoak({ minutes }: BenchOptions): Promise<Comparison[]> {
  await using server = new KilledServer({ CHECKPOINT_MS: '200' });
  const soak = new Soak(server);
  const halfMs = (minutes * 60_000) / 2;
  await soak.prepare();
  await soak.run(halfMs, true);
  await soak.run(halfMs * WARM_UP_SHARE, false);
  const before = await soak.figures();
  await soak.run(halfMs * (1 - WARM_UP_SHARE), false);
  const unaccounted = await soak.unaccounted();
  const after = await soak.figures();
  console.log(`${soak.describe()}; SEED=${soak.seed}`);
  const grown = (what: keyof Figures, unit: string, most: number) =>
    judge({
      what: `${what} at the end of ${minutes} minutes, beside the start`,
      unit,
      ours: after[what],
      peer: before[what],
      ratios: [after[what] / before[what]],
      goal: { most },
    });
  const none = (what: string, count: number) =>
    judge({ what, unit: 'count', ours: count, ratios: [count], goal: { most: 0 } });
  const comparisons = [
    grown('memory', 'MB', NOISE.memory),
    grown('handles', 'count', NOISE.handles),
    grown('threads', 'count', NOISE.threads),
    none('files that stayed', after.files),
    none('jobs with a wrong result, or without a clear end', unaccounted),
  ];
  printComparisons(comparisons);
  return comparisons;
}

interface Figures {
  memory: number;
  handles: number;
  threads: number;
  files: number;
}

class Soak {
  readonly seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  readonly #server: KilledServer;
  readonly #random = new Random(this.seed);
  readonly #files = [
    { filename: 'small.csv', bytes: generateSales(2_000, 61).csv, totals: '' },
    { filename: 'dirty.csv', bytes: generateSales(300_000, 62, 500).csv, totals: '' },
    { filename: 'packed.csv.gz', bytes: gzipSync(generateSales(300_000, 63).csv), totals: '' },
    { filename: 'many.csv', bytes: generateSales(200_000, 64, 20_000).csv, totals: '' },
  ];
  readonly #counts: Record<string, number> = {};
  #kills = 0;
  #wrong = 0;

  constructor(server: KilledServer) {
    this.#server = server;
  }

  describe(): string {
    return [...Object.entries(this.#counts), ['kill', this.#kills]].map((pair) => pair.join(': ')).join(', ');
  }

  /** Finds the expected totals of each file, while nothing disturbs. */
  async prepare(): Promise<void> {
    for (const file of this.#files) {
      file.totals = await totalsOf(await this.#server.url(), file.bytes, `?filename=${file.filename}`);
    }
  }

  async run(ms: number, kills: boolean): Promise<void> {
    const until = performance.now() + ms;
    const isOn = () => performance.now() < until;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (isOn()) await this.#act();
    });
    while (isOn()) {
      await wait(Math.min(KILL_INTERVAL_MS, ms));
      if (!kills) continue;
      this.#kills++;
      if (this.#below(3) > 0) await this.#server.killProcessor();
      else await this.#server.killGateway();
    }
    await Promise.all(clients);
    await this.#settle();
  }

  async figures(): Promise<Figures> {
    const { pid, dataDir, processorPid } = await this.#current();
    const pids = [pid, processorPid];
    const sum = (of: (pid: number) => number) => pids.reduce((all, each) => all + of(each), 0);
    const files = (await readdir(join(dataDir, 'spool'))).length;
    return { memory: sum(residentMB), handles: sum(handleCount), threads: sum(threadCount), files };
  }

  /** How many jobs ended with a wrong result, or not at all. */
  async unaccounted(): Promise<number> {
    await this.#settle();
    return this.#wrong;
  }

  async #current() {
    const server = await this.#server.current;
    return { pid: server.pid, dataDir: server.dataDir, processorPid: server.processorPid() };
  }

  /** Waits for every job's end, looks at its result and deletes it. */
  async #settle(): Promise<void> {
    const url = await this.#server.url();
    const client = gatewayClient(url);
    for (let jobs = await this.#jobs(); jobs.length > 0; jobs = await this.#jobs()) {
      for (const { id, state, filename } of jobs) {
        // An upload that its client has left waits for it: that is its clear end here.
        const job = state === JobState.UPLOADING ? undefined : await endedJob(url, id);
        if (job?.state === JobState.SUCCEEDED) await this.#check(url, id, filename);
        this.#count(`left ${job ? stateName(job.state) : 'waiting'}`);
        await client.deleteJob({ id });
      }
    }
  }

  async #jobs(): Promise<Job[]> {
    return (await gatewayClient(await this.#server.url()).listJobs({ pageSize: 1000 })).jobs;
  }

  async #check(url: string, id: string, filename: string): Promise<void> {
    const expected = this.#files.find((file) => file.filename === filename)?.totals;
    const response = await fetch(`${url}/jobs/${id}/totals.csv`);
    if (response.status === 200 && (await response.text()) === expected) return;
    this.#wrong++;
    console.error(`${filename} (${id}) has a wrong result`);
  }

  /** One thing that clients do. An act may fail in any way when the server is killed. */
  async #act(): Promise<void> {
    const file = this.#files[this.#below(this.#files.length)]!;
    const acts = [this.#oneRequest, this.#pieces, this.#cancel, this.#vanish, this.#watch];
    const act = acts[this.#below(acts.length)]!;
    this.#count(act.name.slice(1));
    await act.call(this, file).catch(() => this.#count('cut off by a kill'));
  }

  async #oneRequest({ filename, bytes }: { filename: string; bytes: Buffer }): Promise<void> {
    const url = await this.#server.url();
    const response = await fetch(`${url}/upload?filename=${filename}`, { method: 'POST', body: new Uint8Array(bytes) });
    const { id } = (await response.json()) as { id: string };
    await endedJob(url, id);
    await this.#check(url, id, filename);
    await gatewayClient(url).deleteJob({ id });
  }

  async #begin({ filename, bytes }: { filename: string; bytes: Buffer }): Promise<TusFile> {
    const client = gatewayClient(await this.#server.url());
    const { job } = await client.createJob({ filename, sizeBytes: BigInt(bytes.length) });
    return new TusFile(job?.id ?? '', bytes, this.#server);
  }

  /** Goes on whatever is killed. */
  async #pieces(file: { filename: string; bytes: Buffer }): Promise<void> {
    const upload = await this.#begin(file);
    while (!upload.isWhole) await upload.send(1 + this.#below(file.bytes.length));
  }

  async #cancel(file: { filename: string; bytes: Buffer }): Promise<void> {
    const upload = await this.#begin(file);
    await upload.send(this.#below(file.bytes.length));
    const client = gatewayClient(await this.#server.url());
    await client.cancelJob({ id: upload.id });
    if (this.#below(2) > 0) await client.deleteJob({ id: upload.id });
  }

  async #vanish({ filename, bytes }: { filename: string; bytes: Buffer }): Promise<void> {
    const gone = new AbortController();
    const body = async function* () {
      yield bytes.subarray(0, bytes.length / 2);
      await wait(20);
      gone.abort();
    };
    const url = `${await this.#server.url()}/upload?filename=${filename}`;
    const init = { method: 'POST', body: body(), duplex: 'half', signal: gone.signal };
    await fetch(url, init as unknown as RequestInit).catch(() => {});
  }

  async #watch(): Promise<void> {
    const stop = AbortSignal.timeout(100 + this.#below(1_000));
    const client = gatewayClient(await this.#server.url());
    const watchers = Array.from({ length: 10 }, () => Array.fromAsync(client.watchJobs({}, { signal: stop })));
    await Promise.allSettled(watchers);
  }

  #below(limit: number): number {
    return this.#random.next() % limit;
  }

  #count(what: string): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }
}
