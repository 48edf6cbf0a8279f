/** The cost of being able to go on after a kill: uploads with a checkpoint every three seconds, beside ones without. */
import { join } from 'node:path';
import { gatewayClient } from '../../server/test/support/clients.ts';
import { metric } from '../../server/test/support/metrics.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, compare, judge, printComparisons } from '../harness/comparison.ts';
import { type SalesFile, withFolder, writeSalesFile, writeSalesFileOfSize } from '../harness/sales-file.ts';
import { inTurns } from '../harness/turns.ts';
import { curlUpload, succeeded } from '../harness/uploads.ts';

const EVERY_MS = '3000';
const NEVER_MS = '3600000';

export async function benchCheckpoints({ sizeBytes, rounds }: BenchOptions): Promise<Comparison[]> {
  return await withFolder(async (folder) => {
    await using some = await ServerProcess.start({ DATA_DIR: join(folder, 'some'), CHECKPOINT_MS: EVERY_MS });
    await using none = await ServerProcess.start({ DATA_DIR: join(folder, 'none'), CHECKPOINT_MS: NEVER_MS });
    const seconds = async ({ url }: ServerProcess, file: SalesFile) => {
      const startedAt = performance.now();
      const { id } = JSON.parse(await curlUpload(`${url}/upload`, file.path));
      await succeeded(url, id, file.rows);
      const time = (performance.now() - startedAt) / 1000;
      await gatewayClient(url).deleteJob({ id });
      return time;
    };
    const cost = async (file: SalesFile, what: string, goal?: { least: number }) => {
      const before = await metric(some.url, 'tallystream_checkpoints_total');
      const [ours, peer] = await inTurns(rounds, [() => seconds(some, file), () => seconds(none, file)]);
      const count = (await metric(some.url, 'tallystream_checkpoints_total')) - before;
      const line = compare({ what, unit: 's', goal }, ours!, peer!, (a, b) => b / a);
      return [
        line,
        judge({ what: `${what}: checkpoints`, unit: 'count', ours: count, ratios: [count], goal: undefined }),
      ];
    };
    const classic = writeSalesFileOfSize(folder, 'classic', sizeBytes);
    const rows = Math.round(sizeBytes / 30);
    const wide = writeSalesFile(folder, 'million', { rows, departments: 1_000_000, decimals: 0, quoted: 0 });
    const comparisons = [
      ...(await cost(classic, 'checkpoints, 100 departments, beside none (throughput)', { least: 0.99 })),
      ...(await cost(wide, 'checkpoints, 1,000,000 departments, beside none (throughput)', { least: 0.99 })),
    ];
    printComparisons(comparisons);
    return comparisons;
  });
}
