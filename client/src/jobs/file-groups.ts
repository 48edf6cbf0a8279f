import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';

/** The name that all questions about one file have in common: the source of those that came without an upload. */
export function fileKey({ id, source }: Pick<Job, 'id' | 'source'>): string {
  return source === '' ? `jobs/${id}` : source;
}

/** The questions about each file, by its {@link fileKey}: files by their first question, and questions as they come. */
export function groupByFile<J extends Pick<Job, 'id' | 'source'>>(jobs: readonly J[]): Map<string, J[]> {
  const groups = new Map<string, J[]>();
  for (const job of jobs) {
    const key = fileKey(job);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [job]);
    else group.push(job);
  }
  return groups;
}
