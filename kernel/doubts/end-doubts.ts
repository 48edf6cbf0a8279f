import { formatDecimal } from '../decimal.ts';
import { ordinal } from '../detect/ordinal.ts';
import { ambiguousSentence } from '../detect/sample-doubts.ts';
import type { Doubt } from '../doubt.ts';
import type { KernelEvidence } from '../evidence.ts';
import { type KernelSnapshot, type ReadPlan, RejectReason } from '../kernel.ts';
import { capital, grouped, oppositeSeparator } from '../words.ts';

/** A record that spans so many lines has probably swallowed others. */
const LONG_RECORD_LINES = 5;
const THREE_DECIMALS = 3;

/** The facts about the reading of a file that {@link doubtsOf} compares with the rest of it. */
export interface Reading {
  plan: ReadPlan;
  /** Whether nothing in the sample but the delimiter spoke for the decimal separator, and nobody gave it. */
  isDecimalAssumed: boolean;
  /** Whether nobody gave the decimal separator. */
  isDecimalDetected: boolean;
  /** Names the place of a line of the kernel, as in `line 7`. */
  placeOf(line: number): string;
}

/** The doubts of the whole file so far: contradictions to the reading, and facts for readers of the totals. */
export function doubtsOf(snapshot: KernelSnapshot, reading: Reading): Doubt[] {
  const { evidence } = snapshot;
  return [
    decimalAssumed(evidence, reading) ?? decimalsMixed(evidence, reading),
    decimalContradicted(evidence, reading),
    mixedCurrencies(evidence, reading),
    negativeAmounts(snapshot, reading),
    rowsRejected(snapshot),
    linesSwallowed(evidence, reading),
  ].filter((doubt) => doubt !== undefined);
}

/** Amounts that could be read in two ways came only behind the sample. */
function decimalAssumed({ oneGroup, decimalsSeen }: KernelEvidence, reading: Reading): Doubt | undefined {
  const { plan, isDecimalAssumed } = reading;
  if (!isDecimalAssumed) return undefined;
  const decimal = String.fromCharCode(plan.decimalSeparator);
  if (oneGroup.count > 0) {
    const where = `, first on ${reading.placeOf(oneGroup.line)}`;
    const message = `The beginning of the file did not show how decimals are written. ${ambiguousSentence(`1${oppositeSeparator(decimal)}234`, decimal)}`;
    return {
      code: 'DECIMAL_SEPARATOR_UNCERTAIN',
      message: `${message} Amounts of that form: ${grouped(oneGroup.count)}${where}.`,
    };
  }
  if (!decimalsSeen.includes(THREE_DECIMALS) || decimalsSeen.some((decimals) => decimals !== THREE_DECIMALS)) {
    return undefined;
  }
  return {
    code: 'DECIMAL_SEPARATOR_UNCERTAIN',
    message: `All amounts with decimals have exactly three. ${ambiguousSentence(`1${decimal}234`, decimal)}`,
  };
}

/** Some amounts have three decimals, all others another number of them: those with three may be whole thousands. */
function decimalsMixed({ decimalsSeen }: KernelEvidence, { plan, isDecimalDetected }: Reading): Doubt | undefined {
  const others = decimalsSeen.filter((decimals) => decimals > 0 && decimals !== THREE_DECIMALS);
  if (!isDecimalDetected || !decimalsSeen.includes(THREE_DECIMALS) || others.length !== 1) return undefined;
  const decimal = String.fromCharCode(plan.decimalSeparator);
  return {
    code: 'DECIMAL_SEPARATOR_UNCERTAIN',
    message: `Some amounts have three decimals, all others with decimals have ${others[0]}: amounts such as 1${decimal}234 are read with ${JSON.stringify(decimal)} as the decimal separator, but may be thousands. Set decimalSeparator to ${JSON.stringify(decimal)} if they are right, else correct them in the file.`,
  };
}

function decimalContradicted({ otherDecimal }: KernelEvidence, { plan, placeOf }: Reading): Doubt | undefined {
  const { count, line, text } = otherDecimal;
  if (count === 0) return undefined;
  const other = JSON.stringify(oppositeSeparator(String.fromCharCode(plan.decimalSeparator)));
  const them = count === 1 ? 'one amount was' : `${grouped(count)} amounts were`;
  return {
    code: 'DECIMAL_SEPARATOR_CONTRADICTED',
    message: `${capital(them)} rejected that would be valid with ${other} as the decimal separator, such as ${JSON.stringify(text)} on ${placeOf(line)}; if most amounts are written that way, set decimalSeparator to ${other}.`,
  };
}

function mixedCurrencies({ otherCurrency }: KernelEvidence, { plan, placeOf }: Reading): Doubt | undefined {
  const { count, line, text } = otherCurrency;
  if (count === 0) return undefined;
  const usual = plan.currency === '' ? 'the others have none' : `the file's is ${plan.currency}`;
  const them = count === 1 ? 'One amount was' : `${grouped(count)} amounts were`;
  return {
    code: 'MIXED_CURRENCIES',
    message: `${them} rejected because of a different currency or unit (${usual}), such as ${JSON.stringify(text)} on ${placeOf(line)}; put each currency in its own file.`,
  };
}

function negativeAmounts({ evidence, totals = [] }: KernelSnapshot, { plan }: Reading): Doubt | undefined {
  if (!plan.allowNegative) return undefined;
  const { count, sum, scale } = evidence.negatives;
  // Rows are counted by the first of several amounts, unless that is a product.
  const others = totals.flatMap(({ hasNegative }, at) => (hasNegative && (at > 0 || count === 0) ? [at + 1] : []));
  if (count === 0 && others.length === 0) return undefined;
  const are = count === 1 ? 'One amount is' : `${grouped(count)} amounts are`;
  const they = count === 1 ? 'it counts' : 'they count';
  const counted = count === 0 ? '' : `${are} below zero, ${formatDecimal(sum, scale)} in total; ${they}. `;
  const places = others.map((place) => `the ${ordinal(place)}`).join(' and ');
  const told =
    others.length === 0
      ? ''
      : totals.length === 1
        ? 'Amounts below zero count. '
        : `Amounts below zero ${count === 0 ? '' : 'also '}count in ${places} of those asked for. `;
  return {
    code: 'NEGATIVE_AMOUNTS',
    message: `${counted}${told}Set negativeAmounts to reject to leave ${count === 1 && others.length === 0 ? 'it' : 'them'} out.`,
  };
}

const REASON_WORDS: Record<RejectReason, string> = {
  [RejectReason.COLUMN_COUNT]: 'a different number of columns',
  [RejectReason.EMPTY_DEPARTMENT]: 'no department',
  [RejectReason.EMPTY_AMOUNT]: 'no amount',
  [RejectReason.AMOUNT_NOT_A_NUMBER]: 'an amount that is not a number',
  [RejectReason.NEGATIVE_AMOUNT]: 'an amount below zero',
  [RejectReason.AMOUNT_OUT_OF_RANGE]: 'an amount of more than 18 digits, or more than 6 after the decimal separator',
  [RejectReason.INVALID_ENCODING]: 'a name that is not valid in the encoding',
  [RejectReason.RECORD_TOO_LONG]: 'a record that is too long',
  [RejectReason.MALFORMED_QUOTE]: 'text after a closing quote',
  [RejectReason.UNTERMINATED_QUOTE]: 'a quote that is never closed',
  [RejectReason.DATE_NOT_READABLE]: 'a date that is not readable',
};

/** Whether products are added up. */
export function hasProducts({ totals = [] }: KernelSnapshot): boolean {
  return totals.some(({ unitDecimals }) => unitDecimals !== undefined);
}

/** `3 with no amount, 1 with another number of columns`: the most frequent reason first. */
export function reasonsOf(snapshot: KernelSnapshot): string {
  const words = { ...REASON_WORDS };
  if (hasProducts(snapshot)) words[RejectReason.AMOUNT_OUT_OF_RANGE] += ', or a product of 10^15 or more';
  return snapshot.rejectedByReason
    .map((count, reason) => ({ count, words: words[reason as RejectReason] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ count, words }) => `${grouped(count)} with ${words}`)
    .join(', ');
}

function rowsRejected(snapshot: KernelSnapshot): Doubt | undefined {
  const { rows, rowsRejected, evidence } = snapshot;
  if (rowsRejected === 0) return undefined;
  const { count, sum, scale } = evidence.leftOut;
  const money = count === 0 ? '' : ` Readable amounts in them: ${formatDecimal(sum, scale)} in ${rowCount(count)}.`;
  const isOrAre = rowsRejected === 1 ? 'is' : 'are';
  return {
    code: 'ROWS_REJECTED',
    message: `${grouped(rowsRejected)} of ${rowCount(rows + rowsRejected)} ${isOrAre} left out: ${reasonsOf(snapshot)}.${money} See the rejected rows for details.`,
  };
}

function linesSwallowed({ longRejects, longestRecord }: KernelEvidence, { placeOf }: Reading): Doubt | undefined {
  const isReject = longRejects.mostLines >= LONG_RECORD_LINES;
  if (!isReject && longestRecord.lines === 0) return undefined;
  const { lines, line } = isReject ? { lines: longRejects.mostLines, line: longRejects.line } : longestRecord;
  const what = isReject ? 'was rejected as one record' : 'is read as one record';
  const others =
    isReject && longRejects.count > 1
      ? ` ${grouped(longRejects.count)} such records span ${grouped(longRejects.lines)} lines.`
      : '';
  return {
    code: 'LINES_SWALLOWED',
    message: `The text from ${placeOf(line)} ${what} of ${grouped(lines)} lines.${others} If a quote is missing there, add it, or set quote to none if quotes are ordinary characters.`,
  };
}

function rowCount(count: number): string {
  return count === 1 ? '1 row' : `${grouped(count)} rows`;
}

/** The doubt about filters that leave out all rows. */
export function noRowPasses(rowsFiltered: number): Doubt {
  const rows = rowsFiltered === 1 ? 'the only row' : `all ${grouped(rowsFiltered)} rows`;
  return {
    code: 'NO_ROW_PASSES',
    message: `The filters leave out ${rows}: check their values, which are compared with upper and lower case as they stand.`,
  };
}
