import { isUtf8 } from 'node:buffer';
import { CR, LF } from '../ascii.ts';
import { type Dialect, detectDialect } from '../detect/dialect.ts';
import { encodingDoubts } from '../detect/sample-doubts.ts';
import { readSampleRecords } from '../detect/sample-records.ts';
import type { Doubt, DoubtCode } from '../doubt.ts';
import { openText, UTF_8, withoutCutCharacter } from '../encoding.ts';
import { refuseWhatIsNoCsv } from '../file-kind/file-kind.ts';
import { KernelError, MAX_RECORD_BYTES, type ReadPlan } from '../kernel.ts';
import { type CheckedOptions, quotedStart } from '../options.ts';

/** Where the first record of a file begins, be it the header, and how the file is encoded. */
export interface FileStart {
  encoding: string;
  /** The first byte of the file that is read; 0 where only text can be left out. */
  from: number;
  /** Bytes of the text before the first record: those of the byte order mark and of skipped lines. */
  textBytes: number;
  /** The lines before the first record. */
  lines: number;
}

/** How the first file of a data set is read, which the others must fit. */
interface FirstFile {
  options: CheckedOptions;
  /** Undefined for a file without records. */
  dialect: Dialect | undefined;
  plan: ReadPlan;
}

/** The doubts about how a file is read that are about this one, not about the data set. */
const OWN_DOUBTS: readonly DoubtCode[] = ['LINES_SKIPPED', 'HEADER_UNCERTAIN', 'COLUMN_NAMES_ADJUSTED'];
/** The columns of another header are told in an error up to this number. */
const TOLD_COLUMNS = 8;

/** @param markBytes of the byte order mark, if the text has it */
export function fileStart(encoding: string, markBytes: number, skipped: { lines: number; bytes: number }): FileStart {
  const textBytes = markBytes + skipped.bytes;
  return { encoding, from: encoding === UTF_8 ? textBytes : 0, textBytes, lines: skipped.lines };
}

/**
 * The bytes of a file to the end of its header; undefined if there is none, or if it says nothing about how the rest is
 * encoded.
 */
export function headerBytes(head: Uint8Array, { encoding, from }: FileStart, plan: ReadPlan): Uint8Array | undefined {
  if (encoding !== UTF_8 || !plan.hasHeader) return undefined;
  const [header] = readSampleRecords({ text: head.subarray(from), isComplete: false }, plan, 1).records;
  const end = from + (header?.end ?? 0);
  // With the first byte of its line end, so that no longer header begins so.
  return head[end] === LF || head[end] === CR ? Uint8Array.from(head.subarray(0, end + 1)) : undefined;
}

/** Whether a file begins with these bytes and is in UTF-8: it is read as the file is whose beginning they are. */
export function beginsWith(head: Uint8Array, isComplete: boolean, start: Uint8Array): boolean {
  if (Buffer.compare(head.subarray(0, start.length), start) !== 0) return false;
  return isUtf8(isComplete ? head : withoutCutCharacter(head));
}

/**
 * Looks at the head of a file that is to be read as another one.
 *
 * @returns where its records begin, with the doubts about its encoding; its columns if they are others; `differs` if it
 * cannot be read so at all; `more` if the head is too short to tell
 */
export function openFurtherFile(
  head: Uint8Array,
  isComplete: boolean,
  { options, dialect, plan }: FirstFile,
): (FileStart & { doubts: Doubt[] }) | { columns: string[] } | 'differs' | 'more' {
  if (options.encoding === undefined) refuseWhatIsNoCsv(head);
  const opened = openText(head, isComplete, options.encoding);
  const { text, markBytes } = opened;
  const { encoding } = opened.transcoder;
  const doubts = encodingDoubts(opened);
  const { delimiter, quote, decimalSeparator, groupSeparator, hasHeader } = plan;
  const reading = { ...options, delimiter, quote, decimalSeparator, groupSeparator, hasHeader };
  const columns = { departmentColumn: undefined, amountColumn: undefined, groupBy: [], amounts: [], where: [] };
  try {
    const detection = detectDialect({ text, isComplete }, { ...reading, ...columns }, encoding, false);
    if ('kind' in detection) {
      if (!isComplete) return head.length < MAX_RECORD_BYTES ? 'more' : 'differs';
      return { ...fileStart(encoding, markBytes, detection.skipped), doubts };
    }
    const found = detection.dialect.columns.map(({ name }) => name);
    const wanted = dialect?.columns.map(({ name }) => name) ?? [];
    if (found.length !== wanted.length || found.some((name, index) => name !== wanted[index]))
      return { columns: found };
    const skipped = { lines: detection.dialect.skipLines, bytes: detection.skippedBytes };
    const more = detection.doubts.filter(({ code }) => OWN_DOUBTS.includes(code));
    return { ...fileStart(encoding, markBytes, skipped), doubts: [...doubts, ...more] };
  } catch (error) {
    if (error instanceof KernelError && error.code === 'TOO_FEW_COLUMNS') return 'differs';
    throw error;
  }
}

/** The error of a file that has another header than the first one. */
export function headerDiffers(
  name: string,
  dialect: Dialect | undefined,
  found: { columns: string[] } | 'differs',
): KernelError {
  const columns = found === 'differs' ? 'only one column with the same delimiter' : told(found.columns);
  const wanted = told(dialect?.columns.map((column) => column.name) ?? []);
  return new KernelError(
    'HEADER_DIFFERS',
    `${quotedStart(name)} has ${columns}, but the first file has ${wanted}; name only files of one header`,
  );
}

/** The names of columns as one reads them; their number where they have no names. */
function told(names: readonly string[]): string {
  if (names.length === 0) return 'no columns';
  if (names.every((name) => name === '')) return `${names.length} columns without names`;
  const shown = names.slice(0, TOLD_COLUMNS).map(quotedStart).join(', ');
  return `the columns ${shown}${names.length > TOLD_COLUMNS ? `, and ${names.length - TOLD_COLUMNS} more` : ''}`;
}
