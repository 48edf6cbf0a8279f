import { chooseColumns } from './columns.ts';
import { detectRecordFormat, type RecordFormat } from './detect-delimiter.ts';
import { detectHeader } from './detect-header.ts';
import { detectNumberFormat, looksLikeNumber } from './detect-numbers.ts';
import type { Doubt, DoubtCode } from './doubt.ts';
import { MAX_RECORD_BYTES, type ReadPlan } from './kernel.ts';
import { type CheckedOptions, refuseConflicts } from './options.ts';
import { ordinal } from './ordinal.ts';
import { RecordFault } from './record-scanner.ts';
import type { Sample, SampleRecord } from './sample-records.ts';

/** How a file is written, with nothing left to detect. Absent characters are empty texts. */
export interface Dialect {
  delimiter: string;
  quote: string;
  hasHeader: boolean;
  encoding: string;
  decimalSeparator: string;
  groupSeparator: string;
  /** In file order; names are empty if there is no header. */
  columns: { index: number; name: string }[];
  departmentIndex: number;
  amountIndex: number;
}

/** What the first bytes of a file told. */
export interface Detection {
  dialect: Dialect;
  plan: ReadPlan;
  /** The data rows of the sample. */
  rows: SampleRecord[];
  /** What could not be decided with certainty, in sentences for people. */
  doubts: Doubt[];
}

/** That a sample has no whole record: more text is needed, or there is none. */
export interface NoRecord {
  kind: 'all-blank' | 'first-record-cut';
}

/**
 * Finds out how a file is written from its first bytes. What the options say is taken as it is.
 *
 * @param encoding only for the result: the sample is UTF-8 already
 * @param acceptCut whether a first record that the sample cuts is better than none
 * @throws KernelError `TOO_FEW_COLUMNS`, `COLUMN_NOT_FOUND`, `COLUMN_AMBIGUOUS`, `OPTION_INVALID`
 */
export function detectDialect(
  sample: Sample,
  options: CheckedOptions,
  encoding: string,
  acceptCut: boolean,
): Detection | NoRecord {
  const format = detectRecordFormat(sample, {
    delimiter: options.delimiter,
    quote: options.quote,
    trim: options.trim,
  });
  const records = usableRecords(format, acceptCut);
  const first = records[0];
  if (!first) return { kind: format.cut ? 'first-record-cut' : 'all-blank' };

  const doubts: Doubt[] = [];
  const doubt = (code: DoubtCode, message: string) => doubts.push({ code, message });
  if (first === format.cut)
    doubt('HEADER_UNCERTAIN', 'The first record is longer than the sample, so its columns are uncertain.');
  if (first.fault !== RecordFault.NONE)
    doubt('QUOTE_UNCERTAIN', 'The first record has a malformed quote; check the quote.');
  const header = options.hasHeader === undefined ? detectHeader(records, options) : undefined;
  if (header?.doubt) doubt('HEADER_UNCERTAIN', header.doubt);
  const hasHeader = options.hasHeader ?? header!.hasHeader;

  const names = hasHeader ? first.fields : first.fields.map(() => '');
  const choice = chooseColumns(names, options);
  if (hasHeader && !choice.isDepartmentKnown) {
    doubt(
      'DEPARTMENT_COLUMN_UNCERTAIN',
      `No column has a usual name of a department; ${label(names, choice.departmentIndex)} is taken.`,
    );
  }
  if (hasHeader && !choice.isAmountKnown) {
    doubt(
      'AMOUNT_COLUMN_UNCERTAIN',
      `No column has a usual name of an amount; ${label(names, choice.amountIndex)} is taken.`,
    );
  }
  const rows = hasHeader ? records.slice(1) : records;
  const amounts = rows
    .filter((row) => row.fields.length === names.length)
    .map((row) => row.fields[choice.amountIndex]!)
    .filter((amount) => amount !== '');
  if (amounts.length > 0 && amounts.filter(looksLikeNumber).length * 2 < amounts.length) {
    doubt(
      'AMOUNT_COLUMN_HAS_NO_NUMBERS',
      `Most values of ${label(names, choice.amountIndex)}, taken as the amount, are not numbers.`,
    );
  }
  const numbers = detectNumberFormat(amounts, options);
  if (numbers.doubt) doubt('DECIMAL_SEPARATOR_UNCERTAIN', numbers.doubt);
  const characters = {
    delimiter: format.delimiter,
    quote: format.quote,
    decimalSeparator: numbers.decimalSeparator,
    groupSeparator: withoutConflict(numbers.groupSeparator, format.quote, options),
  };
  refuseConflicts(characters);
  return {
    dialect: {
      delimiter: toText(characters.delimiter),
      quote: toText(characters.quote),
      hasHeader,
      encoding,
      decimalSeparator: toText(characters.decimalSeparator),
      groupSeparator: toText(characters.groupSeparator),
      columns: names.map((name, index) => ({ index, name })),
      departmentIndex: choice.departmentIndex,
      amountIndex: choice.amountIndex,
    },
    plan: {
      ...characters,
      currency: '',
      hasHeader,
      columnCount: names.length,
      departmentIndex: choice.departmentIndex,
      amountIndex: choice.amountIndex,
      allowNegative: options.allowNegative,
      trim: options.trim,
      maxRecordBytes: MAX_RECORD_BYTES,
      maxDepartments: options.maxDepartments,
      maxRejects: options.maxRejects,
    },
    rows,
    doubts,
  };
}

function usableRecords({ records, cut }: RecordFormat, acceptCut: boolean): SampleRecord[] {
  return records.length === 0 && cut && acceptCut ? [cut] : records;
}

/** A group separator that nobody asked for gives way to the quote. */
function withoutConflict(group: number, quote: number, { groupSeparator }: CheckedOptions): number {
  return groupSeparator === undefined && group === quote ? 0 : group;
}

/** A column as people count, from 1. */
function label(names: readonly string[], index: number): string {
  const name = names[index];
  const place = `the ${ordinal(index + 1)} column`;
  return name ? `${place} (${JSON.stringify(name.slice(0, 60))})` : place;
}

function toText(code: number): string {
  return code === 0 ? '' : String.fromCharCode(code);
}
