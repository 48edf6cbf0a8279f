import { parseArgs } from 'node:util';
import config from '../config.json' with { type: 'json' };
import { parseCount, parseSize } from './quantity.ts';
import { seedOf } from './random.ts';
import type { RowSourceOptions } from './row-source.ts';

/** Something on the command line that cannot be used; its message is for the user. */
export class SettingsError extends Error {}

/** The settings that the command line asks for. */
export interface Settings {
  source: RowSourceOptions;
  /** A path, or `-` for standard output. */
  out: string;
  /** Where the right result goes, a path that ends with `.json` or `.csv`. */
  totals: string | undefined;
}

/** The most departments: their names are kept in memory. */
const MAX_DEPARTMENTS = 20_000_000;

export const HELP = `Usage: npm run generate -- [options]

Writes a sales CSV: Department Name,Date,Number of Sales

  --rows <count>         rows without the header, such as 500, 10k, 2.5M   (default ${config.rows})
  --size <bytes>         instead of rows: end at this size, such as 500MB, 5GB or 6GiB
  --departments <count>  distinct departments                              (default ${config.departments})
  --out <path>           the file to write, - for standard output          (default ${config.out})
  --seed <text>          the same seed gives the same bytes                (default ${config.seed})
  --decimals <share>     share of rows with decimal amounts, 0 to 1        (default ${config.decimals})
  --quoted <share>       share of rows with quotes, 0 to 1                 (default ${config.quoted})
  --malformed <share>    share of rows that must be rejected, 0 to 1       (default ${config.malformed})
  --totals <path>        also write the correct totals, as .json or .csv
  --help                 show this text

The defaults are in generator/config.json.
`;

const OPTIONS = {
  rows: { type: 'string' },
  size: { type: 'string' },
  departments: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string' },
  decimals: { type: 'string' },
  quoted: { type: 'string' },
  malformed: { type: 'string' },
  totals: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line, with the defaults of `config.json`.
 *
 * @returns undefined if it asks for help
 * @throws SettingsError
 */
export function readSettings(args: string[]): Settings | undefined {
  const given = parse(args);
  if (given.help) return undefined;
  if (given.rows !== undefined && given.size !== undefined) {
    throw new SettingsError('--rows and --size are both given; use one of them');
  }
  const values = { ...config, ...given };
  if (values.totals !== undefined && !/\.(json|csv)$/.test(values.totals)) {
    throw refused('totals', values.totals, 'a path that ends with .json or .csv');
  }
  if (values.out === '') throw refused('out', values.out, 'a path, or - for standard output');
  return {
    source: {
      ...(given.size === undefined ? { rows: readRows(values.rows) } : { sizeBytes: readSize(given.size) }),
      departments: readDepartments(values.departments),
      seed: seedOf(values.seed),
      decimals: readShare('decimals', values.decimals),
      quoted: readShare('quoted', values.quoted),
      malformed: readShare('malformed', values.malformed),
      keepsTruth: values.totals !== undefined,
    },
    out: values.out,
    totals: values.totals,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    throw new SettingsError(`${(error as Error).message}; see --help`);
  }
}

function readRows(text: string): number {
  const rows = parseCount(text);
  if (rows === undefined) throw refused('rows', text, 'a whole number from 0, such as 500, 10k or 2.5M');
  return rows;
}

function readSize(text: string): number {
  const size = parseSize(text);
  if (!size) throw refused('size', text, 'a number of bytes from 1, such as 500MB, 5GB or 6GiB');
  return size;
}

function readDepartments(text: string): number {
  const departments = parseCount(text);
  if (!departments || departments > MAX_DEPARTMENTS) {
    throw refused('departments', text, `a whole number from 1 to ${MAX_DEPARTMENTS}, such as 100 or 1M`);
  }
  return departments;
}

function readShare(name: string, text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw refused(name, text, 'a number from 0 to 1, such as 0.05');
  return share;
}

function refused(name: string, value: string, allowed: string): SettingsError {
  return new SettingsError(`--${name} is ${JSON.stringify(value)}; use ${allowed}`);
}
