import { CR, LF } from '../ascii.ts';
import { readSampleRecords, SAMPLE_BYTES } from '../detect/sample-records.ts';
import type { ReadPlan } from '../kernel.ts';
import type { Text } from './part.ts';

/**
 * Guesses where the first record begins behind a byte: after the next line end, as if the byte lay outside quotes, or
 * after the end of the record that it would be in otherwise. The guess is the one behind which more rows have the right
 * number of columns.
 */
export async function likelyStart(text: Text, plan: ReadPlan, from: number): Promise<number> {
  const sample = new Uint8Array(Math.min(SAMPLE_BYTES, text.size - from));
  const length = await text.read(from, sample);
  const bytes = sample.subarray(0, length);
  const outside = behindLineEnd(bytes, 0);
  if (outside === undefined) return await startOfLine(text, from + length);
  const inside = plan.quote === 0 ? undefined : endOfQuoted(bytes, plan);
  if (inside === undefined || score(bytes, inside, plan) <= score(bytes, outside, plan)) return from + outside;
  return from + inside;
}

/** The first byte behind the next line end, however far that is; the end of the text if there is none. */
async function startOfLine(text: Text, from: number): Promise<number> {
  const bytes = new Uint8Array(SAMPLE_BYTES);
  for (let at = from; at < text.size; ) {
    const length = await text.read(at, bytes.subarray(0, Math.min(bytes.length, text.size - at)));
    if (length === 0) break;
    const start = behindLineEnd(bytes.subarray(0, length), 0);
    // A CR at the very end may have its LF behind it: the next bytes tell.
    if (start !== undefined && (start < length || bytes[length - 1] === LF)) return at + start;
    at += start === undefined || length === 1 ? length : length - 1;
  }
  return text.size;
}

/** The index behind the next line end; undefined if there is none. */
function behindLineEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === LF) return at + 1;
    if (bytes[at] === CR) return bytes[at + 1] === LF ? at + 2 : at + 1;
  }
  return undefined;
}

/** The index behind the record whose quotes the bytes begin in; undefined if it does not end there. */
function endOfQuoted(bytes: Uint8Array, plan: ReadPlan): number | undefined {
  const quoted = new Uint8Array(bytes.length + 1);
  quoted[0] = plan.quote;
  quoted.set(bytes, 1);
  const [first] = readSampleRecords({ text: quoted, isComplete: false }, plan, 1).records;
  return first && behindLineEnd(bytes, first.end - 1);
}

/** How many more rows have the right number of columns than another one. */
function score(bytes: Uint8Array, from: number, plan: ReadPlan): number {
  const { records } = readSampleRecords({ text: bytes.subarray(from), isComplete: false }, plan);
  const right = records.filter(({ fields, isFaulty }) => !isFaulty && fields.length === plan.columnCount).length;
  return 2 * right - records.length;
}
