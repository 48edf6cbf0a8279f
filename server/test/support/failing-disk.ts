/**
 * Loaded into a server before it (`--import`): makes the disk fail as `disk-fault.json` in the data folder says, for as
 * long as that file is there.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { StatementSync } from 'node:sqlite';
import { totalLength } from '../../src/bytes/total-length.ts';
import { type DiskFault, FAULT_FILE } from './disk-fault.ts';

type Calls = Record<string, (...values: unknown[]) => Promise<unknown>>;

function currentFault(): DiskFault | undefined {
  try {
    return JSON.parse(readFileSync(join(process.env['DATA_DIR'] ?? '', FAULT_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

function isOn(fault: DiskFault | undefined, kind: DiskFault['on'][number]): fault is DiskFault {
  if (!fault?.on.includes(kind)) return false;
  return !fault.untilReserveIsGiven || existsSync(join(process.env['DATA_DIR'] ?? '', 'reserve'));
}

function failIf(kind: DiskFault['on'][number], path: string, end = Number.POSITIVE_INFINITY): void {
  const fault = currentFault();
  if (!isOn(fault, kind) || !path.includes(fault.path) || end <= (fault.fromByte ?? 0)) return;
  throw Object.assign(new Error(`${fault.code}: a failing disk, ${kind}`), { code: fault.code, syscall: kind });
}

function makeFallible(file: FileHandle, path: string): FileHandle {
  const calls = file as unknown as Calls;
  const { write, writev, datasync, sync } = calls as Required<Calls>;
  return Object.assign(file, {
    async write(bytes: Uint8Array, offset: number, length: number, position: number) {
      failIf('write', path, position + length);
      return await write?.call(file, bytes, offset, length, position);
    },
    async writev(pieces: Uint8Array[], position: number) {
      failIf('write', path, position + totalLength(pieces));
      return await writev?.call(file, pieces, position);
    },
    async datasync() {
      failIf('datasync', path);
      await datasync?.call(file);
    },
    async sync() {
      failIf('sync', path);
      await sync?.call(file);
    },
  } as Partial<FileHandle>);
}

const { open, statfs } = fs;
fs.open = async (path, ...rest) => makeFallible(await open(path, ...rest), String(path));
fs.statfs = (async (path: string) => {
  const figures = await statfs(path);
  const fault = currentFault();
  return isOn(fault, 'statfs') ? Object.assign(figures, { bavail: 0 }) : figures;
}) as typeof statfs;
syncBuiltinESMExports();

const statement = StatementSync.prototype as unknown as Record<'run', (...values: unknown[]) => unknown>;
const { run } = statement;
statement.run = function (...values) {
  if (isOn(currentFault(), 'database')) throw new Error('database or disk is full');
  return run.call(this, ...values);
};
