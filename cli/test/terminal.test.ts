/** The command on real terminals of any width: those of script(1), where that is installed. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../tallystream.mjs', import.meta.url));
const hasScript = spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'tallystream-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sales = join(folder, 'sales.csv');
writeFileSync(sales, 'Department,Sales\nBooks,1\nBooks,2\n');

/** Everything that is shown on a terminal, whose size is set first. */
async function shown(size: string, input: string): Promise<string> {
  const command = `stty ${size}; '${BIN}' sum ${input}`;
  // Its own exit code is that of the command.
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm' },
  });
  return stdout;
}

test
  .skipIf(!hasScript)
  .each([
    'cols 0',
    'cols 1',
    'cols 7',
    'cols 29',
    'cols 47',
    'cols 48',
    'cols 49',
    'cols 60',
    'cols 65535',
    'cols 0 rows 0',
    'cols 1 rows 1',
  ])('a terminal of %s gets the totals, of a file and of a pipe', async (size) => {
  for (const input of [sales, `- < ${sales}`]) {
    const text = await shown(size, input);
    expect(text).toMatch(/^Books +3\r$/m);
    expect(text).toContain('2 rows, 1 department in');
    expect(text).not.toContain('Error');
  }
});
