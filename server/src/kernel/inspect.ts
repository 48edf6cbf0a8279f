import { isUtf8 } from 'node:buffer';
import { type Dialect, detectDialect } from './dialect.ts';
import type { Doubt } from './doubt.ts';
import { openText } from './encoding.ts';
import { KernelError, RejectReason } from './kernel.ts';
import { type AnalysisOptions, checkOptions } from './options.ts';
import { SAMPLE_BYTES } from './sample-records.ts';
import { WasmKernel } from './wasm-kernel.ts';

/** The most rows an inspection shows. */
const MAX_SAMPLE_ROWS = 20;

/** What the first bytes of a file tell to someone who is about to upload it. */
export interface SampleInspection {
  dialect: Dialect;
  /** The first data rows, at most 20. */
  rows: SampleRow[];
  /** What could not be decided with certainty or will need attention, in sentences for people. */
  doubts: Doubt[];
}

/** One row of a sample, its fields unquoted and trimmed. */
export interface SampleRow {
  fields: string[];
  /** Why the row will be rejected, 0 if it counts. */
  rejectReason: RejectReason | 0;
}

/**
 * Detects how a file is written from its first {@link SAMPLE_BYTES} and shows its first rows.
 *
 * @param sample more than {@link SAMPLE_BYTES} is cut off
 * @param complete whether `sample` is the whole file
 * @throws KernelError as `CsvAnalysis` does; `TOO_FEW_COLUMNS` if there is no record at all
 */
export function inspectSample(sample: Uint8Array, complete: boolean, options: AnalysisOptions): SampleInspection {
  const checked = checkOptions(options);
  const isComplete = complete && sample.length <= SAMPLE_BYTES;
  const { encoding, text } = openText(sample.subarray(0, SAMPLE_BYTES), isComplete, checked.encoding);
  const detection = detectDialect({ text, isComplete }, checked, encoding, true);
  if ('kind' in detection) {
    throw new KernelError('TOO_FEW_COLUMNS', 'the file begins with no record, only blank lines or nothing; check it');
  }

  const doubts = [...detection.doubts];
  if (!isUtf8(isComplete ? text : withoutCutCharacter(text))) {
    doubts.push({
      code: 'ENCODING_ASSUMED',
      message: `The text is not valid ${encoding.toUpperCase()}; departments that are not will be rejected. Try the encoding windows-1252.`,
    });
  }
  const records = detection.rows.slice(0, MAX_SAMPLE_ROWS);
  // The kernel itself judges the rows, so that the sample never promises what the analysis does not keep.
  const kernel = new WasmKernel({
    ...detection.plan,
    maxDepartments: MAX_SAMPLE_ROWS,
    maxRejects: MAX_SAMPLE_ROWS,
  });
  kernel.push(text.subarray(0, records.at(-1)?.end ?? 0));
  kernel.finish();
  const reasons = new Map(kernel.takeRejects().map(({ byteOffset, reason }) => [byteOffset, reason]));
  if (reasons.size > 0) {
    const names = Object.entries(RejectReason).filter(([, reason]) => [...reasons.values()].includes(reason));
    const words = names.map(([name]) => name.toLowerCase().replaceAll('_', ' '));
    doubts.push({
      code: 'ROWS_REJECTED',
      message: `${reasons.size} of the first ${records.length} rows will be rejected: ${words.join(', ')}.`,
    });
  }
  return {
    dialect: detection.dialect,
    rows: records.map(({ offset, fields }) => ({ fields, rejectReason: reasons.get(offset) ?? 0 })),
    doubts,
  };
}

/** Without a character at the end of which only a part is there. */
function withoutCutCharacter(text: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? text.subarray(0, text.length - back) : text;
  }
  return text;
}
