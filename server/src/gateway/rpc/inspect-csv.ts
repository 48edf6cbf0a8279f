import { create } from '@bufbuild/protobuf';
import {
  ColumnKind,
  type InspectCsvRequest,
  type InspectCsvResponse,
  InspectCsvResponseSchema,
} from '#gen/tallystream/v1/gateway_pb.ts';
import type { RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { inspectSample } from '../../../../kernel/analysis/analysis.ts';
import { toAnalysisOptions, toDialect, toDoubt } from '../../process-csv/kernel-messages.ts';
import { Starts } from '../../queue/starts.ts';
import { ByteMarks } from '../../unpack/byte-marks.ts';
import { CutOff } from '../../unpack/packed-format.ts';
import { inChunks, inPieces, readPacking } from '../../unpack/packing.ts';
import { unpacked } from '../../unpack/unpacked.ts';
import { isGzipName } from '../jobs/new-upload.ts';

/** Bytes that the detection looks at. */
export const SAMPLE_BYTES = 64 * 1024;

/**
 * After a detection the thread is left to others for so many times as long, while more are wanted: each takes 10 to 30 ms
 * of the thread that serves everybody.
 */
const REST = 4;

type Inspect = (request: InspectCsvRequest, caller: string, signal: AbortSignal) => Promise<InspectCsvResponse>;

/**
 * Returns InspectCsv: says how a file is written, by the same code that the processor reads it with. Detections have
 * turns, one of each caller.
 *
 * @throws {@link TallyError} for options that do not fit the sample; as `unpacked`
 */
export function createInspect(limits: { maxDepartments: number }): Inspect {
  let restUntil = 0;
  // The one before is done when everything that it has set off was looked at.
  const later = (work: () => void) => setImmediate(() => setTimeout(work, Math.max(0, restUntil - performance.now())));
  const turns = new Starts<string>({ later, perTurn: 1 });
  return async ({ sample, filename, options, complete }, caller, signal) => {
    const text = await startOfText(sample, filename, complete);
    const bytes = text.bytes.subarray(0, SAMPLE_BYTES);
    const isWhole = text.isWhole && bytes.length === text.bytes.length;
    await turns.turn(caller, signal);
    const startedAt = performance.now();
    try {
      return toResponse(inspectSample(bytes, isWhole, toAnalysisOptions(options, limits.maxDepartments)));
    } finally {
      const endedAt = performance.now();
      restUntil = endedAt + REST * (endedAt - startedAt);
    }
  };
}

const KINDS = {
  none: ColumnKind.UNSPECIFIED,
  text: ColumnKind.TEXT,
  number: ColumnKind.NUMBER,
  date: ColumnKind.DATE,
};

function toResponse({ dialect, rows, doubts, columns }: ReturnType<typeof inspectSample>): InspectCsvResponse {
  return create(InspectCsvResponseSchema, {
    dialect: toDialect(dialect),
    doubts: doubts.map(toDoubt),
    rows: rows.map(({ fields, rejectReason, isFiltered }) => ({
      fields,
      rejectReason: rejectReason as RejectReason,
      filtered: isFiltered,
    })),
    columnFacts: columns.map(({ kind, ...look }) => ({ ...look, kind: KINDS[kind] })),
  });
}

/** Unpacks as much of a cut-off file as the detection needs, and not more, however much it would be. */
async function startOfText(
  sample: Uint8Array,
  filename: string,
  complete: boolean,
): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const source = async function* () {
    yield sample;
  };
  const { packing, all } = await readPacking(inChunks(source()), isGzipName(filename));
  if (packing === 'none') return { bytes: sample, isWhole: complete };
  const parts: Uint8Array[] = [];
  let length = 0;
  const limits = { marks: new ByteMarks(), maxBytes: Number.POSITIVE_INFINITY, skip: 0, onTrailingGarbage() {} };
  try {
    for await (const part of unpacked(packing, inPieces(all), limits)) {
      parts.push(part);
      length += part.length;
      if (length >= SAMPLE_BYTES) return { bytes: Buffer.concat(parts), isWhole: false };
    }
    return { bytes: Buffer.concat(parts), isWhole: complete };
  } catch (error) {
    if (error instanceof CutOff && !complete && length > 0) return { bytes: Buffer.concat(parts), isWhole: false };
    throw error;
  }
}
