import type { Column } from '#gen/tallystream/v1/processor_pb.ts';

/** The most columns that are shown as they stand. */
export const mostAtFirst = 12;

/**
 * The columns of a preview. Those of a file with many are too many to look through: the chosen ones come first, then the
 * first others.
 */
export function shownColumns(
  columns: readonly Column[],
  isChosen: (index: number) => boolean,
  isWhole: boolean,
): readonly Column[] {
  if (columns.length <= mostAtFirst) return columns;
  const chosen = columns.filter(({ index }) => isChosen(index));
  const others = columns.filter(({ index }) => !isChosen(index));
  const room = isWhole ? others.length : Math.max(0, mostAtFirst - chosen.length);
  return [...chosen, ...others.slice(0, room)];
}
