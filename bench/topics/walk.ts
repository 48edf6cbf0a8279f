/**
 * The walk of `client/test/walk.ts` over 2 M orders of 12 columns in a real browser: how long each click waits for its
 * answer. Browser and server share the cores, and the browser draws without a graphics card.
 */
import { launchBrowser } from '../../client/test/browser.ts';
import { type Step, walk } from '../../client/test/walk.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, judge, printComparisons } from '../harness/comparison.ts';
import { withFolder, writeOrdersFile } from '../harness/sales-file.ts';
import { median } from '../harness/table.ts';

const MOST_CLICKS = 8;
const MOST_MILLISECONDS = 1000;

export async function benchWalk({ isQuick, rounds }: BenchOptions): Promise<Comparison[]> {
  return await withFolder(async (folder) => {
    const orders = writeOrdersFile(folder, 'orders', isQuick ? 200_000 : 2_000_000);
    await using server = await ServerProcess.start({ DATA_DIR: `${folder}/data` });
    const browser = await launchBrowser();
    const walks: Step[][] = [];
    try {
      for (let round = 0; round < rounds; round++) {
        const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
        const page = await context.newPage();
        await page.goto(server.url);
        walks.push(await walk(page, orders.path, async () => {}));
        await context.close();
      }
    } finally {
      await browser.close();
    }
    const comparisons = judgeAll(walks);
    printComparisons(comparisons);
    return comparisons;
  });
}

function judgeAll(walks: Step[][]): Comparison[] {
  const clicks = walks.map((steps) => steps.length);
  const count = { what: 'clicks', unit: '', ours: median(clicks), peer: MOST_CLICKS };
  const ratios = clicks.map((number) => number / MOST_CLICKS);
  return [
    judge({ ...count, ratios, goal: { most: 1 } }),
    ...walks[0]!.map(({ what }, place) => {
      const times = walks.map((steps) => steps[place]!.milliseconds);
      return judge({
        what: `${place + 1}: ${what}`,
        unit: 'ms',
        ours: median(times),
        peer: MOST_MILLISECONDS,
        ratios: times.map((time) => time / MOST_MILLISECONDS),
        goal: { most: 1 },
      });
    }),
  ];
}
