import { parseArgs } from 'node:util';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { MOST_DEPARTMENTS } from '../../kernel/wasm/memory-layout.ts';
import { TallyError } from '../../server/src/errors.ts';
import { readUploadOptions } from '../../server/src/process-csv/csv-options.ts';

/** Something on the command line that cannot be used; its message is for the user. */
export class UsageError extends Error {}

/** How totals are written. */
export type Format = 'table' | 'csv' | 'json';

/** The settings that the command line asks for. */
export interface Settings {
  /** Paths and globs, or `-` for standard input. */
  inputs: string[];
  csv: CsvOptions;
  format: Format;
  /** Count, min, max and mean as well; JSON always has them. */
  allColumns: boolean;
  /** Largest sums first, instead of departments in code point order. */
  isSortedBySum: boolean;
  /** So many departments only; undefined for all of them. */
  top: number | undefined;
  /** Where rejected rows go; undefined if nobody wants them. */
  rejects: string | undefined;
  /** Any rejected row makes the command fail. */
  isStrict: boolean;
  /** The address of a processor; undefined to start one. */
  processor: string | undefined;
  isQuiet: boolean;
}

export const HELP = `Usage: tallystream sum [options] [file ...]

Sums an amount per department of a CSV, exactly, whatever its size. Several files of one header, or a glob in quotes such
as '2026/*.csv', are one data set; files in an object storage are 's3://bucket/2026/*.csv' (with AWS_*, S3_ENDPOINT).
Without a file, or with -, it reads standard input; gzip and zip are unpacked. Totals go to standard output, progress and
rejections to standard error.

What to sum
  --by <column>        sum per this column: its name, or its 0-based index   (default: found by its name, else the first)
                       up to four times for groups of several columns; of a column of dates also by :year, :quarter,
                       :month, :week or :day, as in --by Region --by Date:month
  --of <column>        the column with the amounts                           (default: found by its name, else the last)
                       up to eight times for several; or the product of two, as in --of 'Quantity*Unit Price'
  --where <filter>     only rows that pass: 'Region in North,South', 'Region not in North', 'Date between 2026-01 and 2026-06',
                       'Sales >= 100', 'Region is not empty'; several times for filters that all have to hold
  --negative <what>    count or reject amounts below zero                    (default: count)

How the file is written (default: detected)
  --delimiter <char>   one character, or tab
  --quote <char>       one character, or none
  --header <yes>       true or false
  --encoding <name>    such as utf-8, utf-16le, windows-1252, shift_jis
  --trim <yes>         true or false: remove white space around fields
  --skip-lines <count> skip this many lines at the beginning
  --decimal <char>     . or ,
  --group <char>       one character, or none

What comes out
  --format <name>      table, csv or json                     (default: table on a terminal, else csv)
  --all                also rows, smallest, largest and mean
  --sort <order>       department or sum, largest first       (default: sum in a table, else department)
  --top <count>        only this many of the largest sums
  --rejects <path>     write rejected rows to a CSV file
  --strict             fail if any row is rejected
  --quiet, -q          only errors on standard error

  --max-departments <count>   fail at more distinct ones      (default: 1000000, or the limit of the processor)
  --processor <url>    send the file to this processor instead of reading it here: http://host:port, with a key https://:KEY@host:port
                       (default: TALLYSTREAM_PROCESSOR in the environment, which keeps the key out of process lists)
  --help, -h           show this text
  --version            show the version

CSV has the names of the two columns as its header. Doubts about the totals go to standard error.

Exits with 0 on success, 1 on failure or if no row counts, 2 for a mistake on the command line, and 3 for rejected rows with --strict.
`;

const OPTIONS = {
  by: { type: 'string', multiple: true },
  of: { type: 'string', multiple: true },
  where: { type: 'string', multiple: true },
  negative: { type: 'string' },
  delimiter: { type: 'string' },
  quote: { type: 'string' },
  header: { type: 'string' },
  encoding: { type: 'string' },
  decimal: { type: 'string' },
  group: { type: 'string' },
  trim: { type: 'string' },
  'skip-lines': { type: 'string' },
  format: { type: 'string' },
  all: { type: 'boolean', default: false },
  sort: { type: 'string' },
  top: { type: 'string' },
  rejects: { type: 'string' },
  strict: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false, short: 'q' },
  'max-departments': { type: 'string' },
  processor: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** How the options of a CSV are called in the API. */
const API_NAMES = {
  by: 'departmentColumn',
  of: 'amountColumn',
  where: 'where',
  negative: 'negativeAmounts',
  delimiter: 'delimiter',
  quote: 'quote',
  header: 'header',
  encoding: 'encoding',
  decimal: 'decimalSeparator',
  group: 'groupSeparator',
  trim: 'trim',
  'skip-lines': 'skipLines',
} as const;

/** The names of the API options on the command line. */
export const OPTION_NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(API_NAMES).map(([option, apiName]) => [apiName, `--${option}`])),
  groupBy: '--by',
  amounts: '--of',
};

/**
 * Reads the command line.
 *
 * @param isTerminal whether standard output is one
 * @returns `help` or `version` if that is asked for, undefined if nothing is
 * @throws UsageError
 */
export function readSettings(
  args: string[],
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Settings | 'help' | 'version' | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  if (args.length === 0) return undefined;
  const [command, ...inputs] = positionals;
  if (command !== 'sum') throw usage(`there is no command "${command ?? ''}": use sum`);
  const format = oneOf('format', values.format ?? (isTerminal ? 'table' : 'csv'), ['table', 'csv', 'json']);
  const isLargestFirst = format === 'table' || values.top !== undefined;
  const sort = oneOf('sort', values.sort ?? (isLargestFirst ? 'sum' : 'department'), ['department', 'sum']);
  if (values.rejects === '-') throw usage('standard output is for the totals: name a file for --rejects');
  const processor = values.processor ?? (environment.TALLYSTREAM_PROCESSOR || undefined);
  const limit = values['max-departments'];
  if (processor !== undefined && inputs.length > 1) throw usage('a processor reads one file at a time');
  return {
    inputs: inputs.length === 0 ? ['-'] : inputs,
    csv: { ...csvOptions(values), ...(limit !== undefined && { maxDepartments: departments(limit) }) },
    format,
    allColumns: values.all,
    isSortedBySum: sort === 'sum',
    top: values.top === undefined ? undefined : count('top', values.top),
    rejects: values.rejects,
    isStrict: values.strict,
    processor: processor === undefined ? undefined : address(processor),
    isQuiet: values.quiet,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args: args.map(withValue), options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usage((error as Error).message.split(/\.\s/)[0] ?? '');
  }
}

/** Before it had a value, `--negative` alone meant to count them. */
function withValue(arg: string, at: number, args: readonly string[]): string {
  return arg === '--negative' && (args[at + 1] ?? '--').startsWith('--') ? '--negative=count' : arg;
}

function csvOptions(values: ReturnType<typeof parse>['values']): CsvOptions {
  const pairs = Object.entries(API_NAMES).flatMap(([name, apiName]): [string, string][] => {
    const value = values[name as keyof typeof API_NAMES];
    if (name === 'where') return [value ?? []].flat().map((each) => [apiName, String(each)]);
    if (Array.isArray(value) && value.length > 1)
      return value.map((each) => [name === 'of' ? 'amounts' : 'groupBy', each]);
    const [only] = [value].flat();
    // A column may be called like a period.
    if (name === 'by' && only?.includes(':')) return [['groupBy', only]];
    if (name === 'of' && only?.includes('*')) return [['amounts', only]];
    return only === undefined ? [] : [[apiName, String(only)]];
  });
  try {
    return readUploadOptions(pairs);
  } catch (error) {
    throw error instanceof TallyError ? usage(error.message) : error;
  }
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw usage(`--${name} is "${value}": use ${allowed.join(' or ')}`);
  return found;
}

function count(name: string, value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw usage(`--${name} is "${value}": use a whole number above 0`);
}

function departments(value: string): number {
  const limit = count('max-departments', value);
  if (limit <= MOST_DEPARTMENTS) return limit;
  throw usage(`--max-departments is "${value}": use a whole number from 1 to ${MOST_DEPARTMENTS}`);
}

/** @throws UsageError, without the value: it may hold a key */
function address(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url?.protocol === 'unix:' || (url?.pathname === '/' && url.search === '' && url.hash === '');
  if (url && isPlain && /^(http|https|unix):$/.test(url.protocol)) return value;
  throw usage('--processor needs an address like http://127.0.0.1:8080, with nothing after it');
}

function usage(message: string): UsageError {
  return new UsageError(`${message}; see --help`);
}
