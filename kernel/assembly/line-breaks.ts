import { CR, LF } from './plan';

/** The line breaks in `[from, to)`: LF, CRLF and CR. The byte at `to` is looked at to tell a CRLF that the range cuts. */
export function countLineBreaks(from: usize, to: usize): u64 {
  const lf = i8x16.splat(LF);
  const cr = i8x16.splat(CR);
  let breaks: u64 = 0;
  let at = from;
  for (; at + 16 <= to; at += 16) {
    const bytes = v128.load(at);
    const loneCr = v128.andnot(i8x16.eq(bytes, cr), i8x16.eq(v128.load(at + 1), lf));
    breaks += popcnt<i32>(i8x16.bitmask(v128.or(i8x16.eq(bytes, lf), loneCr)));
  }
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte == LF || (byte == CR && load<u8>(at + 1) != LF)) breaks++;
  }
  return breaks;
}
