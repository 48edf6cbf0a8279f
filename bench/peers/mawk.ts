import { spawnSync } from 'node:child_process';
import type { SalesFile } from '../harness/sales-file.ts';

/** Whether this machine has mawk. */
export function hasMawk(): boolean {
  return spawnSync('mawk', ['-W', 'version'], { stdio: 'ignore' }).status === 0;
}

/** Sums by mawk: floating point, no quotes, no validation. Returns milliseconds. */
export function sumByMawk({ path, departmentIndex, amountIndex }: SalesFile): number {
  const program = `NR > 1 { s[$${departmentIndex + 1}] += $${amountIndex + 1} } END { for (k in s) print k, s[k] }`;
  const startedAt = performance.now();
  const { status } = spawnSync('mawk', ['-F,', program, path], {
    stdio: 'ignore',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (status !== 0) throw new Error(`mawk ended with ${status}`);
  return performance.now() - startedAt;
}
