import { spawnSync } from 'node:child_process';

/** The time that a command takes, from its start to its end. */
export interface CommandTime {
  /** Seconds on the clock. */
  wall: number;
  /** Seconds of all its processes and threads on processors. */
  cpu: number;
  /** The most memory that its largest process had at once, in MB. */
  peakMB: number;
}

const LINES = /^wall (\S+) user (\S+) system (\S+) peak (\d+)$/m;

/**
 * Runs a command to its end, measured by GNU time (Debian's package `time`).
 *
 * @throws Error if it fails, with what it said
 */
export function timeCommand(command: readonly string[]): CommandTime {
  const format = 'wall %e user %U system %S peak %M';
  const { status, stderr, error } = spawnSync('/usr/bin/time', ['-f', format, ...command], {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  const [, wall, user, system, peakKb] = LINES.exec(stderr ?? '') ?? [];
  if (status !== 0 || wall === undefined) throw new Error(`${command.join(' ')} failed: ${error?.message ?? stderr}`);
  return {
    wall: Number(wall),
    cpu: Number(user) + Number(system),
    peakMB: (Number(peakKb) * 1024) / 1e6,
  };
}
