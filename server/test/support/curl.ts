import { spawnSync } from 'node:child_process';

/** Whether the machine has curl. The README's examples with it are tried where it is; images without are many. */
export const hasCurl = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
