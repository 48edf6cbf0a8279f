import { resumeTranscoder, startTranscoder, type Transcoder, UTF_8 } from '../encoding.ts';
import { KernelError, type KernelReject, type ReadPlan } from '../kernel.ts';
import { PIECE_BYTES } from '../wasm/memory-layout.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';
import { likelyStart } from './likely-start.ts';
import { LineEnds } from './line-ends.ts';

/** A text of known length that can be read anywhere, by several readers at once. */
export interface Text {
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
  /** Why the part could not be read, if its start is right. */
  failure: KernelError | undefined;
}

/** How parts of a text are read: all of them alike. */
export interface PartPlan {
  plan: ReadPlan;
  /** The encoding of the text. Places in it are those of its bytes as they are. */
  encoding: string;
}

/** Bytes behind the end of a part that are looked at together, until its last record ends. */
const TAIL_BYTES = 4 * 1024;

/**
 * Reads a part with a kernel of its own, from its first record to the end of its last one, wherever that is.
 *
 * @param start undefined to guess it: whoever knows the end of the part before tells whether the guess holds
 * @throws KernelError `SOURCE_CHANGED` if the text is shorter than it was; what the text throws
 */
export async function readPart(
  text: Text,
  { plan, encoding }: PartPlan,
  { from, to }: PartRange,
  start?: PartStart,
): Promise<Part> {
  const begin = start ?? { at: await likelyStart(text, { plan, encoding }, from), isHeaderAwaited: false };
  if (begin.at > to) return { start: begin, end: begin, state: new Uint8Array(0), rejects: [], failure: undefined };
  const reader = new PartReading(text, plan, encoding, begin);
  try {
    await reader.readTo(to);
    return { start: begin, ...(await reader.readTail()), failure: undefined };
  } catch (error) {
    if (!(error instanceof KernelError) || error.code === 'SOURCE_CHANGED') throw error;
    return { start: begin, end: begin, state: new Uint8Array(0), rejects: [], failure: error };
  }
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
    const isAsItIs = this.#transcoder.encoding === UTF_8;
    const piece = isAsItIs ? undefined : new Uint8Array(Math.min(PIECE_BYTES, Math.max(0, to - this.#at)));
    while (this.#at < to) {
      const wanted = Math.min(PIECE_BYTES, to - this.#at);
      const room = piece?.subarray(0, wanted) ?? kernel.reserve(wanted);
      const length = await this.#text.read(this.#at, room);
      if (length === 0) throw sourceChanged();
      if (isAsItIs) kernel.take(length);
      else kernel.push(this.#transcoder.write(room.subarray(0, length)));
      this.#at += length;
    }
  }

  /** Reads on line by line until no record is open. */
  async readTail(): Promise<Pick<Part, 'end' | 'state' | 'rejects'>> {
    const bytes = new Uint8Array(TAIL_BYTES);
    while (this.#at < this.#text.size) {
      const length = await this.#text.read(
        this.#at,
        bytes.subarray(0, Math.min(TAIL_BYTES, this.#text.size - this.#at)),
      );
      if (length === 0) throw sourceChanged();
      if (this.#takeLines(bytes.subarray(0, length))) return this.#ended();
    }
    this.#kernel.push(this.#transcoder.end());
    this.#kernel.finish();
    return this.#ended();
  }

  /** Takes lines up to one that ends a record. @returns whether one does */
  #takeLines(bytes: Uint8Array): boolean {
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

  #ended(): Pick<Part, 'end' | 'state' | 'rejects'> {
    return {
      end: { at: this.#at, isHeaderAwaited: this.#kernel.isHeaderAwaited },
      state: this.#kernel.checkpoint(),
      rejects: this.#kernel.takeRejects(),
    };
  }
}

/** The error of a file that lost bytes while it was read. */
export function sourceChanged(): KernelError {
  return new KernelError('SOURCE_CHANGED', 'the file became shorter while it was read: start again');
}
