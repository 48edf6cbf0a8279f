import { type Dialect, detectDialect } from '../detect/dialect.ts';
import { encodingDoubts } from '../detect/sample-doubts.ts';
import { SAMPLE_BYTES, type SampleRecord } from '../detect/sample-records.ts';
import type { Doubt } from '../doubt.ts';
import { doubtsOf } from '../doubts/end-doubts.ts';
import { openText } from '../encoding.ts';
import { refuseWhatIsNoCsv } from '../file-kind/file-kind.ts';
import { KernelError, type ReadPlan, type RejectReason } from '../kernel.ts';
import { type AnalysisOptions, checkOptions } from '../options.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';
import { type ColumnLook, columnLooks } from './column-looks.ts';
import { decideDateOrders } from './date-orders.ts';

/** The most rows an inspection shows. */
const MAX_SAMPLE_ROWS = 20;

/** Findings in the first bytes of a file, for a user who is about to upload it. */
export interface SampleInspection {
  dialect: Dialect;
  /** The first data rows, at most 20. */
  rows: SampleRow[];
  /** The decisions that are not certain, and the doubts that the rows of the sample give rise to. */
  doubts: Doubt[];
  /** In file order. */
  columns: ColumnLook[];
}

/** One row of a sample, its fields unquoted and trimmed. */
export interface SampleRow {
  fields: string[];
  /** Why the row will be rejected, 0 if it counts. */
  rejectReason: RejectReason | 0;
  /** Whether a filter leaves it out. */
  isFiltered: boolean;
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
  const head = sample.subarray(0, SAMPLE_BYTES);
  if (checked.encoding === undefined) refuseWhatIsNoCsv(head);
  const opened = openText(head, isComplete, checked.encoding);
  const detection = detectDialect({ text: opened.text, isComplete }, checked, opened.encoding, true);
  if ('kind' in detection) {
    throw new KernelError('TOO_FEW_COLUMNS', 'the file begins with blank lines only, or is empty; check it');
  }
  const { dialect, rows, skippedBytes, isDecimalAssumed, isDecimalDetected } = detection;
  const decided = decideDateOrders(
    detection.plan,
    opened.text.subarray(skippedBytes, rows.at(-1)?.end ?? skippedBytes),
    isComplete,
  );
  const { plan } = decided;
  const shown = rows.slice(0, MAX_SAMPLE_ROWS);
  // The kernel itself judges the rows, so that the sample never promises what the analysis does not keep.
  const kernel = new WasmKernel({ ...plan, maxDepartments: SAMPLE_BYTES, maxRejects: MAX_SAMPLE_ROWS });
  const last = rows.at(-1);
  kernel.push(opened.text.subarray(skippedBytes, last?.end ?? skippedBytes));
  kernel.finish();
  const snapshot = kernel.snapshot(0);
  const reasons = new Map(kernel.takeRejects().map(({ byteOffset, reason }) => [byteOffset + skippedBytes, reason]));
  const filtered = plan.where ? filteredRows(plan, shown, opened.text) : new Set<number>();
  const placeOf = (line: number) => `line ${line + dialect.skipLines}`;
  const reading = { plan, isDecimalAssumed, isDecimalDetected, placeOf };
  return {
    dialect,
    rows: shown.map(({ offset, fields }, at) => ({
      fields,
      rejectReason: reasons.get(offset) ?? 0,
      isFiltered: filtered.has(at),
    })),
    columns: columnLooks(rows, dialect.columns.length, columnsOf(plan)),
    doubts: [...encodingDoubts(opened), ...detection.doubts, ...decided.doubts, ...doubtsOf(snapshot, reading)],
  };
}

/** Which rows a filter leaves out, each read by a kernel of its own. */
function filteredRows(plan: ReadPlan, rows: readonly SampleRecord[], text: Uint8Array): Set<number> {
  const filtered = new Set<number>();
  for (const [at, { offset, end }] of rows.entries()) {
    const kernel = new WasmKernel({ ...plan, hasHeader: false, maxDepartments: 1, maxRejects: 0 });
    kernel.push(text.subarray(offset, end));
    kernel.finish();
    if (kernel.snapshot(0).rowsFiltered > 0) filtered.add(at);
  }
  return filtered;
}

function columnsOf({ amountIndex, departmentIndex, groups = [], where = [], amounts = [] }: ReadPlan): number[] {
  const operands = amounts.flatMap(({ index, factor = index }) => [index, factor]);
  return [departmentIndex, amountIndex, ...operands, ...[...groups, ...where].map(({ index }) => index)];
}
