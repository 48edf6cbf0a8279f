import {
  DECIMALS_SEEN,
  LEFT_OUT,
  LEFT_OUT_SCALE,
  LEFT_OUT_SUM,
  LONG_REJECT_LINES,
  LONG_REJECTS,
  LONGEST_RECORD,
  LONGEST_RECORD_LINE,
  LONGEST_REJECT,
  LONGEST_REJECT_LINE,
  MANY_DECIMALS,
  NEGATIVE_SCALE,
  NEGATIVE_SUM,
  NEGATIVES,
  ONE_GROUP,
  ONE_GROUP_LINE,
  OTHER_CURRENCY,
  OTHER_CURRENCY_LINE,
  OTHER_CURRENCY_TEXT,
  OTHER_DECIMAL,
  OTHER_DECIMAL_LINE,
  OTHER_DECIMAL_TEXT,
  TEXT_BYTES,
} from '#gen/kernel-constants.ts';
import type { EvidenceSum, EvidenceText, KernelEvidence } from '../evidence.ts';
import { pairToBigInt } from './departments.ts';

/** Reads the evidence out of a kernel's memory. */
export function readEvidence(memory: ArrayBufferLike): KernelEvidence {
  const view = new DataView(memory);
  const count = (address: number) => Number(view.getBigUint64(address, true));
  const sum = (counter: number, pair: number, scale: number): EvidenceSum => ({
    count: count(counter),
    sum: pairToBigInt(view.getBigUint64(pair, true), view.getBigInt64(pair + 8, true)),
    scale: view.getUint32(scale, true),
  });
  const text = (counter: number, line: number, address: number): EvidenceText => ({
    count: count(counter),
    line: count(line),
    // A character that the limit cuts is left out.
    text: Buffer.from(memory, address, TEXT_BYTES)
      .toString('utf8')
      .replace(/\0+$/, '')
      .replace(/\ufffd+$/, ''),
  });
  const seen = view.getUint32(DECIMALS_SEEN, true);
  return {
    negatives: sum(NEGATIVES, NEGATIVE_SUM, NEGATIVE_SCALE),
    leftOut: sum(LEFT_OUT, LEFT_OUT_SUM, LEFT_OUT_SCALE),
    decimalsSeen: Array.from({ length: MANY_DECIMALS + 1 }, (_, decimals) => decimals).filter(
      (decimals) => (seen >> decimals) & 1,
    ),
    oneGroup: { count: count(ONE_GROUP), line: count(ONE_GROUP_LINE) },
    otherDecimal: text(OTHER_DECIMAL, OTHER_DECIMAL_LINE, OTHER_DECIMAL_TEXT),
    otherCurrency: text(OTHER_CURRENCY, OTHER_CURRENCY_LINE, OTHER_CURRENCY_TEXT),
    longRejects: {
      count: count(LONG_REJECTS),
      lines: count(LONG_REJECT_LINES),
      mostLines: count(LONGEST_REJECT),
      line: count(LONGEST_REJECT_LINE),
    },
    longestRecord: { lines: count(LONGEST_RECORD), line: count(LONGEST_RECORD_LINE) },
  };
}
