import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatBytes } from '../format/bytes.ts';
import { texts } from '../texts.ts';
import { fingerprint } from './file-fingerprint.ts';
import { knownFile } from './known-files.ts';
import { isSameFile } from './same-file.ts';

/** Says why a file is not the one that a job waits for; empty if it can be. */
export async function whyNotWanted(file: File, job: Job): Promise<string> {
  if (!isSameFile(file, job)) {
    const size = job.sizeBytes === undefined ? '' : formatBytes(job.sizeBytes);
    return texts.job.otherFile(file.name, formatBytes(file.size), job.filename, size);
  }
  const known = knownFile(job.id);
  const hasChanged = known !== undefined && known !== (await fingerprint(file).catch(() => ''));
  return hasChanged ? texts.job.changedFile(file.name) : '';
}
