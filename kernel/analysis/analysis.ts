import type { KernelCourse } from '../course.ts';
import { type Dialect, detectDialect } from '../detect/dialect.ts';
import { encodingDoubts } from '../detect/sample-doubts.ts';
import { SAMPLE_BYTES } from '../detect/sample-records.ts';
import type { Doubt } from '../doubt.ts';
import { doubtsOf, noRowPasses } from '../doubts/end-doubts.ts';
import { brokenNamesDoubt, similarNamesDoubt, totalRowDoubt } from '../doubts/name-doubts.ts';
import { openText, resumeTranscoder, startTranscoder, type Transcoder, UTF_8 } from '../encoding.ts';
import { noEvidence } from '../evidence.ts';
import { refuseWhatIsNoCsv } from '../file-kind/file-kind.ts';
import {
  type EncodeTotals,
  KernelError,
  type KernelReject,
  type KernelSnapshot,
  type KernelTotal,
  MAX_RECORD_BYTES,
  REJECT_REASONS,
  type ReadPlan,
  type ResumableKernel,
} from '../kernel.ts';
import { type AnalysisOptions, type CheckedOptions, checkOptions, quotedStart } from '../options.ts';
import { PartChain } from '../parts/part-chain.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';
import type { SampleFindings } from './checkpoint-facts.ts';
import { packCheckpoint, unpackCheckpoint } from './checkpoint-format.ts';
import { decideDateOrders } from './date-orders.ts';
import { type FileInParts, isCuttable, partPlanOf, rangesOf } from './file-parts.ts';
import { beginsWith, type FileStart, fileStart, headerBytes, headerDiffers, openFurtherFile } from './further-file.ts';
import { HeadBuffer } from './head-buffer.ts';

export type { Dialect } from '../detect/dialect.ts';
export { SAMPLE_BYTES } from '../detect/sample-records.ts';
export type { AnalysisOptions } from '../options.ts';
export { inspectSample } from './inspect-sample.ts';

/** Makes the kernel for a file, or one that goes on from a state. */
type CreateKernel = (plan: ReadPlan, state?: Uint8Array) => ResumableKernel;

const NO_BYTES = new Uint8Array(0);
/** The findings before the head of a file is examined. */
const NO_FINDINGS: SampleFindings = {
  doubts: [],
  isDecimalAssumed: false,
  isDecimalDetected: false,
  skipped: { lines: 0, bytes: 0 },
};
/** The plan for a file without records: the kernel only counts its blank lines. */
const BLANK_PLAN = { delimiter: 44, quote: 34, decimalSeparator: 46, groupSeparator: 44 } as const;

/**
 * Analyses one file. It takes the raw bytes, in any encoding and cut anywhere, and gives totals per department.
 *
 * The dialect is detected from the first 64 KiB. If they hold no whole record, it is detected from the first 1 MiB. A
 * shorter file is taken whole. The bytes are held back until then; after that, memory is O(departments).
 */
export class CsvAnalysis {
  readonly #options: CheckedOptions;
  readonly #createKernel: CreateKernel;
  readonly #head = new HeadBuffer(MAX_RECORD_BYTES);
  #headTargetBytes = SAMPLE_BYTES;
  #transcoder: Transcoder | undefined;
  #kernel: ResumableKernel | undefined;
  /** The parts that take the place of the kernel. */
  #parts: PartChain | undefined;
  #plan: ReadPlan | undefined;
  #dialect: Dialect | undefined;
  #findings: SampleFindings = NO_FINDINGS;
  #endDoubts: Doubt[] = [];
  #bytes = 0;
  /** Where the records of each file begin: of the first, and of those that were added. */
  #files: FileStart[] = [{ encoding: UTF_8, from: 0, textBytes: 0, lines: 0 }];
  /** The bytes of the first file to the end of its header, if that says enough about files that begin so. */
  #header: Uint8Array | undefined;
  /** The files' names, if they are read in parts. */
  #names: readonly string[] = [];
  #isResumed = false;

  /**
   * @param setup.resume an earlier {@link checkpoint} to go on from; only the limits among the options may differ
   * @throws KernelError `OPTION_INVALID`, `ENCODING_UNKNOWN`, `CHECKPOINT_INVALID`, `OUT_OF_MEMORY`
   */
  constructor(options: AnalysisOptions, setup: { resume?: Uint8Array; createKernel?: CreateKernel } = {}) {
    this.#options = checkOptions(options);
    this.#createKernel = setup.createKernel ?? ((plan, state) => new WasmKernel(plan, state));
    if (setup.resume) this.#restore(setup.resume);
  }

  /**
   * Takes the next bytes of the file, which are not used after the call.
   *
   * @throws KernelError any code but `ENCODING_UNKNOWN`; `OPTION_INVALID` only for options that do not go together. No
   *   further call may follow an error.
   */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    let at = 0;
    while (!this.#kernel && at < chunk.length) {
      // Detection always gets the same number of bytes: it must not depend on how the file arrives.
      const to = Math.min(chunk.length, at + this.#headTargetBytes - this.#head.length);
      this.#head.append(chunk, at, to);
      at = to;
      if (this.#head.length === this.#headTargetBytes) this.#start(false);
    }
    if (at < chunk.length) this.#kernel?.push(this.#transcoder!.write(at === 0 ? chunk : chunk.subarray(at)));
  }

  /**
   * Says that the file has ended.
   *
   * @throws KernelError as {@link push}
   */
  finish(): void {
    if (this.#parts && !this.#parts.isDone) throw new Error('not all parts of the file are merged');
    if (!this.#parts) {
      if (!this.#kernel) this.#start(true);
      else this.#kernel.push(this.#transcoder!.end());
      this.#kernel!.finish();
    }
    this.#endDoubts = this.#doubtsAtEnd();
  }

  /** Says that the head of the first of several files is all of it. */
  decide(): void {
    if (!this.#kernel) this.#start(true, true);
  }

  /** Whether it is known how the file is read: the head has come. */
  get isDecided(): boolean {
    return this.#kernel !== undefined;
  }

  /**
   * Takes a further file into the data set, once {@link isDecided}. It is read as the first one is, in its own encoding.
   *
   * @param head its first bytes
   * @param isComplete whether that is all of it
   * @returns whether that was enough of it; if not, it is asked again with more
   * @throws KernelError `HEADER_DIFFERS`
   */
  addFile(name: string, head: Uint8Array, isComplete: boolean): boolean {
    if (this.#header && beginsWith(head, isComplete, this.#header)) {
      this.#files.push(this.#files[0]!);
      return true;
    }
    const found = openFurtherFile(head, isComplete, {
      options: this.#options,
      dialect: this.#dialect,
      plan: this.#plan!,
    });
    if (found === 'more') return false;
    if (found === 'differs' || 'columns' in found) throw headerDiffers(name, this.#dialect, found);
    this.#files.push(found);
    for (const doubt of found.doubts) {
      if (this.#findings.doubts.every(({ code }) => code !== doubt.code)) {
        const message = `In ${quotedStart(name)}: ${doubt.message}`;
        this.#findings = { ...this.#findings, doubts: [...this.#findings.doubts, { ...doubt, message }] };
      }
    }
    return true;
  }

  /**
   * Has all files read in parts, instead of by further calls of {@link push}, once {@link isDecided}. Everything else is as
   * before: figures, rejects and checkpoints are of the parts that are merged, and {@link finish} is called when all are.
   *
   * @param files the first one, and those that were added, in that order
   * @param partBytes about how large a part is to be before which so many bytes are left
   * @returns the parts that are wanted; undefined for a single file that cannot be cut: go on with {@link push}
   */
  inParts(files: readonly FileInParts[], partBytes: (left: number) => number): PartChain | undefined {
    if (!this.#plan || !this.#transcoder) return undefined;
    const begun = this.#begunKernel();
    if (files.length === 1 && (!isCuttable(this.#files[0]!, files[0]!) || !begun)) return undefined;
    const plans = files.map((file, index) => partPlanOf(this.#plan!, this.#files[index]!, file));
    let behind = files.reduce((sum, { size }) => sum + size, 0);
    const ranges = files.flatMap(({ size }, text) => {
      behind -= size;
      const from = text === 0 && begun !== 'new' ? this.#bytes : this.#files[text]!.from;
      if (plans[text]!.whole) return [{ text, from: 0, to: size }];
      return rangesOf(text, from, size, (left) => partBytes(left + behind));
    });
    this.#parts = new PartChain(plans, ranges, begun instanceof WasmKernel ? begun : undefined);
    this.#names = files.map(({ name }) => name);
    return this.#parts;
  }

  /** The kernel from which parts go on: a new one for each, one that has read up to the end of a record, or none. */
  #begunKernel(): WasmKernel | 'new' | undefined {
    if (!this.#isResumed) return 'new';
    const kernel = this.#kernel;
    const isBetween = kernel instanceof WasmKernel && !kernel.isInRecord && !kernel.isAfterCr;
    return isBetween && this.#transcoder!.held.length === 0 ? kernel : undefined;
  }

  /** Raw bytes of the file so far. */
  get bytes(): number {
    return this.#parts?.bytes ?? this.#bytes;
  }

  /** The dialect of the file; undefined until it is detected, and always for a file without records. */
  get dialect(): Dialect | undefined {
    return this.#dialect;
  }

  /** The doubts so far. @param snapshot the current {@link snapshot} */
  doubts(snapshot: KernelSnapshot): Doubt[] {
    if (!this.#plan) return [];
    const { doubts, skipped: _, ...decimal } = this.#findings;
    const reading = { plan: this.#plan, ...decimal, placeOf: (line: number) => this.#placeOf(line) };
    return [...doubts, ...doubtsOf(snapshot, reading), ...this.#endDoubts];
  }

  /** As {@link Kernel.snapshot}; all zero until the dialect is known. */
  snapshot(topCount: number): KernelSnapshot {
    return this.#reader?.snapshot(topCount) ?? emptySnapshot();
  }

  /** As {@link ResumableKernel.course}. */
  course(): KernelCourse | undefined {
    return this.#reader?.course();
  }

  /**
   * As {@link Kernel.takeRejects}, with lines and offsets from the start of the file. Offsets include a UTF-8 byte order
   * mark. For a file in another encoding they count bytes of its text in UTF-8.
   */
  takeRejects(): KernelReject[] {
    const rejects = this.#reader?.takeRejects() ?? [];
    for (const reject of rejects) {
      const { textBytes, lines } = this.#files[reject.text ?? 0]!;
      reject.byteOffset += textBytes;
      reject.line += lines;
    }
    return rejects;
  }

  /** `line 7`, and of which file if there are several. */
  #placeOf(line: number): string {
    const place = this.#parts?.placeOf(line) ?? { text: 0, line };
    const inFile = place.line + (this.#files[place.text]?.lines ?? 0);
    return this.#names.length > 1 ? `line ${inFile} of ${quotedStart(this.#names[place.text]!)}` : `line ${inFile}`;
  }

  /** As {@link Kernel.totals}. */
  totals(batchSize: number): Iterable<KernelTotal[]> {
    return this.#reader?.totals(batchSize) ?? [];
  }

  /** As {@link ResumableKernel.encodedTotals}. */
  encodedTotals(batchSize: number, encode: EncodeTotals): Iterable<Uint8Array<ArrayBuffer>> {
    return this.#reader?.encodedTotals(batchSize, encode) ?? [];
  }

  /**
   * Returns the state, from which another instance of the same version can go on. Its size is proportional to the number
   * of departments. The next byte of the file is then the one at {@link bytes}. Rejects that were not taken are not part
   * of it: take them first. This instance can go on too, until it is finished.
   */
  checkpoint(): Uint8Array {
    return packCheckpoint({
      facts: {
        options: readingKey(this.#options),
        bytes: this.bytes,
        markBytes: this.#files[0]!.textBytes - this.#findings.skipped.bytes,
        headBytes: this.#headTargetBytes,
        dialect: this.#dialect,
        ...this.#findings,
        plan: this.#plan,
        encoding: this.#transcoder?.encoding ?? '',
      },
      head: this.#head.bytes.subarray(0, this.#head.length),
      // Parts end between two records, and so between two characters.
      held: (this.#parts ? undefined : this.#transcoder?.held) ?? NO_BYTES,
      kernel: this.#reader?.checkpoint() ?? NO_BYTES,
    });
  }

  #restore(state: Uint8Array): void {
    const { facts, head, held, kernel } = unpackCheckpoint(state);
    if (facts.options !== readingKey(this.#options)) {
      throw new KernelError(
        'CHECKPOINT_INVALID',
        'the checkpoint was made with different options; use the same ones, or start from the first byte of the file',
      );
    }
    this.#bytes = facts.bytes;
    this.#isResumed = true;
    this.#headTargetBytes = facts.headBytes;
    this.#dialect = facts.dialect;
    const { doubts, isDecimalAssumed, isDecimalDetected, skipped } = facts;
    this.#findings = { doubts, isDecimalAssumed, isDecimalDetected, skipped };
    this.#files = [fileStart(facts.encoding || UTF_8, facts.markBytes, skipped)];
    this.#head.append(head, 0, head.length);
    if (!facts.plan) return;
    const { maxDepartments, maxRejects } = this.#options;
    // The limits come from this program and not from the checkpoint: they determine the memory.
    this.#plan = { ...facts.plan, maxRecordBytes: MAX_RECORD_BYTES, maxDepartments, maxRejects };
    const { encoding, bytes } = facts;
    this.#transcoder = bytes === 0 ? startTranscoder(encoding) : resumeTranscoder(encoding, Uint8Array.from(held));
    this.#kernel = this.#createKernel(this.#plan, kernel);
  }

  /**
   * Makes the kernel from the head of the file, or decides to wait for more of it.
   *
   * @param isComplete whether that is all of the file
   * @param isFirst whether other files follow, which may hold what this one does not
   */
  #start(isComplete: boolean, isFirst = false): void {
    const head = this.#head.bytes.subarray(0, this.#head.length);
    if (this.#options.encoding === undefined) refuseWhatIsNoCsv(head);
    const opened = openText(head, isComplete, this.#options.encoding);
    const { encoding, text, markBytes, transcoder } = opened;
    const detection = detectDialect({ text, isComplete }, this.#options, encoding, false);
    if (!('kind' in detection)) {
      const { dialect, isDecimalAssumed, isDecimalDetected } = detection;
      const decided = decideDateOrders(detection.plan, text.subarray(detection.skippedBytes), isComplete && !isFirst);
      this.#dialect = dialect;
      this.#plan = decided.plan;
      const doubts = [...encodingDoubts(opened), ...detection.doubts, ...decided.doubts];
      const skipped = { lines: dialect.skipLines, bytes: detection.skippedBytes };
      this.#findings = { doubts, isDecimalAssumed, isDecimalDetected, skipped };
    } else if (isComplete) {
      this.#plan = this.#blankPlan();
      this.#findings = { ...NO_FINDINGS, skipped: detection.skipped };
    } else if (this.#headTargetBytes < MAX_RECORD_BYTES) {
      this.#headTargetBytes = MAX_RECORD_BYTES;
      return;
    } else {
      const what = detection.kind === 'all-blank' ? 'hold only blank lines' : 'hold no whole record';
      throw new KernelError(
        'HEADER_TOO_LONG',
        `the first ${MAX_RECORD_BYTES} bytes of the file ${what}; check the quote, the encoding, and that it is a CSV`,
      );
    }
    this.#kernel = this.#createKernel(this.#plan);
    this.#transcoder = transcoder;
    this.#files = [fileStart(transcoder.encoding, markBytes, this.#findings.skipped)];
    this.#header = headerBytes(head, this.#files[0]!, this.#plan);
    this.#kernel.push(text.subarray(this.#findings.skipped.bytes));
    this.#head.release();
  }

  get #reader(): Omit<ResumableKernel, 'push' | 'finish'> | undefined {
    return this.#parts ?? this.#kernel;
  }

  #doubtsAtEnd(): Doubt[] {
    const { rows, rowsRejected, rowsFiltered, total } = this.#reader!.snapshot(0);
    if (rows + rowsRejected === 0 && rowsFiltered > 0) return [noRowPasses(rowsFiltered)];
    if (rows + rowsRejected === 0) {
      return [{ code: 'NO_ROWS', message: 'The file has no rows, at most a header; there is nothing to total.' }];
    }
    const { totals, similar, broken } = this.#reader!.names(total);
    return [totalRowDoubt(totals, total), similarNamesDoubt(similar), brokenNamesDoubt(broken)].filter(
      (doubt) => doubt !== undefined,
    );
  }

  #blankPlan(): ReadPlan {
    const { trim, maxDepartments, maxRejects } = this.#options;
    return {
      ...BLANK_PLAN,
      hasHeader: false,
      columnCount: 2,
      departmentIndex: 0,
      amountIndex: 1,
      currency: '',
      isAnyGroup: false,
      allowNegative: false,
      trim,
      maxRecordBytes: MAX_RECORD_BYTES,
      maxDepartments,
      maxRejects,
    };
  }
}

/** Returns as JSON the options that must equal those of the checkpoint: all but the limits. */
function readingKey({ maxDepartments, maxRejects, ...reading }: CheckedOptions): string {
  return JSON.stringify(reading);
}

function emptySnapshot(): KernelSnapshot {
  return {
    rows: 0,
    rowsRejected: 0,
    rejectedByReason: new Array(REJECT_REASONS).fill(0),
    rejectsReported: 0,
    rowsFiltered: 0,
    blankLines: 0,
    departments: 0,
    total: 0n,
    totalScale: 0,
    evidence: noEvidence(),
    top: [],
  };
}
