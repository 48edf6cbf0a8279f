/// <reference lib="dom" />
/** A large file in a real browser: what the tab holds, how smooth it stays, and whether its result is that of curl. */
import { join } from 'node:path';
import { setInterval as every } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../client/test/browser.ts';
import { gatewayClient } from '../server/test/support/clients.ts';
import { ServerProcess } from '../server/test/support/server-process.ts';
import type { BenchOptions } from './bench-options.ts';
import { type Comparison, judge, printComparisons } from './comparison.ts';
import { withFolder, writeSalesFileOfSize } from './sales-file.ts';
import { median } from './table.ts';
import { curlUpload, succeeded } from './uploads.ts';

/** What the heap of the tab may move up and down, in MB. */
const HEAP_RANGE = 40;
/** A task of the main thread that takes longer is felt, in milliseconds. */
const LONG_TASK_MS = 50;
const FRAMES_PER_SECOND = 60;

export async function benchPage({ sizeBytes }: BenchOptions): Promise<Comparison[]> {
  return await withFolder(async (folder) => {
    const sales = writeSalesFileOfSize(folder, 'sales', sizeBytes);
    await using server = await ServerProcess.start({ DATA_DIR: join(folder, 'data') });
    const browser = await launchBrowser();
    try {
      const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
      await page.goto(server.url);
      await page.getByLabel('Choose a CSV file').setInputFiles(sales.path);
      await page.getByRole('button', { name: 'Start' }).click();
      await page.waitForURL(/#\/jobs\//);
      const id = page.url().split('/').at(-1) ?? '';
      const ended = succeeded(server.url, id, sales.rows);
      const seen = await watchTab(page, ended);
      const totals = await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text();
      await gatewayClient(server.url).deleteJob({ id });
      const ofCurl = JSON.parse(await curlUpload(`${server.url}/upload`, sales.path)) as { id: string };
      await succeeded(server.url, ofCurl.id, sales.rows);
      const isSame = totals === (await (await fetch(`${server.url}/jobs/${ofCurl.id}/totals.csv`)).text());
      const comparisons = compare(`${sizeBytes / 1e9} GB`, seen, isSame);
      printComparisons(comparisons);
      return comparisons;
    } finally {
      await browser.close();
    }
  });
}

function compare(size: string, { heaps, frames, longTasks }: Seen, isSame: boolean): Comparison[] {
  const range = Math.max(...heaps) - Math.min(...heaps);
  const longest = Math.max(0, ...longTasks);
  return [
    judge({
      what: `${size}: heap of the tab, most less least (of ${HEAP_RANGE} MB)`,
      unit: 'MB',
      ours: range,
      ratios: [range / HEAP_RANGE],
      goal: { most: 1 },
    }),
    judge({
      what: `${size}: frames a second (of ${FRAMES_PER_SECOND})`,
      unit: '1/s',
      ours: median(frames),
      ratios: frames.map((count) => count / FRAMES_PER_SECOND),
      goal: { least: 0.95 },
    }),
    judge({
      what: `${size}: longest task of the main thread (of ${LONG_TASK_MS} ms)`,
      unit: 'ms',
      ours: longest,
      ratios: [longest / LONG_TASK_MS],
      goal: { most: 1 },
    }),
    judge({
      what: `${size}: results that differ from those of curl`,
      unit: 'count',
      ours: Number(!isSame),
      ratios: [Number(!isSame)],
      goal: { most: 0 },
    }),
  ];
}

interface Seen {
  /** MB, by second. */
  heaps: number[];
  /** Frames that were drawn, by second. */
  frames: number[];
  /** Milliseconds. */
  longTasks: number[];
}

/** Measures a tab until something has happened. */
async function watchTab(page: Page, until: Promise<unknown>): Promise<Seen> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.evaluate(() => {
    const seen = { frames: 0, longTasks: [] as number[] };
    Object.assign(window, { seen });
    const count = () => {
      seen.frames++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    const observer = new PerformanceObserver((list) =>
      seen.longTasks.push(...list.getEntries().map((e) => e.duration)),
    );
    observer.observe({ type: 'longtask' });
  });
  const heaps: number[] = [];
  const frames: number[] = [];
  const isOver = until.then(() => true);
  let before = await readFrames(page);
  for await (const _ of every(1000)) {
    const now = await readFrames(page);
    frames.push(((now.count - before.count) * 1000) / (now.atMs - before.atMs));
    before = now;
    heaps.push(await heapMB(session));
    if (await Promise.race([isOver, false])) break;
  }
  const longTasks = await page.evaluate(() => (window as unknown as { seen: Seen }).seen.longTasks);
  return { heaps, frames, longTasks };
}

async function readFrames(page: Page): Promise<{ count: number; atMs: number }> {
  return await page.evaluate(() => ({
    count: (window as unknown as { seen: { frames: number } }).seen.frames,
    atMs: performance.now(),
  }));
}

async function heapMB(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1e6;
}
