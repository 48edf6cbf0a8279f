import { spawnSync } from 'node:child_process';
import type { SalesFile } from '../harness/sales-file.ts';

/** Whether this machine has mawk. */
export function hasMawk(): boolean {
  return spawnSync('mawk', ['-W', 'version'], { stdio: 'ignore' }).status === 0;
}

/** The command that sums by mawk: floating point, no quotes, no validation. */
export function mawkCommand({ path, departmentIndex, amountIndex }: SalesFile): [string, ...string[]] {
  const program = `NR > 1 { s[$${departmentIndex + 1}] += $${amountIndex + 1} } END { for (k in s) print k, s[k] }`;
  return ['mawk', '-F,', program, path];
}

/** Sums by mawk. Returns milliseconds. */
export function sumByMawk(file: SalesFile): number {
  const [command, ...args] = mawkCommand(file);
  const startedAt = performance.now();
  const { status } = spawnSync(command, args, {
    stdio: 'ignore',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (status !== 0) throw new Error(`mawk ended with ${status}`);
  return performance.now() - startedAt;
}
