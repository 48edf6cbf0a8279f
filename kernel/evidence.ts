/**
 * The counts of a kernel beside the rows, over the whole file so far, for readers of the totals. Sums are in
 * millionths, lines count from 1; a line is 0 where there is none.
 */
export interface KernelEvidence {
  /** Rows below zero that count. */
  negatives: EvidenceSum;
  /** Rejected rows whose amount can be read all the same. */
  leftOut: EvidenceSum;
  /** Which numbers of digits behind the decimal separator occurred; 7 stands for all from there on. */
  decimalsSeen: number[];
  /** Amounts that count with one group and nothing behind it, such as `1,234`, which could be decimals. */
  oneGroup: { count: number; line: number };
  /** Rejected amounts that the other decimal separator would explain, and the first of them. */
  otherDecimal: EvidenceText;
  /** Rejected amounts that are numbers but for a currency that is not the file's, and the first of them. */
  otherCurrency: EvidenceText;
  /** Records of more than one line that were rejected for their form: how many, their lines, and the one with the most. */
  longRejects: { count: number; lines: number; mostLines: number; line: number };
  /** The longest record that was not rejected, if it has more than 10 lines. */
  longestRecord: { lines: number; line: number };
}

export interface EvidenceSum {
  count: number;
  sum: bigint;
  /** The most digits after the point, 0 to 6. */
  scale: number;
}

export interface EvidenceText {
  count: number;
  line: number;
  /** At most 40 bytes of it. */
  text: string;
}

/** The evidence of a file without rows. */
export function noEvidence(): KernelEvidence {
  return {
    negatives: { count: 0, sum: 0n, scale: 0 },
    leftOut: { count: 0, sum: 0n, scale: 0 },
    decimalsSeen: [],
    oneGroup: { count: 0, line: 0 },
    otherDecimal: { count: 0, line: 0, text: '' },
    otherCurrency: { count: 0, line: 0, text: '' },
    longRejects: { count: 0, lines: 0, mostLines: 0, line: 0 },
    longestRecord: { lines: 0, line: 0 },
  };
}
