/**
 * The memory of the server's processes while a stream is made on the fly and uploaded: a long one beside a short one.
 * Pages of the program itself count for each process, though both share them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, compare, judge, printComparisons } from '../harness/comparison.ts';
import { residentMB } from '../harness/process-figures.ts';
import { median } from '../harness/table.ts';

const SHORT_BYTES = 500_000_000;
const SAMPLE_MS = 100;
/** MB that both processes together may hold. */
const MOST = 300;

export async function benchMemory({ sizeBytes, rounds }: BenchOptions): Promise<Comparison[]> {
  const long: Held[] = [];
  const short: Held[] = [];
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    short.push(await heldFor(SHORT_BYTES));
    long.push(await heldFor(sizeBytes));
  }
  const times = (a: number, b: number) => a / b;
  const of = (what: keyof Held) => [long.map((held) => held[what]), short.map((held) => held[what])] as const;
  const size = `${sizeBytes / 1e9} GB`;
  const comparisons = [
    compare({ what: `${size} beside 500 MB, median`, unit: 'MB', goal: { most: 1.05 } }, ...of('median'), times),
    compare({ what: `${size} beside 500 MB, peak`, unit: 'MB', goal: { most: 1.05 } }, ...of('peak'), times),
    judge({
      what: `all server processes at ${size}, peak (of ${MOST} MB)`,
      unit: 'MB',
      ours: Math.max(...long.map(({ peak }) => peak)),
      ratios: long.map(({ peak }) => peak / MOST),
      goal: { most: 1 },
    }),
  ];
  printComparisons(comparisons);
  return comparisons;
}

interface Held {
  median: number;
  peak: number;
}

/** The resident memory of a new server's processes during an upload, in MB. */
async function heldFor(sizeBytes: number): Promise<Held> {
  await using server = await ServerProcess.start();
  const samples: number[] = [];
  const pids = [server.pid, server.processorPid()];
  const timer = setInterval(() => samples.push(pids.reduce((sum, pid) => sum + residentMB(pid), 0)), SAMPLE_MS);
  try {
    await uploadGenerated(server.url, sizeBytes);
  } finally {
    clearInterval(timer);
  }
  return { median: median(samples), peak: Math.max(...samples) };
}

/** The generator's output, uploaded by curl while it is made. */
async function uploadGenerated(url: string, sizeBytes: number): Promise<void> {
  const generator = fileURLToPath(new URL('../../generator/src/main.ts', import.meta.url));
  const options = ['--size', String(sizeBytes), '--departments', '100', '--out', '-'];
  const source = spawn(process.execPath, [generator, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  const curl = spawn('curl', ['-sS', '-f', '-T', '-', `${url}/upload`], {
    stdio: [source.stdout, 'ignore', 'inherit'],
  });
  const [code] = await once(curl, 'exit');
  if (code !== 0) throw new Error(`curl ended with ${code}`);
}
