import type { FileHandle } from 'node:fs/promises';

/**
 * SQLite's write-ahead log, as far as it tells whether something in it was damaged
 * (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
 */
export interface LogState {
  /** Transactions that SQLite will find. */
  goodTransactions: number;
  /**
   * Whole transactions behind the first damaged frame, which SQLite leaves out without a word. One whose commit is what
   * is damaged is not counted: that alone is the torn end of what was written last.
   */
  lostTransactions: number;
  /** The log's frames from the damaged one on. */
  lostFrames: number;
}

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;
const VERSION = 3_007_000;

type Checksum = readonly [number, number];

/**
 * Reads a log. A transaction that was being written when the process or the machine ended is no damage: its frames come to
 * an end, or no commit follows them. Only whole transactions behind a frame that does not check are counted as lost.
 * Frames of the log's earlier rounds have other salts, and those of a transaction that was rolled back no commit.
 *
 * @param pageBytes the size of the database's pages
 */
export async function readLog(file: FileHandle, pageBytes: number): Promise<LogState> {
  const header = await readAt(file, 0, HEADER_BYTES);
  const first = await readAt(file, HEADER_BYTES, FRAME_HEADER_BYTES);
  if (!header || !first) return { goodTransactions: 0, lostTransactions: 0, lostFrames: 0 };
  const isDamaged = !isGoodHeader(header, pageBytes);
  const isBig = header.readUInt32BE(0) === MAGIC_BIG;
  if (!isDamaged)
    return await readFrames(file, { header, salts: header.subarray(16, 24), pageBytes, isBig, isDamaged });
  // SQLite takes the log for empty then. The first frame knows the salts, too, and the sums tell their order.
  const salts = first.subarray(8, 16);
  const asSaid = await readFrames(file, { header, salts, pageBytes, isBig, isDamaged });
  if (asSaid.lostTransactions > 0) return asSaid;
  return await readFrames(file, { header, salts, pageBytes, isBig: !isBig, isDamaged });
}

interface Frames {
  header: Buffer;
  salts: Buffer;
  pageBytes: number;
  /** The order of the words that the checksums are of. */
  isBig: boolean;
  /** Whether the header is damaged, so that no frame counts. */
  isDamaged: boolean;
}

async function readFrames(file: FileHandle, frames: Frames): Promise<LogState> {
  const { header, salts, pageBytes, isBig } = frames;
  let { isDamaged } = frames;
  const state: LogState = { goodTransactions: 0, lostTransactions: 0, lostFrames: 0 };
  let sum = storedChecksum(header, 24);
  let other: Checksum | undefined;
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  for (let position = HEADER_BYTES; ; position += frameBytes) {
    const frame = await readAt(file, position, frameBytes);
    if (!frame) break;
    const isOwn = frame.subarray(8, 16).equals(salts);
    const isCommit = isOwn && frame.readUInt32BE(4) !== 0;
    const stored = storedChecksum(frame, 16);
    const computed = frameChecksum(sum, frame, isBig);
    const isGood =
      isOwn && (isEqual(computed, stored) || (other && isEqual(frameChecksum(other, frame, isBig), stored)));
    // The frames behind a damaged one go on from the sum that is written in it, or from that of its content: one is right.
    sum = stored;
    other = isGood ? undefined : computed;
    if (!isDamaged && isGood) {
      if (isCommit) state.goodTransactions++;
      continue;
    }
    isDamaged = true;
    if (isOwn) state.lostFrames++;
    if (isCommit && isGood) state.lostTransactions++;
  }
  return state;
}

function isGoodHeader(header: Buffer, pageBytes: number): boolean {
  const magic = header.readUInt32BE(0);
  const isKnown = (magic === MAGIC_LITTLE || magic === MAGIC_BIG) && header.readUInt32BE(4) === VERSION;
  const sum = checksum([0, 0], header.subarray(0, 24), magic === MAGIC_BIG);
  return isKnown && header.readUInt32BE(8) === pageBytes && isEqual(sum, storedChecksum(header, 24));
}

function frameChecksum(sum: Checksum, frame: Buffer, isBig: boolean): Checksum {
  return checksum(checksum(sum, frame.subarray(0, 8), isBig), frame.subarray(FRAME_HEADER_BYTES), isBig);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytesRead === length ? bytes : undefined;
}

function storedChecksum(bytes: Buffer, at: number): Checksum {
  return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
}

function isEqual(a: Checksum, b: Checksum): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** The sums of section 4.2 of the format, over words of the order that the magic number says. */
function checksum([first, second]: Checksum, bytes: Buffer, isBig: boolean): Checksum {
  let [a, b] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
    b = (b + (isBig ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}
