import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE_NAME = 'checkpoint.key';

/**
 * The key that a gateway's own processor seals checkpoints with: made once, kept in the data folder, readable by this user
 * only. Where it cannot be kept it is good until the gateway ends; later, jobs start from their first byte.
 */
export function ownCheckpointKey(dataDir: string): string {
  const file = join(dataDir, FILE_NAME);
  const known = readKey(file);
  if (known) return known;
  const key = randomBytes(32).toString('hex');
  try {
    writeFileSync(file, key, { mode: 0o600, flush: true });
  } catch {
    // A full disk must not keep the gateway from starting.
  }
  return key;
}

/** Undefined for a file that is not there, or was cut when it was written. */
function readKey(file: string): string | undefined {
  try {
    return /^[0-9a-f]{64}$/.exec(readFileSync(file, 'latin1'))?.[0];
  } catch {
    return undefined;
  }
}
