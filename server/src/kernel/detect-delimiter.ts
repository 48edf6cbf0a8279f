import { COMMA, TAB, whiteSpaceTable } from './ascii.ts';
import { looksLikeNumber } from './detect-numbers.ts';
import { RecordFault } from './record-scanner.ts';
import { readSampleRecords, type Sample, type SampleRecord } from './sample-records.ts';

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const SEMICOLON = 59;
const PIPE = 124;
/** Where nothing else decides, the rarer a character is in text and numbers, the better it is as evidence. */
const DELIMITERS = [TAB, PIPE, SEMICOLON, COMMA];

/** What is given; `undefined` means: detect it. */
export interface FormatWishes {
  delimiter: number | undefined;
  quote: number | undefined;
  trim: boolean;
}

/** How records and fields are told apart (0 for no quote), and the sample read that way. */
export interface RecordFormat {
  delimiter: number;
  quote: number;
  records: SampleRecord[];
  cut: SampleRecord | undefined;
}

/** A format tried on the sample, with what speaks for it. */
interface Trial extends RecordFormat {
  /** Columns of the first record, which every row must have. */
  columns: number;
  /** The share of records with that many columns, in tenths: a few bad rows must not decide. */
  consistency: number;
  hasNumericColumn: boolean;
}

/** Finds the delimiter and the quote with which a sample makes most sense as a table. */
export function detectRecordFormat(sample: Sample, wishes: FormatWishes): RecordFormat {
  const delimiters = wishes.delimiter === undefined ? likelyDelimiters(sample, wishes.trim) : [wishes.delimiter];
  const bestWith = (quote: number): Trial =>
    delimiters
      .filter((delimiter) => delimiter !== quote)
      .map((delimiter) => tryFormat(sample, delimiter, quote, wishes.trim))
      .reduce((best, trial) => (isBetter(trial, best) ? trial : best));
  if (wishes.quote !== undefined) return bestWith(wishes.quote);
  if (wishes.delimiter === DOUBLE_QUOTE) return bestWith(0);
  const usual = bestWith(DOUBLE_QUOTE);
  if (wishes.delimiter === SINGLE_QUOTE || !sample.text.includes(SINGLE_QUOTE)) return usual;
  const single = bestWith(SINGLE_QUOTE);
  return isConsistentlyQuoted(single) && !isBetter(usual, single) ? single : usual;
}

/**
 * In a text of white space only, a tab would separate empty fields, but nobody has meant it to. Of the delimiters that the
 * text does not have, one is tried for all: each would leave every record whole.
 */
function likelyDelimiters({ text }: Sample, trim: boolean): readonly number[] {
  const isSpace = whiteSpaceTable(trim, COMMA);
  if (text.every((byte) => isSpace[byte] === 1)) return [COMMA];
  const missing = DELIMITERS.find((delimiter) => !text.includes(delimiter));
  return DELIMITERS.filter((delimiter) => delimiter === missing || text.includes(delimiter));
}

function tryFormat(sample: Sample, delimiter: number, quote: number, trim: boolean): Trial {
  const { records, cut } = readSampleRecords(sample, { delimiter, quote, trim });
  const judged = records.length === 0 && cut ? [cut] : records;
  const columns = judged[0]?.fields.length ?? 0;
  const consistent = judged.filter((record) => record.fields.length === columns && record.fault === RecordFault.NONE);
  // The first record may be a header, unless it is all there is.
  const rows = consistent.length > 1 ? consistent.slice(1) : consistent;
  const isNumeric = (column: number) => {
    const numbers = rows.filter((record) => looksLikeNumber(record.fields[column]!)).length;
    return numbers * 2 > rows.length;
  };
  return {
    delimiter,
    quote,
    records,
    cut,
    columns,
    consistency: columns > 1 ? Math.round((consistent.length / judged.length) * 10) : 0,
    hasNumericColumn: Array.from({ length: Math.min(columns, 1000) }, (_, column) => column).some(isNumeric),
  };
}

function isBetter(trial: Trial, best: Trial): boolean {
  if (trial.consistency !== best.consistency) return trial.consistency > best.consistency;
  if (trial.hasNumericColumn !== best.hasNumericColumn) return trial.hasNumericColumn;
  return trial.columns > best.columns;
}

/** Single quotes count as quotes only if they are used as such throughout: names like 'n Sync begin with one, too. */
function isConsistentlyQuoted({ records }: Trial): boolean {
  return (
    records.some((record) => record.quotedFields > 0) &&
    records.every((record) => record.fault === RecordFault.NONE) &&
    !records.some((record) => record.fields.some((field) => field.startsWith('"')))
  );
}
