import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { PACKING_BYTES, packingOf } from '../../unpack/packing.ts';
import type { ReadonlyRecord } from '../job-record.ts';
import { isFileSource } from '../job-source.ts';
import type { Spool } from '../spool/spool.ts';

/** A smaller file is sent sooner than threads start that could read it. */
const LEAST_BYTES = 16 * 1024 * 1024;

/**
 * The source by which a processor reads a job's file itself; undefined if the bytes have to be sent: the upload is not whole
 * yet, it is packed, or the processor does not see the spool.
 */
export type SourceOf = (record: ReadonlyRecord) => Promise<string | undefined>;

/** @param isShared whether processors see the spool */
export function sourceOf(spool: Pick<Spool, 'path'>, isShared: boolean): SourceOf {
  return async ({ job, isGzip }) => {
    if (isFileSource(job.source)) return job.source;
    if (!isShared || !job.uploadFinishTime || isGzip || job.receivedBytes < LEAST_BYTES) return undefined;
    const path = spool.path(job.id);
    return (await isPacked(path)) ? undefined : pathToFileURL(path).href;
  };
}

async function isPacked(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const start = new Uint8Array(PACKING_BYTES);
    const { bytesRead } = await file.read(start, 0, PACKING_BYTES, 0);
    return packingOf(start.subarray(0, bytesRead)) !== 'none';
  } finally {
    await file.close();
  }
}
