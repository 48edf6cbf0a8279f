import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { groupsOf } from '../groups/groups.ts';

/** The groups and amounts of a result as a link to a question about another file has them; see `questionOfLink`. */
export function sameQuestionQuery({ dialect }: Pick<Job, 'dialect'>): string {
  if (dialect === undefined) return '';
  const groups = groupsOf(dialect).map(({ index, period }) => {
    const column = referenceOf(dialect, index);
    return period === undefined ? column : `${column}:${period}`;
  });
  const asked = dialect.amounts.length > 0 ? dialect.amounts : [{ index: dialect.amountIndex, factor: undefined }];
  const amounts = asked.map(({ index, factor }) =>
    [index, ...(factor === undefined ? [] : [factor])].map((each) => referenceOf(dialect, each)).join('*'),
  );
  return String(new URLSearchParams([...groups.map((by) => ['by', by]), ...amounts.map((of) => ['of', of])]));
}

/** By its name, which another file may have elsewhere; without one by its place. */
function referenceOf({ columns }: Dialect, index: number): string {
  return columns.find((column) => column.index === index)?.name || String(index);
}
