import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';
import type { TotalsColumn } from './totals-order.ts';

/** The file that everything was first made for. Its totals are called as they always were. */
const classic = { group: 'department name', amount: 'number of sales' };

/** A longer name would be all of a heading. */
const longestInSentence = 40;

/** The names of the parts of a result, made from the names of the two columns. */
export interface ResultNames {
  /** The heading of the totals. */
  caption: string;
  /** The head of the column of groups. */
  group: string;
  /** The head of the column of sums. */
  sum: string;
  /** The amount that mean, smallest and largest are of, where there are several. */
  figuresOf?: string;
  search: string;
  /** How many groups there are. */
  found(count: number, formatted: string): string;
  /** Says that a search has found nothing. */
  none(search: string): string;
  /** The heading of the largest sums. */
  leading: string;
  /** The label of the number of groups. */
  groups: string;
  /** The contents of a file of the totals. */
  contents: string;
}

/** Names the parts of a result. While nobody knows the columns, they have no name. */
export function resultNames(dialect: Dialect | undefined): ResultNames {
  const [group, amount] = [groupOf(dialect), columnOf(dialect, dialect?.amountIndex)];
  const isClassic = isNamed(group, classic.group) && isNamed(amount, classic.amount);
  if (isClassic) return classicNames;
  if (group === undefined || amount === undefined) return unknownNames;
  const { named } = texts.totals;
  const several = dialect?.amounts.length ?? 0;
  return {
    caption: named.caption(group.inSentence),
    group: group.name,
    sum: amount.name,
    search: named.search(group.inSentence),
    found: (count, formatted) => (count === 1 ? named.foundOne : named.found(formatted)),
    none: (search) => named.none(group.inSentence, search),
    leading: named.leading(group.inSentence),
    groups: named.groups,
    contents: named.contents(group.inSentence, several > 1 ? named.sums(several) : amount.inSentence),
  };
}

/** The head of a column of totals. */
export function columnHead(column: TotalsColumn | 'share', names: ResultNames): string {
  if (column === 'department') return names.group;
  if (column === 'sum') return names.sum;
  const isFigure = column === 'mean' || column === 'min' || column === 'max';
  const word = texts.totals[column];
  return isFigure && names.figuresOf !== undefined ? texts.totals.figureOf(word, names.figuresOf) : word;
}

const classicNames: ResultNames = {
  caption: texts.totals.caption,
  group: texts.totals.department,
  sum: texts.totals.sum,
  search: texts.totals.search,
  found: (count, formatted) => (count === 1 ? texts.totals.foundOne : texts.totals.found(formatted)),
  none: texts.totals.none,
  leading: texts.job.leading,
  groups: texts.job.departments,
  contents: texts.downloads.csvHint,
};

const unknownNames: ResultNames = {
  ...classicNames,
  caption: texts.totals.unnamed.caption,
  group: texts.totals.unnamed.group,
  search: texts.totals.unnamed.search,
  found: (count, formatted) => (count === 1 ? texts.totals.named.foundOne : texts.totals.named.found(formatted)),
  none: texts.totals.unnamed.none,
  leading: texts.totals.unnamed.leading,
  groups: texts.totals.named.groups,
  contents: texts.totals.unnamed.contents,
};

interface ColumnWords {
  /** By itself. */
  name: string;
  inSentence: string;
}

/** The words for the columns to group by, one behind the other. */
function groupOf(dialect: Dialect | undefined): ColumnWords | undefined {
  const groups = dialect?.groupBy ?? [];
  if (groups.length === 0) return columnOf(dialect, dialect?.departmentIndex);
  const words = groups.map(({ index, period }) => {
    const { name = '' } = columnOf(dialect, index) ?? {};
    return period === '' ? name : texts.totals.byPeriod(name, period);
  });
  return { name: words.join(' · '), inSentence: shorten(words.join(', ')) };
}

function columnOf(dialect: Dialect | undefined, index: number | undefined): ColumnWords | undefined {
  const column = dialect?.columns.find((candidate) => candidate.index === index);
  if (column === undefined) return undefined;
  if (column.name !== '') return { name: column.name, inSentence: shorten(column.name) };
  const name = texts.prepare.column(column.index + 1);
  return { name, inSentence: name.toLowerCase() };
}

function shorten(name: string): string {
  return name.length > longestInSentence ? `${name.slice(0, longestInSentence)}…` : name;
}

function isNamed(column: ColumnWords | undefined, name: string): boolean {
  return column?.name.trim().toLowerCase() === name;
}
