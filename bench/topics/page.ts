/// <reference lib="dom" />
/**
 * A large file in a real browser: what the tab holds, how smooth it stays beside a page that does nothing but send the
 * file, and whether its result is that of curl. Browser and servers share the cores, and the browser draws without a
 * graphics card.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../client/test/browser.ts';
import { slowDown, startJob } from '../../client/test/page-test.ts';
import { gatewayClient } from '../../server/test/support/clients.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { ChildServer } from '../harness/child-server.ts';
import { type Comparison, compare, judge, printComparisons } from '../harness/comparison.ts';
import { type SalesFile, withFolder, writeSalesFileOfSize } from '../harness/sales-file.ts';
import { type Seen, watchTab } from '../harness/tab.ts';
import { median } from '../harness/table.ts';
import { curlUpload, succeeded } from '../harness/uploads.ts';

/** The heap of the tab may move up and down by this much, in MB. */
const HEAP_RANGE = 40;
/** A task of the main thread that takes longer is felt, in milliseconds. */
const LONG_TASK_MS = 50;
const FRAMES_PER_SECOND = 60;
/** 100 Mbit/s, in bytes a second, and how much is sent so. */
const OFFICE_LINE = 12_500_000;
const OFFICE_BYTES = 400_000_000;

export async function benchPage({ sizeBytes }: BenchOptions): Promise<Comparison[]> {
  return await withFolder(async (folder) => {
    const sales = writeSalesFileOfSize(folder, 'sales', sizeBytes);
    const copy = join(folder, 'copy.csv');
    await using peer = await ChildServer.start('../peers/upload-peers.ts', copy);
    await using server = await ServerProcess.start({ DATA_DIR: join(folder, 'data') });
    const browser = await launchBrowser();
    try {
      const fast = await uploadByPage(browser, server.url, sales);
      const totals = await (await fetch(`${server.url}/jobs/${fast.id}/totals.csv`)).text();
      await gatewayClient(server.url).deleteJob({ id: fast.id });
      const bare = await uploadByBarePage(browser, peer.url, sales.path);
      rmSync(copy);
      const office = writeSalesFileOfSize(folder, 'office', Math.min(sizeBytes, OFFICE_BYTES));
      const slow = await uploadByPage(browser, server.url, office, OFFICE_LINE);
      const { id } = JSON.parse(await curlUpload(`${server.url}/upload`, sales.path)) as { id: string };
      await succeeded(server.url, id, sales.rows);
      const isSame = totals === (await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text());
      const comparisons = judgeAll(`${sizeBytes / 1e9} GB`, fast.seen, bare, slow.seen, isSame);
      printComparisons(comparisons);
      return comparisons;
    } finally {
      await browser.close();
    }
  });
}

async function openPage(browser: Browser): Promise<Page> {
  return await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
}

async function uploadByPage(browser: Browser, url: string, sales: SalesFile, bytesPerSecond = -1) {
  const page = await openPage(browser);
  await page.goto(url);
  await slowDown(page, bytesPerSecond);
  const id = await startJob(page, sales.path);
  const seen = await watchTab(page, succeeded(url, id, sales.rows));
  await page.context().close();
  return { id, seen };
}

/** The least that a page can do: send the file, and show how much of it is sent. */
async function uploadByBarePage(browser: Browser, url: string, path: string): Promise<Seen> {
  const page = await openPage(browser);
  const body = '<!doctype html><title>Peer</title><input type="file"><progress></progress>';
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(url);
  await page.locator('input').setInputFiles(path);
  const sent = page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = new XMLHttpRequest();
        const bar = document.querySelector('progress');
        request.upload.onprogress = ({ loaded, total }) => {
          if (bar !== null) bar.value = loaded / total;
        };
        request.onload = () => resolve();
        request.onerror = () => reject(new Error('the upload failed'));
        request.open('PUT', '/copy');
        request.send(document.querySelector('input')?.files?.[0] ?? null);
      }),
  );
  const seen = await watchTab(page, sent);
  await page.context().close();
  return seen;
}

function judgeAll(size: string, fast: Seen, bare: Seen, slow: Seen, isSame: boolean): Comparison[] {
  const range = Math.max(...fast.heaps) - Math.min(...fast.heaps);
  const smoothness = (what: string, { frames }: Seen) =>
    judge({
      what: `${what}: frames a second (of ${FRAMES_PER_SECOND})`,
      unit: '1/s',
      ours: median(frames),
      ratios: frames.map((count) => count / FRAMES_PER_SECOND),
      goal: { least: 0.95 },
    });
  const longest = (what: string, milliseconds: number, goal?: { most: number }) =>
    judge({ what, unit: 'ms', ours: milliseconds, ratios: [milliseconds / LONG_TASK_MS], goal });
  return [
    judge({
      what: `${size}: heap of the tab, most less least (of ${HEAP_RANGE} MB)`,
      unit: 'MB',
      ours: range,
      ratios: [range / HEAP_RANGE],
      goal: { most: 1 },
    }),
    smoothness(`${size} as fast as it goes`, fast),
    compare(
      { what: `${size} as fast as it goes: frames beside a page that only sends`, unit: '1/s', goal: undefined },
      [median(fast.frames)],
      [median(bare.frames)],
      (ours, peer) => ours / peer,
    ),
    smoothness('at 100 Mbit/s', slow),
    longest(`${size}: longest task, time of the processor (of ${LONG_TASK_MS} ms)`, fast.longestCpuMs, { most: 1 }),
    longest(`${size}: longest task by the clock, other processes included`, fast.longestMs),
    judge({
      what: `${size}: results that differ from those of curl`,
      unit: 'count',
      ours: Number(!isSame),
      ratios: [Number(!isSame)],
      goal: { most: 0 },
    }),
  ];
}
