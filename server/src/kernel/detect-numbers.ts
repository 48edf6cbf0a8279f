import { COMMA, POINT } from './ascii.ts';

const PLAIN = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)$/;
const GROUPED = /^[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d*)?$/;
/** Groups that `auto` does not read, because there are too many habits: `1 234`, `1'234`. */
const UNUSUALLY_GROUPED = /^[+-]?\d{1,3}(?:[ '\u00a0\u2009\u202f\u2019_]\d{3})+(?:[.,]\d*)?$/;

/** Whether a text is a number in a form that amounts are written in, whichever separators it uses. */
export function looksLikeNumber(text: string): boolean {
  return PLAIN.test(text) || GROUPED.test(text);
}

/** The separators of the amounts, and whether the sample left any doubt. */
export interface NumberFormat {
  /** ASCII codes; 0 for no group separator. */
  decimalSeparator: number;
  groupSeparator: number;
  doubt: string | undefined;
}

/**
 * Finds out how amounts are written. What is given stays; `undefined` means: detect it. The group separator is the
 * comma beside a decimal point and the point beside a decimal comma, whether or not the sample has one.
 */
export function detectNumberFormat(
  amounts: readonly string[],
  given: { decimalSeparator: number | undefined; groupSeparator: number | undefined },
): NumberFormat {
  let doubt: string | undefined;
  let decimal = given.decimalSeparator;
  if (decimal === undefined && given.groupSeparator === COMMA) decimal = POINT;
  if (decimal === undefined && given.groupSeparator === POINT) decimal = COMMA;
  if (decimal === undefined) {
    const votes = countVotes(amounts);
    decimal = votes.comma > votes.point ? COMMA : POINT;
    doubt = doubtOf(votes);
  }
  const group = given.groupSeparator ?? (decimal === COMMA ? POINT : COMMA);
  if (given.groupSeparator === undefined && amounts.some((amount) => UNUSUALLY_GROUPED.test(amount))) {
    doubt = 'Some amounts seem to have a group separator other than a comma or a point; set it to have them read.';
  }
  return { decimalSeparator: decimal, groupSeparator: group, doubt };
}

interface Votes {
  point: number;
  comma: number;
  /** `1.234` and the like, which could be either. */
  eitherPoint: number;
  eitherComma: number;
}

function countVotes(amounts: readonly string[]): Votes {
  const votes: Votes = { point: 0, comma: 0, eitherPoint: 0, eitherComma: 0 };
  for (const amount of amounts) {
    if (!looksLikeNumber(amount)) continue;
    const points = amount.split('.').length - 1;
    const commas = amount.split(',').length - 1;
    if (points === 0 && commas === 0) continue;
    // With both, the last one is the decimal separator; one that comes twice is none.
    if (points > 0 && commas > 0) votes[amount.lastIndexOf(',') > amount.lastIndexOf('.') ? 'comma' : 'point']++;
    else if (points > 1) votes.comma++;
    else if (commas > 1) votes.point++;
    else if (/^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(amount)) votes[points > 0 ? 'eitherPoint' : 'eitherComma']++;
    else votes[points > 0 ? 'point' : 'comma']++;
  }
  return votes;
}

function doubtOf({ point, comma, eitherPoint, eitherComma }: Votes): string | undefined {
  if (point > 0 && comma > 0) {
    return 'Some amounts have a decimal point and others a decimal comma; check the decimal separator.';
  }
  if (point > 0 || comma > 0) return undefined;
  if (eitherComma > 0) {
    return 'Amounts such as 1,234 are read as 1234; if the comma separates decimals, set the decimal separator to a comma.';
  }
  if (eitherPoint > 0) {
    return 'Amounts such as 1.234 are read as 1 and 234 thousandths; if the point separates groups, set the decimal separator to a comma.';
  }
  return undefined;
}
