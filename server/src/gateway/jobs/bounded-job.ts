import { create } from '@bufbuild/protobuf';
import { type Job, JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import {
  type Column,
  ColumnSchema,
  type CsvOptions,
  CsvOptionsSchema,
  type Dialect,
  DialectSchema,
  type Total,
  TotalSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { MAX_COLUMNS } from '../../../../kernel/kernel.ts';
import { beginningOf } from '../../bytes/beginning-of.ts';

/** How much of what a file itself says stands in an answer about its job. */
export interface JobBounds {
  /** Columns, besides those that are used. */
  columns: number;
  /** Characters of their names together. */
  columnCharacters: number;
  /** Departments in `top`. */
  top: number;
  /** Characters of their names together. */
  topCharacters: number;
  /** Characters of one department in `top`. */
  departmentCharacters: number;
}

/** Of a job among many: a thousand of them are a few megabytes, whatever their files are like. */
export const LISTED_JOB: JobBounds = {
  columns: 100,
  columnCharacters: 8 * 1024,
  top: 100,
  topCharacters: 8 * 1024,
  departmentCharacters: 1_000,
};

/** Of a job that is asked for by itself. */
export const SINGLE_JOB: JobBounds = {
  columns: MAX_COLUMNS,
  columnCharacters: 1024 * 1024,
  top: 1_000,
  topCharacters: 1024 * 1024,
  departmentCharacters: 64 * 1024,
};

/** An option has at most this many characters, so more of the name of a column that is used helps nobody. */
const MAX_COLUMN_NAME = 4_000;

/** The same job, or a copy with less of the names in its file. */
export function boundedJob(job: Job, bounds: JobBounds): Job {
  const dialect = job.dialect && boundedDialect(job.dialect, bounds);
  const options = job.options && boundedOptions(job.options);
  const top = boundedTop(job.top, bounds);
  if (dialect === job.dialect && options === job.options && top === job.top) return job;
  return create(JobSchema, { ...job, ...(dialect && { dialect }), ...(options && { options }), top });
}

/** Options of a job that an older version took have texts of any length. */
function boundedOptions(options: CsvOptions): CsvOptions {
  const values = options as unknown as Record<string, unknown>;
  const long = CsvOptionsSchema.fields.flatMap(({ localName }): [string, string][] => {
    const value = values[localName];
    return typeof value === 'string' && value.length > MAX_COLUMN_NAME
      ? [[localName, cut(value, MAX_COLUMN_NAME)]]
      : [];
  });
  return long.length === 0 ? options : create(CsvOptionsSchema, { ...options, ...Object.fromEntries(long) });
}

/** The first columns, and those of groups and amounts wherever they are: readers find them by their index. */
function boundedDialect(dialect: Dialect, { columns: most, columnCharacters }: JobBounds): Dialect {
  const { columns, departmentIndex, amountIndex, groupBy, amounts } = dialect;
  const operands = amounts.flatMap(({ index, factor = index }) => [index, factor]);
  const used = new Set([departmentIndex, amountIndex, ...groupBy.map(({ index }) => index), ...operands]);
  let characters = 0;
  const kept: Column[] = [];
  for (const column of columns) {
    if (used.has(column.index)) {
      kept.push(withName(column, cut(column.name, MAX_COLUMN_NAME)));
      continue;
    }
    characters += column.name.length;
    if (kept.length < most && characters <= columnCharacters) kept.push(column);
  }
  const isWhole = kept.length === columns.length && kept.every((column, index) => column === columns[index]);
  return isWhole ? dialect : create(DialectSchema, { ...dialect, columns: kept });
}

function withName(column: Column, name: string): Column {
  return name === column.name ? column : create(ColumnSchema, { ...column, name });
}

function boundedTop(top: Total[], { top: most, topCharacters, departmentCharacters }: JobBounds): Total[] {
  let characters = 0;
  const kept: Total[] = [];
  for (const total of top) {
    const department = cut(total.department, departmentCharacters);
    const keys = total.keys.map((key) => cut(key, departmentCharacters));
    characters += Math.max(
      department.length,
      keys.reduce((sum, key) => sum + key.length, 0),
    );
    if (kept.length >= most || characters > topCharacters) break;
    const isWhole = department === total.department && keys.every((key, index) => key === total.keys[index]);
    kept.push(isWhole ? total : create(TotalSchema, { ...total, department, keys }));
  }
  const isWhole = kept.length === top.length && kept.every((total, index) => total === top[index]);
  return isWhole ? top : kept;
}

/** The beginning of a text, marked as such. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${beginningOf(text, length)}…`;
}
