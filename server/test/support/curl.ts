import { spawnSync } from 'node:child_process';

/** Whether the machine has curl. What is shown with it in the README is tried where it is; images without are many. */
export const hasCurl = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
