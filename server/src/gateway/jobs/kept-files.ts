import { timestampMs } from '@bufbuild/protobuf/wkt';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { ReadonlyRecord } from '../job-record.ts';
import { hasEnded } from '../job-state.ts';
import type { SpoolFile } from '../spool/spool.ts';

/** The file of a job that has ended. */
interface Kept {
  size: number;
  /** See {@link SpoolFile.contents}. */
  contents: string;
  /** When its job ended, in milliseconds since 1970: it was used then. */
  usedMs: number;
  /** Whether the job has its result: then the file is kept for the next question, else to try again. */
  hasResult: boolean;
}

/**
 * The files of jobs that have ended, and which of them go when there are too many bytes of them. Several jobs may have one
 * file: it was used when the last of them ended, and counts once.
 */
export class KeptFiles {
  readonly #budget: number;
  readonly #kept = new Map<string, Kept>();

  /** @param budget how many bytes of files with a result may be kept */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Whether any file is kept after its result. */
  get isKeeping(): boolean {
    return this.#budget > 0;
  }

  /** Adds the file of a job that has ended; one of any other job is left out. */
  add({ job }: ReadonlyRecord, { size, contents }: SpoolFile): void {
    const hasResult = job.state === JobState.SUCCEEDED;
    if (!hasEnded(job.state) || !job.uploadFinishTime || (hasResult && !job.fileKept)) return;
    const usedMs = job.finishTime ? timestampMs(job.finishTime) : 0;
    this.#kept.set(job.id, { size, contents, usedMs, hasResult });
  }

  /** Forgets the file of a job that begins again, or is gone. */
  remove(id: string): void {
    this.#kept.delete(id);
  }

  /** The jobs whose files go so that the rest fits into the budget. */
  beyondBudget(): string[] {
    const files = this.#filesByUse().filter(({ hasResult }) => hasResult);
    return leastUsed(files, files.reduce((sum, { size }) => sum + size, 0) - this.#budget);
  }

  /**
   * The jobs whose files go so that so many bytes come free, those with a result first; none if all together were too few.
   *
   * @param inUse contents that running jobs have, too: they free nothing
   */
  toFree(bytes: number, inUse: ReadonlySet<string>): string[] {
    const files = this.#filesByUse().filter(({ contents }) => !inUse.has(contents));
    if (files.reduce((sum, { size }) => sum + size, 0) < bytes) return [];
    const [results, others] = [true, false].map((wanted) => files.filter(({ hasResult }) => hasResult === wanted));
    return leastUsed([...results!, ...others!], bytes);
  }

  /** The files, those that were not used for longest first. */
  #filesByUse(): KeptFile[] {
    const files = new Map<string, KeptFile>();
    for (const [id, { size, contents, usedMs, hasResult }] of this.#kept) {
      const file = files.get(contents) ?? { ids: [], size, contents, usedMs: 0, hasResult: true };
      file.ids.push(id);
      file.usedMs = Math.max(file.usedMs, usedMs);
      file.hasResult &&= hasResult;
      files.set(contents, file);
    }
    return [...files.values()].sort((a, b) => a.usedMs - b.usedMs);
  }
}

/** A file with the jobs that have it. */
interface KeptFile {
  ids: string[];
  size: number;
  contents: string;
  usedMs: number;
  hasResult: boolean;
}

/** The jobs of the first files that have so many bytes together. */
function leastUsed(files: readonly KeptFile[], bytes: number): string[] {
  const gone: string[] = [];
  let freed = 0;
  for (const { ids, size } of files) {
    if (freed >= bytes) break;
    freed += size;
    gone.push(...ids);
  }
  return gone;
}
