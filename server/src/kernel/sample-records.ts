import { CR, LF } from './ascii.ts';
import { MAX_RECORD_BYTES } from './kernel.ts';
import { type FieldPlan, RecordFields } from './record-fields.ts';
import { RecordFault, RecordScanner } from './record-scanner.ts';

/** How much of a file its dialect is detected from, in bytes. */
export const SAMPLE_BYTES = 64 * 1024;

/** One record of a sample, in full. */
export interface SampleRecord {
  /** Where it begins, in bytes of the sample. */
  offset: number;
  /** Where it ends, before its line end. */
  end: number;
  /** The fields, unquoted and trimmed, with U+FFFD for what is not UTF-8. */
  fields: string[];
  /** How many of the fields stood in quotes. */
  quotedFields: number;
  fault: RecordFault;
}

/** The first bytes of a file, as UTF-8 text without a byte order mark. */
export interface Sample {
  text: Uint8Array;
  /** Whether this is the whole file, so that its last record is whole too. */
  isComplete: boolean;
}

/** The records of a sample. */
export interface SampleRecords {
  /** The records that are not blank, without one that the sample cuts. */
  records: SampleRecord[];
  /** What there is of the record that the sample cuts. */
  cut: SampleRecord | undefined;
}

/** Reads a sample the way the kernel would: with its scanner and its splitter. */
export function readSampleRecords({ text, isComplete }: Sample, plan: FieldPlan): SampleRecords {
  const scanner = new RecordScanner({ ...plan, maxRecordBytes: MAX_RECORD_BYTES });
  const fields = new RecordFields(plan);
  const records: SampleRecord[] = [];
  let at = 0;
  while (at < text.length) {
    scanner.reset();
    const found = scanner.scan(text, at, text.length);
    const end = found < 0 ? text.length : found;
    // A CR at the very end of the sample ends its record for certain: a LF after it would belong to it.
    const isCut = found < 0 && !isComplete;
    if (found < 0 && isComplete) scanner.end();
    const record = readRecord(text, at, end, fields, scanner.fault);
    if (isCut) return { records, cut: record };
    if (record) records.push(record);
    at = text[end] === CR && text[end + 1] === LF ? end + 2 : end + 1;
  }
  return { records, cut: undefined };
}

/** Undefined for a blank line. */
function readRecord(
  text: Uint8Array,
  offset: number,
  end: number,
  fields: RecordFields,
  fault: RecordFault,
): SampleRecord | undefined {
  fields.open(text, offset, end);
  if (fault === RecordFault.NONE && fields.isBlank()) return undefined;
  const record: SampleRecord = { offset, end, fields: [], quotedFields: 0, fault };
  while (fields.next()) {
    if (fields.quoted) record.quotedFields++;
    record.fields.push(
      Buffer.from(fields.bytes.buffer, fields.bytes.byteOffset + fields.start, fields.end - fields.start).toString(),
    );
  }
  return record;
}
