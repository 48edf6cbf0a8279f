import type { EvidenceSum, EvidenceText, KernelEvidence } from '../evidence.ts';
import { pairToBigInt } from './departments.ts';
import { STATE } from './memory-layout.ts';

// Where the evidence is: `assembly/state.ts`.
const NEGATIVES = STATE + 200;
const NEGATIVE_SUM = STATE + 208;
const LEFT_OUT = STATE + 224;
const LEFT_OUT_SUM = STATE + 232;
const DECIMALS_SEEN = STATE + 248;
const ONE_GROUP = STATE + 256;
const ONE_GROUP_LINE = STATE + 264;
const OTHER_DECIMAL = STATE + 280;
const OTHER_DECIMAL_LINE = STATE + 288;
const OTHER_CURRENCY = STATE + 296;
const OTHER_CURRENCY_LINE = STATE + 304;
const LONG_REJECTS = STATE + 312;
const LONG_REJECT_LINES = STATE + 320;
const LONGEST_REJECT = STATE + 328;
const LONGEST_REJECT_LINE = STATE + 336;
const LONGEST_RECORD = STATE + 344;
const LONGEST_RECORD_LINE = STATE + 352;
const OTHER_DECIMAL_TEXT = STATE + 360;
const OTHER_CURRENCY_TEXT = STATE + 400;
const TEXT_BYTES = 40;
const NEGATIVE_SCALE = STATE + 440;
const LEFT_OUT_SCALE = STATE + 444;
/** From this number of decimals on they share a bit. */
const MANY_DECIMALS = 7;

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
