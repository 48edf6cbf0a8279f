import { COMMA, POINT, SPACE } from '../ascii.ts';
import type { AmountText } from './amount-text.ts';

/** How amounts are written, and how sure that is. */
export interface NumberFormat {
  /** ASCII codes; 0 for no group separator. */
  decimalSeparator: number;
  groupSeparator: number;
  /** Whether blanks and apostrophes are group separators too. */
  isAnyGroup: boolean;
  currency: string;
  /** The evidence for and against the decimal separator; undefined if it was given. */
  evidence: NumberEvidence | undefined;
}

export interface NumberEvidence {
  /** Amounts that only the chosen separator explains, and those that both do, in different ways. */
  proofs: number;
  ambiguous: number;
  /** Whether the other columns prove the other separator. */
  isAgainstOthers: boolean;
  /** One of the latter, for people. */
  example: string;
}

/** Everything else that is known of the file. */
export interface NumberContext {
  decimalSeparator: number | undefined;
  groupSeparator: number | undefined;
  delimiter: number;
  quote: number;
  /** Whether the names of columns are in a language that writes a decimal comma. */
  isCommaCountry: boolean;
  /** The amounts of other columns, which are usually written alike. */
  others: readonly AmountText[];
}

const APOSTROPHE = 39;
const SEMICOLON = 59;

// How many times less likely something is, as natural logarithms.
/** An amount that is a typing error. */
const ODD_AMOUNT = 4.6;
/** That all amounts of a column have three decimals. */
const THREE_DECIMALS = 4;
/** That an amount without decimals stands among those. */
const WHOLE_AMONG_THREE = 1;
/** A decimal comma in a file whose fields are separated by commas: if amounts have commas (in quotes), and if none has. */
const COMMA_IN_COMMAS = 4;
const COMMA_WITHOUT_COMMAS = 8;
/** A decimal comma in a file with tabs or pipes. */
const COMMA_IN_OTHERS = 1;
/** A decimal point in a file whose fields are separated by semicolons: that is what these are for. */
const POINT_IN_SEMICOLONS = 2;
/** A decimal point below names of columns in such a language. */
const POINT_IN_COMMA_COUNTRY = 2;

/**
 * Finds out how amounts are written. A separator that is given stays; `undefined` means: detect it.
 *
 * Of the two decimal separators the likelier one is chosen, by all amounts together: one odd amount among many does not
 * decide. Where there are none with a separator, the delimiter and the names of the columns do.
 *
 * @param columns the amounts of each column that is read
 */
export function detectNumberFormat(columns: readonly (readonly AmountText[])[], context: NumberContext): NumberFormat {
  const amounts = columns.flat();
  const { groupSeparator: group, quote } = context;
  let decimal = context.decimalSeparator;
  if (decimal === undefined && group === COMMA) decimal = POINT;
  if (decimal === undefined && group === POINT) decimal = COMMA;
  const isGiven = decimal !== undefined;
  decimal ??= likelierDecimal(columns, context);
  const usual = usualGroup(amounts, decimal, quote);
  return {
    decimalSeparator: decimal,
    groupSeparator: group ?? usual,
    isAnyGroup: group === undefined && quote !== APOSTROPHE,
    currency: usualCurrency(amounts),
    evidence: isGiven ? undefined : weigh(columns, decimal, context.others),
  };
}

function likelierDecimal(
  columns: readonly (readonly AmountText[])[],
  { delimiter, isCommaCountry, others }: NumberContext,
): number {
  const isSemicolon = delimiter === SEMICOLON;
  const againstPoint = (isSemicolon ? POINT_IN_SEMICOLONS : 0) + (isCommaCountry ? POINT_IN_COMMA_COUNTRY : 0);
  const hasCommas = columns.flat().some(({ number }) => number.includes(','));
  const inCommas = hasCommas ? COMMA_IN_COMMAS : COMMA_WITHOUT_COMMAS;
  const againstComma = isSemicolon || isCommaCountry ? 0 : delimiter === COMMA ? inCommas : COMMA_IN_OTHERS;
  // Other columns say only what is beyond doubt, and less than the amounts themselves.
  const proofs = { point: others.filter(isPointOnly).length, comma: others.filter(isCommaOnly).length };
  const fromOthers = Math.min(3, Math.abs(proofs.point - proofs.comma)) * Math.sign(proofs.point - proofs.comma);
  const point = againstPoint + cost(columns, 'isPoint', '.') - Math.max(0, fromOthers);
  const comma = againstComma + cost(columns, 'isComma', ',') - Math.max(0, -fromOthers);
  return comma < point ? COMMA : POINT;
}

/** How unlikely it is that somebody who writes this decimal separator wrote these amounts. */
function cost(columns: readonly (readonly AmountText[])[], form: 'isPoint' | 'isComma', decimal: '.' | ','): number {
  let odd = 0;
  let three = 0;
  let otherDecimals = 0;
  let whole = 0;
  for (const amounts of columns) {
    let threeOfColumn = 0;
    let wholeOfColumn = 0;
    for (const amount of amounts) {
      if (!amount[form]) odd += hasManyGroups(amount) ? 2 : 1;
      else if (!amount.number.includes(decimal)) wholeOfColumn++;
      else if (/\d{3}$/.test(amount.number) && amount.number.at(-4) === decimal) threeOfColumn++;
      else otherDecimals++;
    }
    three += threeOfColumn;
    // Pieces beside prices say nothing about how prices are written.
    if (threeOfColumn > 0) whole += wholeOfColumn;
  }
  // Three decimals in some amounts and fewer in others: zeros at the end were dropped.
  const isVaried = otherDecimals > 0;
  const threes =
    three === 0 ? 0 : isVaried ? Math.min(three * 2, THREE_DECIMALS + otherDecimals * ODD_AMOUNT) : THREE_DECIMALS;
  const wholes = three > 0 && !isVaried ? Math.min(whole, 3) * WHOLE_AMONG_THREE : 0;
  return odd * ODD_AMOUNT + threes + wholes;
}

/** Whether a number has two groups of one kind, which is no typing error for decimals. */
function hasManyGroups({ number }: AmountText): boolean {
  return /^\d{1,3}([.,])\d{3}\1\d{3}/.test(number);
}

/** Whether an amount is one with either separator, and not the same: `1,234`. */
function isAmbiguous({ number, isPoint, isComma }: AmountText): boolean {
  return isPoint && isComma && /[.,]\d/.test(number);
}

function isPointOnly({ isPoint, isComma }: AmountText): boolean {
  return isPoint && !isComma;
}

function isCommaOnly({ isPoint, isComma }: AmountText): boolean {
  return isComma && !isPoint;
}

/** So many small whole numbers beside as many with a group show that all from a thousand on are grouped. */
const ENOUGH_SMALL = 3;

function weigh(
  columns: readonly (readonly AmountText[])[],
  decimal: number,
  others: readonly AmountText[],
): NumberEvidence {
  const amounts = columns.flat();
  const ambiguous = amounts.filter(isAmbiguous);
  const areGroups = columns.some((column) => hasGroupsFromThousand(column, decimal === POINT ? ',' : '.'));
  const [isOurs, isOther] = decimal === POINT ? [isPointOnly, isCommaOnly] : [isCommaOnly, isPointOnly];
  const hasMarks = amounts.some(({ number }) => /[.,]/.test(number));
  return {
    proofs: amounts.filter(isOurs).length + (areGroups ? 1 : 0),
    isAgainstOthers: hasMarks && others.filter(isOther).length > 1 && !others.some(isOurs),
    ambiguous: ambiguous.length,
    example: ambiguous[0]?.number ?? '',
  };
}

/** Whether the whole numbers of a column show that all from a thousand on are grouped. */
function hasGroupsFromThousand(amounts: readonly AmountText[], group: string): boolean {
  const whole = amounts.filter(({ number }) => /^\d+$/.test(number));
  return (
    whole.length >= ENOUGH_SMALL &&
    whole.every(({ number }) => number.length <= 3) &&
    amounts.filter((amount) => isAmbiguous(amount) && amount.number.includes(group)).length >= ENOUGH_SMALL
  );
}

/** The group separator that the amounts have; else the other of point and comma. */
function usualGroup(amounts: readonly AmountText[], decimal: number, quote: number): number {
  const mark = decimal === COMMA ? '.' : ',';
  const count = (pattern: RegExp) => amounts.filter(({ number }) => pattern.test(number)).length;
  const marks = count(decimal === COMMA ? /\.\d{3}/ : /,\d{3}/);
  const blanks = count(/\d[ \u00a0\u2009\u202f]\d/);
  const apostrophes = quote === APOSTROPHE ? 0 : count(/\d['\u2019]\d/);
  if (blanks > marks && blanks >= apostrophes) return SPACE;
  if (apostrophes > marks) return APOSTROPHE;
  return mark.charCodeAt(0);
}

/** The currency that most amounts have which have one; empty if none has. */
export function usualCurrency(amounts: readonly AmountText[]): string {
  const counts = new Map<string, number>();
  for (const { currency } of amounts) if (currency !== '') counts.set(currency, (counts.get(currency) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as [string, number])[0];
}
