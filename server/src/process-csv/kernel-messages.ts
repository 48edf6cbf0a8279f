/** Between the kernel's types and the messages of processor.proto. */
import { create } from '@bufbuild/protobuf';
import {
  type Course,
  CourseSchema,
  type CsvOptions,
  type Dialect,
  DialectSchema,
  type Doubt,
  DoubtSchema,
  type Progress,
  ProgressSchema,
  type Reject,
  RejectCountSchema,
  type RejectReason,
  RejectSchema,
  type RowFilter,
  type Summary,
  SummarySchema,
  type Total,
  TotalSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import type { AnalysisOptions, Dialect as KernelDialect } from '../../../kernel/analysis/analysis.ts';
import type { AnalysisSnapshot, FinishedAnalysis } from '../../../kernel/analysis/snapshot.ts';
import type { KernelCourse } from '../../../kernel/course.ts';
import { decimalsOf, formatDecimal } from '../../../kernel/decimal.ts';
import type { Doubt as KernelDoubt } from '../../../kernel/doubt.ts';
import type { KernelFigures, KernelReject, KernelTotal } from '../../../kernel/kernel.ts';
import type { FilterOption } from '../../../kernel/options.ts';
import { beginningOf } from '../bytes/beginning-of.ts';
import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';

/** Leading departments where the caller names no number. */
export const DEFAULT_TOP = 10;
const MAX_TOP = 1000;
/** Progress goes out ten times a second: with more columns, or longer names, the dialect comes with the summary only. */
const MAX_PROGRESS_COLUMNS = 100;
const MAX_PROGRESS_NAMES = 10_000;
/** A leading department is there to be shown: a longer name is cut. Its totals have it whole. */
const MAX_TOP_NAME = 200;
const DEFAULT_MAX_REJECTS = 1_000_000n;

/** The options with every default filled in; the server's limit is also the most that counts. */
export function toAnalysisOptions(csv: CsvOptions | undefined, maxDepartments: number): AnalysisOptions {
  return {
    delimiter: csv?.delimiter ?? '',
    quote: csv?.quote ?? '',
    header: csv?.header ?? '',
    encoding: csv?.encoding ?? '',
    departmentColumn: csv?.departmentColumn ?? '',
    groupBy: csv?.groupBy ?? [],
    amountColumn: csv?.amountColumn ?? '',
    amounts: csv?.amounts ?? [],
    where: (csv?.where ?? []).map(toFilterOption),
    decimalSeparator: csv?.decimalSeparator ?? '',
    groupSeparator: csv?.groupSeparator ?? '',
    negativeAmounts: csv?.negativeAmounts ?? '',
    skipLines: csv?.skipLines,
    trim: csv?.trim ?? true,
    maxDepartments: Math.min(csv?.maxDepartments || maxDepartments, maxDepartments),
    maxRejects: Number(csv?.maxRejects ?? DEFAULT_MAX_REJECTS),
  };
}

function toFilterOption({ column, test }: RowFilter): FilterOption {
  if (test.case === 'between') return { column, from: test.value.from, to: test.value.to };
  if (test.case === undefined) {
    throw new TallyError(
      'OPTION_INVALID',
      `where has a filter on ${quoted(column)} without a condition: use in, notIn or between.`,
    );
  }
  return { column, values: test.value.values, isNegated: test.case === 'notIn' };
}

/** How many leading departments to report. */
export function topCount(csv: CsvOptions | undefined): number {
  return Math.min(csv?.topN ?? DEFAULT_TOP, MAX_TOP);
}

export function toTotal(total: KernelTotal): Total {
  const { department, keys = [], figures = [] } = total;
  return create(TotalSchema, { department, keys, ...toFigures(total), figures: figures.map(toFigures) });
}

function toFigures(figures: KernelFigures) {
  return { count: BigInt(figures.count), ...decimalsOf(figures) };
}

/** @param file that it is in, of several */
export function toReject(reject: KernelReject, file = ''): Reject {
  return create(RejectSchema, {
    file,
    line: BigInt(reject.line),
    byteOffset: BigInt(reject.byteOffset),
    reason: reject.reason,
    raw: reject.raw,
    rawTruncated: reject.rawTruncated,
    lines: BigInt(reject.lines),
  });
}

export function toProgress(snapshot: AnalysisSnapshot): Progress {
  const { dialect } = snapshot;
  const isSmall =
    dialect !== undefined &&
    dialect.columns.length <= MAX_PROGRESS_COLUMNS &&
    dialect.columns.reduce((length, { name }) => length + name.length, 0) <= MAX_PROGRESS_NAMES;
  return create(ProgressSchema, {
    ...countersOf(snapshot),
    bytes: BigInt(snapshot.bytes),
    ...(snapshot.course && snapshot.course !== 'later' && { course: toCourse(snapshot.course) }),
    ...(isSmall && { dialect: toDialect(dialect) }),
  });
}

function toCourse({ periods, lines, scale, unitDecimals }: KernelCourse): Course {
  return create(CourseSchema, {
    periods,
    lines: lines.map(({ key, groups, sums }) => ({
      key: key === undefined ? '' : shortened(key),
      groups,
      sums: sums.map((sum) => (sum === undefined ? '' : formatDecimal(sum, scale, unitDecimals))),
    })),
  });
}

export function toSummary({ snapshot }: FinishedAnalysis): Summary {
  return create(SummarySchema, {
    ...countersOf(snapshot),
    bytes: BigInt(snapshot.bytes),
    rejectsReported: BigInt(snapshot.rejectsReported),
    blankLines: BigInt(snapshot.blankLines),
    ...(snapshot.dialect && { dialect: toDialect(snapshot.dialect) }),
  });
}

export function toDialect(dialect: KernelDialect): Dialect {
  return create(DialectSchema, dialect);
}

export function toDoubt(doubt: KernelDoubt): Doubt {
  return create(DoubtSchema, doubt);
}

function countersOf(snapshot: AnalysisSnapshot) {
  return {
    doubts: snapshot.doubts.map(toDoubt),
    rows: BigInt(snapshot.rows),
    rowsRejected: BigInt(snapshot.rowsRejected),
    rowsFiltered: BigInt(snapshot.rowsFiltered),
    rejectedByReason: snapshot.rejectedByReason.flatMap((count, reason) =>
      count > 0 ? [create(RejectCountSchema, { reason: reason as RejectReason, count: BigInt(count) })] : [],
    ),
    departments: snapshot.departments,
    total: formatDecimal(snapshot.total, snapshot.totalScale, snapshot.totals?.[0]?.unitDecimals),
    totals: hasSeveral(snapshot.totals) ? snapshot.totals.map(toDecimal) : [],
    top: snapshot.top.map((total) =>
      toTotal({
        ...total,
        department: shortened(total.department),
        ...(total.keys && { keys: total.keys.map(shortened) }),
      }),
    ),
  };
}

function hasSeveral<T>(list: readonly T[] | undefined): list is readonly T[] {
  return (list?.length ?? 0) > 1;
}

function toDecimal({ sum, scale, unitDecimals }: Pick<KernelFigures, 'sum' | 'scale' | 'unitDecimals'>): string {
  return formatDecimal(sum, scale, unitDecimals);
}

/** Cut, with a mark that says so. */
function shortened(name: string): string {
  return name.length <= MAX_TOP_NAME ? name : `${beginningOf(name, MAX_TOP_NAME - 1)}…`;
}
