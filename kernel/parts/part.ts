import { CR, LF } from '../ascii.ts';
import { KernelError, type KernelReject, type ReadPlan } from '../kernel.ts';
import { PIECE_BYTES } from '../wasm/memory-layout.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';
import { likelyStart } from './likely-start.ts';

/** A text in UTF-8 of known length that can be read anywhere, by several readers at once. */
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

/** Bytes behind the end of a part that are looked at together, until its last record ends. */
const TAIL_BYTES = 4 * 1024;

/**
 * Reads a part with a kernel of its own, from its first record to the end of its last one, wherever that is.
 *
 * @param start undefined to guess it: whoever knows the end of the part before tells whether the guess holds
 * @throws KernelError `SOURCE_CHANGED` if the text is shorter than it was; what the text throws
 */
export async function readPart(text: Text, plan: ReadPlan, { from, to }: PartRange, start?: PartStart): Promise<Part> {
  const begin = start ?? { at: await likelyStart(text, plan, from), isHeaderAwaited: false };
  if (begin.at > to) return { start: begin, end: begin, state: new Uint8Array(0), rejects: [], failure: undefined };
  const kernel = new WasmKernel({ ...plan, hasHeader: begin.isHeaderAwaited });
  let at = begin.at;
  try {
    while (at < to) {
      const room = kernel.reserve(Math.min(PIECE_BYTES, to - at));
      const length = await text.read(at, room);
      if (length === 0) throw sourceChanged();
      kernel.take(length);
      at += length;
    }
    at = await readTail(text, kernel, at);
  } catch (error) {
    if (!(error instanceof KernelError) || error.code === 'SOURCE_CHANGED') throw error;
    return { start: begin, end: begin, state: new Uint8Array(0), rejects: [], failure: error };
  }
  return {
    start: begin,
    end: { at, isHeaderAwaited: kernel.isHeaderAwaited },
    state: kernel.checkpoint(),
    rejects: kernel.takeRejects(),
    failure: undefined,
  };
}

/** Reads on line by line until no record is open. @returns the first byte behind */
async function readTail(text: Text, kernel: WasmKernel, from: number): Promise<number> {
  const bytes = new Uint8Array(TAIL_BYTES);
  for (let at = from; at < text.size; ) {
    const length = await text.read(at, bytes.subarray(0, Math.min(bytes.length, text.size - at)));
    if (length === 0) throw sourceChanged();
    let taken = 0;
    while (taken < length) {
      const end = lineEnd(bytes, taken, length);
      const last = bytes[end - 1];
      // The LF of a CRLF would come with the next bytes: the CR is read again, with them.
      const isCut = last === CR && end === length && length > 1 && at + length < text.size;
      const to = isCut ? end - 1 : end;
      kernel.push(bytes.subarray(taken, to));
      taken = to;
      if (isCut) break;
      if ((last === LF || last === CR) && !kernel.isInRecord) return at + taken;
    }
    at += taken;
  }
  kernel.finish();
  return text.size;
}

/** The index behind the next line end, CRLF counted as one; the length if there is none. */
function lineEnd(bytes: Uint8Array, from: number, length: number): number {
  let at = from;
  while (at < length && bytes[at] !== LF && bytes[at] !== CR) at++;
  if (at === length) return length;
  return bytes[at] === CR && at + 1 < length && bytes[at + 1] === LF ? at + 2 : at + 1;
}

/** The error of a file that lost bytes while it was read. */
export function sourceChanged(): KernelError {
  return new KernelError('SOURCE_CHANGED', 'the file became shorter while it was read: start again');
}
