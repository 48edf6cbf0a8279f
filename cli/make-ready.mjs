import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rememberUnchanged } from '../scripts/stamp.mjs';
import { isMade, pathsOf, wantedSteps } from '../scripts/steps.mjs';

const SET_UP = fileURLToPath(new URL('../scripts/set-up.mjs', import.meta.url));
const STEPS = ['--without', 'client'];

/** Does the steps of the set-up that the command needs and that are not done. Ends this process if that fails. */
export function makeReady() {
  const steps = wantedSteps(STEPS);
  // Before the steps are looked at: what changes from here on is seen at the next start.
  const remember = rememberUnchanged(steps.flatMap(pathsOf));
  if (steps.every(isMade)) {
    remember();
    return;
  }
  const { status } = spawnSync(process.execPath, [SET_UP, ...STEPS], {
    // Its output is for the user and must not get into the totals.
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
