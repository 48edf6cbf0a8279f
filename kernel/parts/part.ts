import { LF } from '../ascii.ts';
import { resumeTranscoder, startTranscoder, type Transcoder, UTF_8 } from '../encoding.ts';
import { KernelError, type KernelReject, type ReadPlan } from '../kernel.ts';
import { PIECE_BYTES } from '../wasm/memory-layout.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';
import { likelyStart } from './likely-start.ts';
import { LineEnds } from './line-ends.ts';

/** A text of known length that can be read anywhere, by several readers at once. */
export interface Text {
  /** The name for users. */
  readonly name?: string;
  /** Bytes, those before the first record included. */
  readonly size: number;
  /**
   * Reads from a position on.
   *
   * @returns how many bytes it has put into the target: as many as fit into it, fewer only at the end of the text
   */
  read(position: number, target: Uint8Array): number | Promise<number>;
}

/**
 * The bytes of a text that a part stands for. Its records are those that begin behind `from` and not behind `to`, so that
 * every record belongs to one part wherever the text is cut; the first part has the one that begins at `from`, too.
 */
export interface PartRange {
  /** Which text, where there are several: its place among them. */
  text: number;
  from: number;
  to: number;
}

/** The place where a part begins. */
export interface PartStart {
  /** The first byte of a record. */
  at: number;
  /** Whether that record, if it is not blank, names the columns. */
  isHeaderAwaited: boolean;
}

/** A part that has been read. */
export interface Part {
  start: PartStart;
  /** The place where the part behind it has to begin. */
  end: PartStart;
  /** A checkpoint of its kernel; empty if no record begins in the part. */
  state: Uint8Array;
  /** The lines and offsets count from the start of the part. */
  rejects: KernelReject[];
  /** Whether there are more rejected rows than these. */
  isRejectsCut: boolean;
  /** Why the part could not be read, if its start is right. */
  failure: KernelError | undefined;
}

/** How parts of a text are read: all of them alike. */
export interface PartPlan {
  plan: ReadPlan;
  /** The encoding of the text. Places in it are those of its bytes as they are. */
  encoding: string;
  /** Of a text that one reader reads from its start to its end: the bytes of it, in UTF-8, that are left out at the start. */
  whole?: { skipBytes: number };
}

/** Bytes behind the end of a part that are looked at together, until its last record ends. */
const TAIL_BYTES = 4 * 1024;
/** The same, once the record has turned out to be a long one. */
const BLOCK_BYTES = 128 * 1024;
const TEXT_LINES = new LineEnds(UTF_8);

/**
 * Reads a part with a kernel of its own, from its first record to the end of its last one, wherever that is.
 *
 * @param start undefined to guess it: the end of the part before tells whether the guess holds
 * @param maxRejects of the rejected rows that the part hands out; all are counted
 * @throws KernelError `SOURCE_CHANGED` if the text is shorter than it was; what the text throws
 */
export async function readPart(
  text: Text,
  { plan, encoding }: PartPlan,
  { from, to }: PartRange,
  start?: PartStart,
  maxRejects = plan.maxRejects,
): Promise<Part> {
  const begin = start ?? { at: await likelyStart(text, { plan, encoding }, from), isHeaderAwaited: false };
  if (begin.at > to) return nothingOf(begin, undefined);
  const reader = new PartReading(text, { ...plan, maxRejects }, encoding, begin);
  try {
    await reader.readTo(to);
    const end = await reader.readTail();
    return { start: begin, end, ...reader.result(), failure: undefined };
  } catch (error) {
    if (!(error instanceof KernelError) || error.code === 'SOURCE_CHANGED') throw error;
    return nothingOf(begin, error);
  }
}

/**
 * Reads a text that is one part, as it comes.
 *
 * @throws as {@link readPart}; what the chunks throw
 */
export async function readWhole(
  chunks: AsyncIterable<Uint8Array>,
  { plan, encoding, whole }: PartPlan,
  maxRejects = plan.maxRejects,
): Promise<Part> {
  const start = { at: 0, isHeaderAwaited: plan.hasHeader };
  const kernel = new WasmKernel({ ...plan, maxRejects });
  const transcoder = startTranscoder(encoding);
  let skip = whole?.skipBytes ?? 0;
  let at = 0;
  const push = (text: Uint8Array) => {
    kernel.push(text.subarray(skip));
    skip = Math.max(0, skip - text.length);
  };
  try {
    for await (const chunk of chunks) {
      at += chunk.length;
      push(transcoder.write(chunk));
    }
    push(transcoder.end());
    kernel.finish();
    const end = { at, isHeaderAwaited: kernel.isHeaderAwaited };
    return { start, end, ...resultOf(kernel), failure: undefined };
  } catch (error) {
    if (!(error instanceof KernelError) || error.code === 'SOURCE_CHANGED') throw error;
    return nothingOf(start, error);
  }
}

function resultOf(kernel: WasmKernel): Pick<Part, 'state' | 'rejects' | 'isRejectsCut'> {
  const { rowsRejected, rejectsReported } = kernel.snapshot(0);
  return {
    state: kernel.checkpoint(),
    rejects: kernel.takeRejects(),
    isRejectsCut: rejectsReported < rowsRejected,
  };
}

function nothingOf(start: PartStart, failure: KernelError | undefined): Part {
  return { start, end: start, state: new Uint8Array(0), rejects: [], isRejectsCut: false, failure };
}

class PartReading {
  readonly #text: Text;
  readonly #kernel: WasmKernel;
  readonly #transcoder: Transcoder;
  readonly #lineEnds: LineEnds;
  #at: number;

  constructor(text: Text, plan: ReadPlan, encoding: string, { at, isHeaderAwaited }: PartStart) {
    this.#text = text;
    this.#kernel = new WasmKernel({ ...plan, hasHeader: isHeaderAwaited });
    this.#transcoder = at === 0 ? startTranscoder(encoding) : resumeTranscoder(encoding, new Uint8Array(0));
    this.#lineEnds = new LineEnds(encoding);
    this.#at = at;
  }

  /** Reads up to a byte, wherever that is. */
  async readTo(to: number): Promise<void> {
    const kernel = this.#kernel;
    const piece = this.#isAsItIs ? undefined : new Uint8Array(Math.min(PIECE_BYTES, Math.max(0, to - this.#at)));
    while (this.#at < to) {
      const wanted = Math.min(PIECE_BYTES, to - this.#at);
      const room = piece?.subarray(0, wanted) ?? kernel.reserve(wanted);
      const length = await this.#text.read(this.#at, room);
      if (length === 0) throw sourceChanged(this.#text.name);
      if (piece) kernel.push(this.#transcoder.write(room.subarray(0, length)));
      else kernel.take(length);
      this.#at += length;
    }
  }

  /** Reads on until no record is open: to the end of the one that is, or of the one that begins here. */
  async readTail(): Promise<PartStart> {
    if (!this.#kernel.isInRecord && (await this.#readLine())) return this.#place();
    while (this.#at < this.#text.size) {
      const isEnded = !this.#kernel.isInRecord
        ? await this.#readLine()
        : this.#isAsItIs
          ? await this.#readRecordEnd()
          : await this.#readTranscodedEnd();
      if (isEnded) return this.#place();
    }
    this.#kernel.push(this.#transcoder.end());
    this.#kernel.finish();
    return this.#place();
  }

  result(): Pick<Part, 'state' | 'rejects' | 'isRejectsCut'> {
    return resultOf(this.#kernel);
  }

  /** Whether the bytes of the file are the text. */
  get #isAsItIs(): boolean {
    return this.#transcoder.encoding === UTF_8;
  }

  #place(): PartStart {
    return { at: this.#at, isHeaderAwaited: this.#kernel.isHeaderAwaited };
  }

  /** Reads to the end of the open record, or a piece of it. @returns whether the record has ended */
  async #readRecordEnd(): Promise<boolean> {
    const kernel = this.#kernel;
    const length = await this.#text.read(this.#at, kernel.reserve(Math.min(PIECE_BYTES, this.#text.size - this.#at)));
    if (length === 0) throw sourceChanged(this.#text.name);
    this.#at += kernel.takeRecordEnd(length);
    if (kernel.isInRecord) return false;
    // The LF of a CRLF belongs to it.
    const next = new Uint8Array(1);
    if (
      kernel.isAfterCr &&
      this.#at < this.#text.size &&
      (await this.#text.read(this.#at, next)) === 1 &&
      next[0] === LF
    ) {
      kernel.push(next);
      this.#at++;
    }
    return true;
  }

  /** The same for a text that is transcoded: places in the file are found again by their lines. */
  async #readTranscodedEnd(): Promise<boolean> {
    const room = new Uint8Array(Math.min(BLOCK_BYTES, this.#text.size - this.#at));
    const bytes = room.subarray(0, await this.#text.read(this.#at, room));
    if (bytes.length === 0) throw sourceChanged(this.#text.name);
    const { lines, length } = this.#linesOf(bytes, this.#at + bytes.length >= this.#text.size);
    const text = this.#transcoder.write(bytes.subarray(0, length));
    const kernel = this.#kernel;
    let taken = 0;
    while (taken < text.length && kernel.isInRecord) {
      const part = text.subarray(taken, taken + PIECE_BYTES);
      kernel.reserve(part.length).set(part);
      taken += kernel.takeRecordEnd(part.length);
    }
    if (kernel.isInRecord) {
      this.#at += length;
      return false;
    }
    // The LF of a CRLF belongs to the record.
    if (kernel.isAfterCr && text[taken] === LF) kernel.push(text.subarray(taken, ++taken));
    this.#at += lines[TEXT_LINES.count(text.subarray(0, taken)) - 1]!;
    return true;
  }

  /**
   * The indexes behind all line ends, and how many bytes there are to be taken.
   *
   * @param isLast whether nothing follows that a CR at the end could belong to
   */
  #linesOf(bytes: Uint8Array, isLast: boolean): { lines: number[]; length: number } {
    const lines: number[] = [];
    for (let end = this.#lineEnds.behind(bytes, 0); end !== undefined; end = this.#lineEnds.behind(bytes, end)) {
      // The LF of a CRLF would come with the next bytes: the CR is read again, with them.
      if (end === bytes.length && !isLast && this.#lineEnds.isBehindCr(bytes, end)) {
        return { lines, length: lines.at(-1) ?? end - this.#lineEnds.width };
      }
      lines.push(end);
    }
    return { lines, length: lines.at(-1) ?? bytes.length };
  }

  /** Reads on line by line, some bytes at most. @returns whether a record has ended, and none is open */
  async #readLine(): Promise<boolean> {
    const room = new Uint8Array(Math.min(TAIL_BYTES, this.#text.size - this.#at));
    const bytes = room.subarray(0, await this.#text.read(this.#at, room));
    if (bytes.length === 0 && this.#at < this.#text.size) throw sourceChanged(this.#text.name);
    const start = this.#at;
    const isLast = start + bytes.length >= this.#text.size;
    for (let taken = 0; taken < bytes.length; ) {
      const found = this.#lineEnds.behind(bytes, taken);
      const end = found ?? bytes.length;
      // The LF of a CRLF would come with the next bytes: the CR is read again, with them.
      const isCut =
        found === bytes.length && !isLast && this.#lineEnds.isBehindCr(bytes, end) && found > this.#lineEnds.width;
      const to = isCut ? end - this.#lineEnds.width : end;
      this.#kernel.push(this.#transcoder.write(bytes.subarray(taken, to)));
      taken = to;
      this.#at = start + taken;
      if (isCut) return false;
      if (found !== undefined && !this.#kernel.isInRecord) return true;
    }
    return false;
  }
}

/** The error of a file that changed while it was read. @param name for users, if there are several */
export function sourceChanged(name?: string): KernelError {
  const file = name ? JSON.stringify(name) : 'the file';
  return new KernelError('SOURCE_CHANGED', `${file} changed while it was read: start again when it is complete`);
}
