/** Several uploads at once beside the same ones after each other, and an upload that many watch beside one nobody does. */
import { join } from 'node:path';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { ChildServer } from '../harness/child-server.ts';
import { type Comparison, compare, judge, printComparisons } from '../harness/comparison.ts';
import { withFolder, writeSalesFileOfSize } from '../harness/sales-file.ts';
import { median } from '../harness/table.ts';
import { inTurns } from '../harness/turns.ts';
import { secondsToResult } from '../harness/uploads.ts';

const UPLOADS = 8;

export async function benchConcurrency({ sizeBytes, rounds }: BenchOptions): Promise<Comparison[]> {
  return await withFolder(async (folder) => {
    const part = writeSalesFileOfSize(folder, 'part', sizeBytes / UPLOADS);
    await using server = await ServerProcess.start({ DATA_DIR: join(folder, 'data') });
    const upload = () => secondsToResult(server.url, part);
    const slowestShares: number[] = [];
    const atOnce = async () => {
      const startedAt = performance.now();
      const all = await Promise.all(Array.from({ length: UPLOADS }, upload));
      slowestShares.push(Math.max(...all) / median(all));
      return (performance.now() - startedAt) / 1000;
    };
    const oneByOne = async () => {
      const startedAt = performance.now();
      for (let count = 0; count < UPLOADS; count++) await upload();
      return (performance.now() - startedAt) / 1000;
    };
    const watched = async () => {
      await using _ = await ChildServer.start('../peers/watchers.ts', server.url);
      return await oneByOne();
    };
    const [together, apart] = await inTurns(Math.min(rounds, 3), [atOnce, oneByOne]);
    const [seen, unseen] = await inTurns(rounds, [watched, oneByOne], 0);
    const comparisons = [
      compare(
        { what: `${UPLOADS} uploads at once, beside one after the other`, unit: 's', goal: { most: 1.05 } },
        together!,
        apart!,
        (a, b) => a / b,
      ),
      judge({
        what: 'the slowest of them, beside their median',
        unit: 'times',
        ours: median(slowestShares),
        ratios: slowestShares,
        goal: { most: 1.5 },
      }),
      compare(
        { what: '50 watchers, beside none (throughput)', unit: 's', goal: { least: 0.95 } },
        seen!,
        unseen!,
        (a, b) => b / a,
      ),
    ];
    printComparisons(comparisons);
    return comparisons;
  });
}
