import { readSampleRecords, SAMPLE_BYTES } from '../detect/sample-records.ts';
import { UTF_8 } from '../encoding.ts';
import type { ReadPlan } from '../kernel.ts';
import { LineEnds } from './line-ends.ts';
import type { PartPlan, Text } from './part.ts';

/** Line ends of UTF-8. */
const LINES = new LineEnds(UTF_8);

/**
 * Guesses where the first record begins behind a byte: after the next line end, as if the byte lay outside quotes, or
 * after the end of the record that it would be in otherwise. The guess is the one behind which more rows have the right
 * number of columns. For encodings other than UTF-8 it is the first.
 */
export async function likelyStart(text: Text, { plan, encoding }: PartPlan, from: number): Promise<number> {
  const lineEnds = new LineEnds(encoding);
  if (encoding !== UTF_8 || plan.quote === 0) return await startOfLine(text, lineEnds, from);
  const sample = new Uint8Array(Math.min(SAMPLE_BYTES, text.size - from));
  const bytes = sample.subarray(0, await text.read(from, sample));
  const outside = LINES.behind(bytes, 0);
  const inside = endOfQuoted(bytes, plan);
  if (outside === undefined || inside === undefined || score(bytes, inside, plan) <= score(bytes, outside, plan)) {
    return await startOfLine(text, lineEnds, from);
  }
  return from + inside;
}

/** The first byte behind the next line end, however far that is; the end of the text if there is none. */
async function startOfLine(text: Text, lineEnds: LineEnds, from: number): Promise<number> {
  const bytes = new Uint8Array(SAMPLE_BYTES);
  for (let at = from; at < text.size; ) {
    const length = await text.read(at, bytes.subarray(0, Math.min(bytes.length, text.size - at)));
    if (length === 0) break;
    const behind = lineEnds.behind(bytes, 0, length);
    // A CR at the very end may have its LF behind it: the next bytes tell.
    const isCut =
      behind === length && lineEnds.isBehindCr(bytes, length) && at + length < text.size && length > lineEnds.width;
    if (behind !== undefined && !isCut) return at + behind;
    at += isCut ? length - lineEnds.width : length;
  }
  return text.size;
}

/** The index behind the record whose quotes the bytes begin in; undefined if it does not end there. */
function endOfQuoted(bytes: Uint8Array, plan: ReadPlan): number | undefined {
  const quoted = new Uint8Array(bytes.length + 1);
  quoted[0] = plan.quote;
  quoted.set(bytes, 1);
  const [first] = readSampleRecords({ text: quoted, isComplete: false }, plan, 1).records;
  return first && LINES.behind(bytes, first.end - 1);
}

/** How many more rows have the right number of columns than another one. */
function score(bytes: Uint8Array, from: number, plan: ReadPlan): number {
  const { records } = readSampleRecords({ text: bytes.subarray(from), isComplete: false }, plan);
  const right = records.filter(({ fields, isFaulty }) => !isFaulty && fields.length === plan.columnCount).length;
  return 2 * right - records.length;
}
