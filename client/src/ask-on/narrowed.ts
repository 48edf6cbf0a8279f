import { clone, create, equals } from '@bufbuild/protobuf';
import {
  type CsvOptions,
  CsvOptionsSchema,
  type Dialect,
  FilterRangeSchema,
  FilterValuesSchema,
  type RowFilter,
  RowFilterSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { type Group, groupsOf } from '../groups/groups.ts';
import { filterText } from '../jobs/filter-text.ts';
import { daysOf, finerKind, type PeriodKind } from '../periods/period.ts';
import { columnReference } from '../upload/csv-options.ts';

/** A value of a result that a reader has pointed at. */
export interface Pick {
  /** The place of its column among the groups. */
  at: number;
  value: string;
}

/** A next question that leads on from what a reader has pointed at. */
export interface Way {
  /** The picks that it keeps to. */
  picks: readonly Pick[];
  /** The finer periods that it groups by; undefined where it groups as before. */
  finer: PeriodKind | undefined;
  options: CsvOptions;
}

type Asked = Readonly<{ options?: CsvOptions | undefined; dialect?: Dialect | undefined }>;

/** The next questions about what a reader has pointed at. Those that ask for what is known already are left out. */
export function waysOn(job: Asked, picks: readonly Pick[]): Way[] {
  const groups = groupsOf(job.dialect);
  const kept = optionsOf(job);
  const ways: Way[] = picks.map((pick) => ({ picks: [pick], finer: undefined, options: narrow(job, groups, [pick]) }));
  for (const pick of picks) {
    const kind = groups[pick.at]?.period;
    const finer = kind && finerKind(kind);
    if (finer === undefined) continue;
    for (const kept of picks.length > 1 ? [[pick], picks] : [[pick]]) {
      ways.push({ picks: kept, finer, options: groupFiner(job, narrow(job, groups, kept), pick.at, finer) });
    }
  }
  return ways.filter(({ options }) => !isSameQuestion(options, kept));
}

/** The options of a job without one of its filters. */
export function withoutFilter(job: Asked, place: number): CsvOptions {
  const options = optionsOf(job);
  options.where = options.where.filter((_, index) => index !== place);
  return options;
}

/** Whether two options ask for the same. The order of filters, and of the values in one, says nothing. */
export function isSameQuestion(one: CsvOptions, other: CsvOptions): boolean {
  const plain = (options: CsvOptions) => ({ ...clone(CsvOptionsSchema, options), where: [] });
  return wherePart(one) === wherePart(other) && equals(CsvOptionsSchema, plain(one), plain(other));
}

function wherePart({ where }: CsvOptions): string {
  const texts = where.map(({ column, test }) => {
    if (test.case !== 'in' && test.case !== 'notIn') return filterText({ column, test });
    const value = create(FilterValuesSchema, { values: test.value.values.toSorted() });
    return filterText({ column, test: { case: test.case, value } });
  });
  return JSON.stringify(texts.sort());
}

/** The options of a job, as a message of their own. */
export function optionsOf({ options }: Asked): CsvOptions {
  return options === undefined ? create(CsvOptionsSchema) : clone(CsvOptionsSchema, options);
}

function narrow(job: Asked, groups: readonly Group[], picks: readonly Pick[]): CsvOptions {
  const options = optionsOf(job);
  for (const { at, value } of picks) {
    const group = groups[at];
    if (group === undefined) continue;
    const filter = filterOf(referenceOf(job, group), group, value);
    options.where = [...options.where.filter((known) => !isWithin(filter, known)), filter];
  }
  return options;
}

function filterOf(column: string, { period }: Group, value: string): RowFilter {
  const test: RowFilter['test'] =
    period === undefined
      ? { case: 'in', value: create(FilterValuesSchema, { values: [value] }) }
      : { case: 'between', value: create(FilterRangeSchema, { from: value, to: value }) };
  return create(RowFilterSchema, { column, test });
}

function referenceOf({ dialect }: Asked, { index }: Group): string {
  const column = dialect?.columns.find((candidate) => candidate.index === index);
  return column === undefined ? String(index) : columnReference(column, dialect?.columns ?? []);
}

/** Whether all rows that pass a filter pass another as well, which then need not stay beside it. */
function isWithin(filter: RowFilter, other: RowFilter): boolean {
  if (filter.column !== other.column) return false;
  if (filter.test.case === 'in' && other.test.case === 'in') {
    const { values } = other.test.value;
    return filter.test.value.values.every((value) => values.includes(value));
  }
  if (filter.test.case !== 'between' || other.test.case !== 'between') return false;
  const [inside, outside] = [filter.test.value, other.test.value];
  const day = (text: string, end: 0 | 1) => daysOf(text)?.[end];
  const [from, to] = [day(inside.from, 0), day(inside.to, 1)];
  const first = outside.from === '' ? Number.NEGATIVE_INFINITY : day(outside.from, 0);
  const last = outside.to === '' ? Number.POSITIVE_INFINITY : day(outside.to, 1);
  if (from === undefined || to === undefined || first === undefined || last === undefined) return false;
  return first <= from && to <= last;
}

function groupFiner(job: Asked, options: CsvOptions, at: number, finer: PeriodKind): CsvOptions {
  const groups = groupsOf(job.dialect);
  const asked = options.groupBy.length > 0 ? options.groupBy : groups.map((group) => referenceOf(job, group));
  const suffix = `:${groups[at]?.period}`;
  options.groupBy = asked.map((text, index) => {
    if (index !== at) return text;
    return `${text.endsWith(suffix) ? text.slice(0, -suffix.length) : text}:${finer}`;
  });
  return options;
}
