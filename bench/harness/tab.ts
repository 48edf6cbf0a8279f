/// <reference lib="dom" />
/** Measures a browser tab while something goes on: memory, frames, and how long its main thread works at a time. */
import { setInterval as every } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

export interface Seen {
  /** JavaScript memory in MB, by second. */
  heaps: number[];
  /** Frames that were drawn, by second. */
  frames: number[];
  /** The longest task of the main thread, in milliseconds as the clock has it. */
  longestMs: number;
  /** The longest task in milliseconds of the processor, so without the time in which others had it. */
  longestCpuMs: number;
}

/** Measures a tab until something has happened. */
export async function watchTab(page: Page, until: Promise<unknown>): Promise<Seen> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await countFrames(page);
  const heaps: number[] = [];
  const frames: number[] = [];
  let isOver = false;
  const over = until.finally(() => {
    isOver = true;
  });
  const longest = longestTask(page, () => isOver);
  let before = await readFrames(page);
  for await (const _ of every(1000)) {
    const now = await readFrames(page);
    frames.push(((now.count - before.count) * 1000) / (now.atMs - before.atMs));
    before = now;
    heaps.push(await heapMB(session));
    if (isOver) break;
  }
  await over;
  return { heaps, frames, ...(await longest) };
}

async function countFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = { frames: 0 };
    Object.assign(window, { seen });
    const count = () => {
      seen.frames++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
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

/** A trace of everything would not fit: it is read every so often. */
const TRACE_MS = 5000;
/** The names of the main thread of a page, and of a task of it, in a trace. */
const MAIN_THREAD = 'CrRendererMain';
const TASK = 'ThreadControllerImpl::RunTask';

interface TraceEvent {
  pid: number;
  tid: number;
  name: string;
  /** Microseconds by the clock and by the processor. */
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

async function longestTask(page: Page, isOver: () => boolean): Promise<Pick<Seen, 'longestMs' | 'longestCpuMs'>> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser of its own');
  const session = await browser.newBrowserCDPSession();
  let longestMs = 0;
  let longestCpuMs = 0;
  let events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  while (!isOver()) {
    events = [];
    await session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['toplevel'] },
    });
    await page.waitForTimeout(TRACE_MS);
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    const mainThreads = events.filter(({ name, args }) => name === 'thread_name' && args?.name === MAIN_THREAD);
    for (const { pid, tid, name, dur = 0, tdur = 0 } of events) {
      if (name !== TASK || !mainThreads.some((thread) => thread.pid === pid && thread.tid === tid)) continue;
      longestMs = Math.max(longestMs, dur / 1000);
      longestCpuMs = Math.max(longestCpuMs, tdur / 1000);
    }
  }
  return { longestMs, longestCpuMs };
}
