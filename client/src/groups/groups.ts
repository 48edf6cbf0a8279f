import type { Dialect, Total } from '#gen/tallystream/v1/processor_pb.ts';
import { isPeriodKind, type PeriodKind } from '../periods/period.ts';
import { texts } from '../texts.ts';
import { columnName } from '../upload/csv-options.ts';

/** A column that a result is grouped by. */
export interface Group {
  /** The 0-based index of the column in the file. */
  index: number;
  name: string;
  /** Undefined where values are grouped as they stand. */
  period: PeriodKind | undefined;
}

/** The columns that a result is grouped by, in the order of the keys of its totals. */
export function groupsOf(dialect: Dialect | undefined): Group[] {
  if (dialect === undefined) return [];
  const { groupBy, departmentIndex, columns } = dialect;
  const asked = groupBy.length > 0 ? groupBy : [{ index: departmentIndex, period: '' }];
  return asked.map(({ index, period }) => {
    const column = columns.find((candidate) => candidate.index === index);
    return {
      index,
      name: columnName(column ?? { $typeName: 'tallystream.v1.Column', index, name: '' }),
      period: isPeriodKind(period) ? period : undefined,
    };
  });
}

/** The name of a group with its period: `Date (month)`. */
export function groupName({ name, period }: Group): string {
  return period === undefined ? name : texts.totals.byPeriod(name, period);
}

/** The values of a total in all columns that it is grouped by. */
export function keysOf({ department, keys }: Pick<Total, 'department' | 'keys'>): readonly string[] {
  return keys.length > 0 ? keys : [department];
}

/** Where the first column of dates stands among the groups; undefined if there is none. */
export function periodGroup(groups: readonly Group[]): number | undefined {
  const at = groups.findIndex(({ period }) => period !== undefined);
  return at < 0 ? undefined : at;
}

/** One text for several keys: different for different ones, whatever is in them. */
export function joinKeys(keys: readonly string[]): string {
  return JSON.stringify(keys);
}
