/** The generator writing a file, beside a plain copy of that file: what the disk alone takes. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../harness/bench-options.ts';
import { type Comparison, compare, printComparisons } from '../harness/comparison.ts';
import { withFolder } from '../harness/sales-file.ts';
import { inTurns } from '../harness/turns.ts';

export async function benchGenerator({ sizeBytes, rounds }: BenchOptions): Promise<Comparison[]> {
  return await withFolder(async (folder) => {
    const path = join(folder, 'sales.csv');
    const copy = join(folder, 'copy.csv');
    const generator = fileURLToPath(new URL('../../generator/src/main.ts', import.meta.url));
    const throughput = (command: string, args: string[]) => {
      const startedAt = performance.now();
      const { status } = spawnSync(command, args, { stdio: 'ignore' });
      if (status !== 0) throw new Error(`${command} ended with ${status}`);
      return sizeBytes / 1e3 / (performance.now() - startedAt);
    };
    const [made, copied] = await inTurns(Math.min(rounds, 3), [
      () =>
        throughput(process.execPath, [generator, '--size', String(sizeBytes), '--departments', '100', '--out', path]),
      () => {
        const result = throughput('cp', [path, copy]);
        rmSync(copy);
        return result;
      },
    ]);
    const share = { what: 'a copy of the file (share)', unit: 'MB/s', goal: undefined };
    const comparisons = [compare(share, made!, copied!, (a, b) => a / b)];
    printComparisons(comparisons);
    return comparisons;
  });
}
