/**
 * Finds the separators and line ends of many rows at once: 64 bytes at a time become bit masks, and those a list of
 * addresses. Quotes are told from the text inside by the parity of the quotes before them; where they do not stand as
 * RFC 4180 has them, the index ends before, and the scanner takes over.
 */
import { LINE_ENDS, SEPARATORS } from './memory';
import { CR, columnCount, delimiter, LF, quote } from './plan';

const BLOCK_BYTES: usize = 64;
/** Whether a row may hold quotes. */
export let hasQuotes: bool = false;
/** Whether a CR may stand before the LF that ends a row. */
export let hasCrs: bool = false;
/** Whether quotes may hold line breaks. */
export let hasQuotedBreaks: bool = false;

/** The address behind a stretch, and what the block at hand got from the one before: for the masks of quotes. */
let insideBefore: u64 = 0;
let mayOpenBefore: u64 = 0;
let closedBefore: u64 = 0;
/** The masks of a block that holds quotes or CRs. */
let blockSeparators: u64 = 0;
let blockLineEnds: u64 = 0;

/**
 * Indexes `[from, to)`, where `from` is the beginning of a record.
 *
 * @returns how many rows are complete
 */
export function indexSeparators(from: usize, to: usize): u32 {
  const delimiters = i8x16.splat(<u8>delimiter);
  // Read from memory: the engine would make a known constant anew for each block.
  const lfs = i8x16.splat(load<u8>(LINE_ENDS));
  const crs = i8x16.splat(load<u8>(LINE_ENDS, 1));
  // Without a quote, what is looked for anyway.
  const quotes = i8x16.splat(quote < 0 ? CR : <u8>quote);
  hasQuotes = false;
  hasCrs = false;
  hasQuotedBreaks = false;
  insideBefore = 0;
  mayOpenBefore = 1;
  closedBefore = 0;

  store<u32>(SEPARATORS, <u32>from - 1);
  let next: usize = SEPARATORS + 4;
  let rows: u32 = 0;
  for (let at = from; at < to; at += BLOCK_BYTES) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const lfA = i8x16.eq(a, lfs);
    const lfB = i8x16.eq(b, lfs);
    const lfC = i8x16.eq(c, lfs);
    const lfD = i8x16.eq(d, lfs);
    let lineEnds = mask64(lfA, lfB, lfC, lfD);
    let separators = mask64(
      v128.or(lfA, i8x16.eq(a, delimiters)),
      v128.or(lfB, i8x16.eq(b, delimiters)),
      v128.or(lfC, i8x16.eq(c, delimiters)),
      v128.or(lfD, i8x16.eq(d, delimiters)),
    );
    const odd = v128.or(
      v128.or(v128.or(i8x16.eq(a, crs), i8x16.eq(a, quotes)), v128.or(i8x16.eq(b, crs), i8x16.eq(b, quotes))),
      v128.or(v128.or(i8x16.eq(c, crs), i8x16.eq(c, quotes)), v128.or(i8x16.eq(d, crs), i8x16.eq(d, quotes))),
    );
    const rest = to - at;
    const within: u64 = rest < BLOCK_BYTES ? ((<u64>1) << rest) - 1 : ~(<u64>0);
    if (v128.any_true(odd) || (insideBefore | closedBefore) != 0) {
      if (!maskOddBlock(at, separators, lineEnds, within)) break;
      separators = blockSeparators;
      lineEnds = blockLineEnds;
    } else {
      separators &= within;
      lineEnds &= within;
      mayOpenBefore = separators >> 63;
    }
    writeAddresses(next, separators, <u32>at);
    next += (<usize>popcnt(separators)) << 2;
    rows += <u32>popcnt(lineEnds);
  }
  // Addresses of earlier stretches lie behind: none may pass for the end of a row with too few columns.
  memory.fill(next, 0, (<usize>columnCount) << 2);
  return rows;
}

function mask64(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a) | ((<u32>i8x16.bitmask(b)) << 16)) |
    ((<u64>(<u32>i8x16.bitmask(c) | ((<u32>i8x16.bitmask(d)) << 16))) << 32)
  );
}

/**
 * Writes the addresses of the bits, at least twelve: whether there are so many is not worth a branch, which the processor
 * could not foresee.
 */
function writeAddresses(to: usize, bits: u64, base: u32): void {
  let left = bits;
  store<u32>(to, base + <u32>ctz(left));
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 4);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 8);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 12);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 16);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 20);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 24);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 28);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 32);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 36);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 40);
  left &= left - 1;
  store<u32>(to, base + <u32>ctz(left), 44);
  left &= left - 1;
  for (let at = to + 48; left != 0; at += 4) {
    store<u32>(at, base + <u32>ctz(left));
    left &= left - 1;
  }
}

/**
 * The masks of a block with quotes or CRs. Returns false if a quote stands where the quick way has no answer: in the
 * middle of a field, or text after a closing one.
 */
function maskOddBlock(at: usize, separators: u64, lineFeeds: u64, within: u64): bool {
  const cr = matches(at, CR);
  // A CR before a LF belongs to that line end, any other is one itself.
  const lineFeedAfter = (lineFeeds >> 1) | (load<u8>(at + BLOCK_BYTES) == LF ? (<u64>1) << 63 : 0);
  const pairedCr = cr & lineFeedAfter & within;
  const breaks = (lineFeeds | (cr & ~lineFeedAfter)) & within;
  const fieldEnds = (separators | breaks) & within;
  const quotes = quote < 0 ? 0 : matches(at, <u8>quote) & within;
  if (cr != 0) hasCrs = true;
  if ((quotes | insideBefore | closedBefore) == 0) {
    blockSeparators = fieldEnds;
    blockLineEnds = breaks;
    mayOpenBefore = fieldEnds >> 63;
    return true;
  }

  hasQuotes = true;
  // Inside from an opening quote to the byte before the closing one.
  const inside = parities(quotes) ^ insideBefore;
  const opening = quotes & inside;
  const closing = quotes & ~inside;
  blockSeparators = fieldEnds & ~inside;
  blockLineEnds = breaks & ~inside;
  if ((breaks & inside) != 0) hasQuotedBreaks = true;
  // Two quotes inside quotes close and open again at once.
  const mayOpen = ((blockSeparators | closing) << 1) | mayOpenBefore;
  const afterClosing = ((closing << 1) | closedBefore) & within;
  if ((opening & ~mayOpen) != 0) return false;
  if ((afterClosing & ~(blockSeparators | opening | (pairedCr & ~inside))) != 0) return false;
  insideBefore = <u64>(<i64>inside >> 63);
  mayOpenBefore = (blockSeparators | closing) >> 63;
  closedBefore = closing >> 63;
  return true;
}

function matches(at: usize, byte: u8): u64 {
  const bytes = i8x16.splat(byte);
  return mask64(
    i8x16.eq(v128.load(at), bytes),
    i8x16.eq(v128.load(at, 16), bytes),
    i8x16.eq(v128.load(at, 32), bytes),
    i8x16.eq(v128.load(at, 48), bytes),
  );
}

/** At each bit, whether the number of bits up to it is odd. */
function parities(bits: u64): u64 {
  let parity = bits ^ (bits << 1);
  parity ^= parity << 2;
  parity ^= parity << 4;
  parity ^= parity << 8;
  parity ^= parity << 16;
  return parity ^ (parity << 32);
}
