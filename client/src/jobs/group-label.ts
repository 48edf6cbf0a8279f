import type { Total } from '#gen/tallystream/v1/processor_pb.ts';

/** The name of a group: its department, or the values of all columns that it is grouped by. */
export function groupLabel({ department, keys }: Pick<Total, 'department' | 'keys'>): string {
  return keys.length > 1 ? keys.join(' · ') : department;
}
