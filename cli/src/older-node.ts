import { statSync } from 'node:fs';
import type { Settings } from './settings.ts';

/** The first that lists globs; with the one before, a call to a processor sometimes never begins. */
const GOOD_MAJOR = 22;

/** Whether files are all that this Node.js may be trusted with. */
export function isOlderNode(version = process.versions.node): boolean {
  return Number.parseInt(version, 10) < GOOD_MAJOR;
}

/** Whether anything but regular files by their names is to be read. */
export function needsNewerNode({ processor, inputs }: Pick<Settings, 'processor' | 'inputs'>): boolean {
  return processor !== undefined || !inputs.every((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
