import { COMMA, TAB, whiteSpaceTable } from '../ascii.ts';
import { isAmountText } from './amount-text.ts';
import { readSampleRecords, type Sample, type SampleRecord } from './sample-records.ts';

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const SEMICOLON = 59;
const PIPE = 124;
/** Where nothing else decides, the rarer a character is in text and numbers, the better it is as evidence. */
const DELIMITERS = [TAB, PIPE, SEMICOLON, COMMA];
/** Records that are looked at in full. */
const EVIDENCE_RECORDS = 300;
/** Columns that are looked at. */
const EVIDENCE_COLUMNS = 200;
/** A hypothesis that comes so near to the best one is a doubt. */
const DOUBT_MARGIN = 3;

/** The settings that are given; `undefined` means: detect it. */
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
  /** How many columns most records have. */
  width: number;
  /** Another delimiter that explains the sample nearly as well; undefined if there is none. */
  otherDelimiter: number | undefined;
}

/** A hypothesis with its records, and how well it explains the sample. */
interface Trial extends Omit<RecordFormat, 'otherDelimiter'> {
  score: number;
}

/**
 * Finds the delimiter and the quote that explain a sample best: whole, regular records; a column of amounts and one of
 * text; and no other delimiter left over in the text as often in each record.
 */
export function detectRecordFormat(sample: Sample, wishes: FormatWishes): RecordFormat {
  const delimiters = wishes.delimiter === undefined ? likelyDelimiters(sample, wishes.trim) : [wishes.delimiter];
  const withQuote = (quote: number): Trial[] =>
    delimiters
      .filter((delimiter) => delimiter !== quote)
      .map((delimiter) => tryFormat(sample, delimiter, quote, wishes.trim))
      // Stable: of equals, the rarer delimiter.
      .sort((a, b) => b.score - a.score);
  /** The best one, with all records of the sample. */
  const withRival = ([best, second]: Trial[]): RecordFormat => {
    const isRival = second && second.width > 1 && second.score > best!.score - DOUBT_MARGIN;
    return { ...whole(best!), otherDelimiter: isRival ? second.delimiter : undefined };
  };
  const whole = (trial: Trial): Trial => ({ ...trial, ...readSampleRecords(sample, { ...trial, trim: wishes.trim }) });
  if (wishes.quote !== undefined) return withRival(withQuote(wishes.quote));
  if (wishes.delimiter === DOUBLE_QUOTE) return withRival(withQuote(0));
  const usual = withQuote(DOUBLE_QUOTE);
  if (wishes.delimiter === SINGLE_QUOTE || !sample.text.includes(SINGLE_QUOTE)) return withRival(usual);
  const single = withQuote(SINGLE_QUOTE);
  return withRival(isConsistentlyQuoted(whole(single[0]!)) && usual[0]!.score <= single[0]!.score ? single : usual);
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
  // Further records are not looked at and need not be read for each hypothesis.
  const { records, cut } = readSampleRecords(sample, { delimiter, quote, trim }, EVIDENCE_RECORDS);
  const judged = records.length === 0 && cut ? [cut] : records;
  const width = usualWidth(judged);
  const format = { delimiter, quote, records, cut, width };
  if (width < 2) return { ...format, score: 0 };
  // Lines above the table are judged with it only if there is no table.
  const body = judged.slice(judged.findIndex(({ fields }) => fields.length === width));
  const whole = body.filter(({ fields, isFaulty }) => fields.length === width && !isFaulty);
  // The first record may be a header, unless it is all there is.
  const rows = whole.length > 1 ? whole.slice(1) : whole;
  const columns = Array.from({ length: Math.min(width, EVIDENCE_COLUMNS) }, (_, column) => {
    const values = rows.map(({ fields }) => fields[column]!).filter((value) => value !== '');
    const amounts = values.filter(isAmountText).length;
    return { hasAmounts: amounts * 2 > values.length, hasText: values.length > 0 && amounts * 2 < values.length };
  });
  const isRegular = whole.length / body.length;
  const headWidth = judged[0]!.fields.length;
  return {
    ...format,
    score:
      // A few bad rows must not decide.
      Math.round(isRegular * 10) +
      (columns.some(({ hasAmounts }) => hasAmounts) ? 3 : 0) +
      (columns.some(({ hasText }) => hasText) ? 1 : 0) +
      (headWidth === width ? 1 : 0) -
      (hasLeftOver(rows, delimiter) ? 4 : 0) +
      Math.min(width, 50) / 100,
  };
}

/** The width of most records; of two that are as frequent the larger, and 1 only if there is no other. */
function usualWidth(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields, isFaulty } of records) {
    if (!isFaulty || records.length === 1) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  }
  let best = 0;
  for (const [width, count] of counts) {
    if (width < 2) continue;
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && width > best)) best = width;
  }
  return best || 1;
}

/** Whether another delimiter stands in the unquoted text of nearly all rows, equally often: then it separates. */
function hasLeftOver(rows: readonly SampleRecord[], delimiter: number): boolean {
  return DELIMITERS.some((other) => {
    if (other === delimiter) return false;
    const character = String.fromCharCode(other);
    const counts = rows.map(({ fields, quoted }) =>
      fields.reduce((sum, field, column) => {
        const isExplained = quoted[column] || !field.includes(character) || isAmountText(field);
        return sum + (isExplained ? 0 : field.split(character).length - 1);
      }, 0),
    );
    const [first = 0] = counts;
    return first > 0 && counts.filter((count) => count === first).length >= counts.length * 0.9;
  });
}

/** Single quotes count as quotes only if they are used as such throughout: names like 'n Sync begin with one, too. */
function isConsistentlyQuoted({ records }: Trial): boolean {
  return (
    records.some(({ quoted }) => quoted.includes(true)) &&
    records.every(({ isFaulty }) => !isFaulty) &&
    !records.some(({ fields }) => fields.some((field) => field.startsWith('"')))
  );
}
