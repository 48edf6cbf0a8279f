/** Whether the bytes are valid UTF-8 as the WHATWG Encoding Standard has it: no overlong form, no surrogate. */
export function isUtf8(start: usize, end: usize): bool {
  let at = start;
  while (at < end) {
    const lead: u32 = load<u8>(at++);
    if (lead < 0x80) continue;
    let lower: u32 = 0x80;
    let upper: u32 = 0xbf;
    let more: u32 = 0;
    if (lead >= 0xc2 && lead <= 0xdf) {
      more = 1;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      if (lead == 0xe0) lower = 0xa0;
      else if (lead == 0xed) upper = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      if (lead == 0xf0) lower = 0x90;
      else if (lead == 0xf4) upper = 0x8f;
    } else {
      return false;
    }
    for (; more > 0; more--) {
      if (at == end) return false;
      const byte: u32 = load<u8>(at++);
      if (byte < lower || byte > upper) return false;
      lower = 0x80;
      upper = 0xbf;
    }
  }
  return true;
}
