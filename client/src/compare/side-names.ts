import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatExactTime } from '../format/timestamp.ts';

/** What two results are called beside each other: by their files; of two with the same name, by when they were made, too. */
export function sideNames(here: Job, there: Job): { here: string; there: string } {
  if (here.filename !== there.filename) return { here: here.filename, there: there.filename };
  const [ours, theirs] = [nameWithTime(here), nameWithTime(there)];
  if (ours !== theirs) return { here: ours, there: theirs };
  return { here: `${here.filename} (1)`, there: `${there.filename} (2)` };
}

function nameWithTime({ filename, createTime }: Job): string {
  return createTime === undefined ? filename : `${filename}, ${formatExactTime(createTime)}`;
}
