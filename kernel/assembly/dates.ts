/**
 * Reads dates as they stand in files, and writes the period that they lie in: `2026`, `2026-Q1`, `2026-03`, `2026-W11`,
 * `2026-03-10`. Weeks are those of ISO 8601.
 */

/** The periods, as a plan numbers them. */
export const BY_YEAR: u32 = 1;
export const BY_QUARTER: u32 = 2;
export const BY_MONTH: u32 = 3;
export const BY_WEEK: u32 = 4;
export const BY_DAY: u32 = 5;

/** The order of the numbers in a date that does not begin with a year of four digits. */
export const YEAR_FIRST: u32 = 0;
export const DAY_FIRST: u32 = 1;
export const MONTH_FIRST: u32 = 2;

const ZERO: u32 = 48;
const SPACE: u32 = 32;
const COMMA: u32 = 44;
const MINUS: u32 = 45;
const POINT: u32 = 46;
const SLASH: u32 = 47;
const UPPER_T: u32 = 84;
/** Makes an upper-case letter of ASCII a lower-case one. */
const LOWER: u32 = 32;

/** `january`, `february` and so on, each in a row of {@link NAME_BYTES}. */
const MONTH_NAMES = memory.data<u8>([
  106, 97, 110, 117, 97, 114, 121, 0, 0, 0, 102, 101, 98, 114, 117, 97, 114, 121, 0, 0, 109, 97, 114, 99, 104, 0, 0, 0,
  0, 0, 97, 112, 114, 105, 108, 0, 0, 0, 0, 0, 109, 97, 121, 0, 0, 0, 0, 0, 0, 0, 106, 117, 110, 101, 0, 0, 0, 0, 0, 0,
  106, 117, 108, 121, 0, 0, 0, 0, 0, 0, 97, 117, 103, 117, 115, 116, 0, 0, 0, 0, 115, 101, 112, 116, 101, 109, 98, 101,
  114, 0, 111, 99, 116, 111, 98, 101, 114, 0, 0, 0, 110, 111, 118, 101, 109, 98, 101, 114, 0, 0, 100, 101, 99, 101, 109,
  98, 101, 114, 0, 0,
]);
const NAME_BYTES: usize = 10;

/** The date that was read; 0 for what it does not say. */
let year: u32 = 0;
let month: u32 = 0;
let day: u32 = 0;
/** Where reading has come to. */
let at: usize = 0;
/** The number that was read, and its digits. */
let number: u32 = 0;
let digits: usize = 0;

/** Whether a date is readable and names a period of this kind; {@link writePeriod} writes it. */
export function readDate(start: usize, end: usize, unit: u32, order: u32): bool {
  if (end - start == ISO_BYTES && readIsoDate(start)) return true;
  year = 0;
  month = 0;
  day = 0;
  at = start;
  if (!readParts(end, order)) return false;
  if (month > 12 || (day != 0 && (month == 0 || day > daysOf(month)))) return false;
  if (year == 0) return false;
  return unit == BY_YEAR || (month != 0 && (day != 0 || unit == BY_QUARTER || unit == BY_MONTH));
}

/** How many bytes of a date in the usual form name its period: none for quarters and weeks, and for all other dates. */
export function beginningOfIsoDate(start: usize, length: usize, unit: u32): usize {
  if (length != ISO_BYTES || unit == BY_QUARTER || unit == BY_WEEK || !readIsoDate(start)) return 0;
  return unit == BY_YEAR ? 4 : unit == BY_MONTH ? 7 : ISO_BYTES;
}

/** The bytes of `2026-12-31`. */
const ISO_BYTES: usize = 10;
/** What its first eight bytes are with zeros for digits, and which of their bits no other digit has. */
const ISO_ZEROS: u64 = 0x2d30_302d_3030_3030;
const DIGIT_BITS: u64 = 0x000f_0f00_0f0f_0f0f;
const ABOVE_NINE: u64 = 0x0006_0600_0606_0606;

/** Reads the usual form of a date at once. Returns false for any other, and for a day that does not exist. */
function readIsoDate(start: usize): bool {
  const word = load<u64>(start) ^ ISO_ZEROS;
  const last = <u32>load<u16>(start, 8) ^ 0x3030;
  // Digits that are too large carry into the upper half of their byte.
  if (((word | (word + ABOVE_NINE)) & ~DIGIT_BITS) != 0 || ((last | (last + 0x0606)) & 0xf0f0) != 0) return false;
  year =
    <u32>(word & 0xf) * 1000 +
    <u32>((word >> 8) & 0xf) * 100 +
    <u32>((word >> 16) & 0xf) * 10 +
    <u32>((word >> 24) & 0xf);
  month = <u32>((word >> 40) & 0xf) * 10 + <u32>((word >> 48) & 0xf);
  day = (last & 0xf) * 10 + (last >> 8);
  return year != 0 && month - 1 < 12 && day != 0 && day <= daysOf(month);
}

function readParts(end: usize, order: u32): bool {
  if (isLetter(byteAt(at, end))) return readWordFirst(end);
  if (!readNumber(end)) return false;
  const first = number;
  const firstDigits = digits;
  if (firstDigits == 8) {
    if (order != YEAR_FIRST) return false;
    day = first % 100;
    month = (first / 100) % 100;
    year = first / 10000;
    return month != 0 && day != 0 && endsHere(end);
  }
  if (at == end) {
    year = first;
    return firstDigits == 4;
  }
  const separator = byteAt(at, end);
  const separatorAt = at;
  skipSeparators(end);
  if (at > separatorAt && isLetter(byteAt(at, end))) return readWordSecond(end, first, firstDigits);
  // Numbers have one separator, and the same between all of them.
  if (separator != MINUS && separator != SLASH && separator != POINT) return false;
  if (at != separatorAt + 1 || !readNumber(end)) return false;
  const second = number;
  const secondDigits = digits;
  if (byteAt(at, end) != separator) return at == end && twoParts(first, firstDigits, second, secondDigits);
  at++;
  if (!readNumber(end)) return false;
  return secondDigits <= 2 && threeParts(first, firstDigits, second, number, digits, order) && endsHere(end);
}

/** `2026-03` or `03/2026`. */
function twoParts(first: u32, firstDigits: usize, second: u32, secondDigits: usize): bool {
  const isYearFirst = firstDigits == 4;
  year = isYearFirst ? first : second;
  month = isYearFirst ? second : first;
  return month != 0 && (isYearFirst ? secondDigits <= 2 : firstDigits <= 2 && secondDigits == 4);
}

function threeParts(first: u32, firstDigits: usize, second: u32, third: u32, thirdDigits: usize, order: u32): bool {
  if (firstDigits == 4) {
    year = first;
    month = second;
    day = third;
    return month != 0 && day != 0 && thirdDigits <= 2;
  }
  if (order == YEAR_FIRST || firstDigits > 2) return false;
  day = order == DAY_FIRST ? first : second;
  month = order == DAY_FIRST ? second : first;
  return month != 0 && day != 0 && setYear(third, thirdDigits);
}

/** `Jan 3, 2026` or `Jan 2026`. */
function readWordFirst(end: usize): bool {
  if (!readMonth(end) || !skipSeparators(end) || !readNumber(end)) return false;
  if (digits == 4) {
    year = number;
    return at == end;
  }
  day = number;
  if (digits > 2 || day == 0 || !skipSeparators(end) || !readNumber(end)) return false;
  return setYear(number, digits) && endsHere(end);
}

/** `3 Jan 2026` or `2026-Jan-03`. */
function readWordSecond(end: usize, first: u32, firstDigits: usize): bool {
  if (!readMonth(end) || !skipSeparators(end) || !readNumber(end)) return false;
  if (firstDigits == 4) {
    year = first;
    day = number;
    return digits <= 2 && day != 0 && endsHere(end);
  }
  day = first;
  return firstDigits <= 2 && day != 0 && setYear(number, digits) && endsHere(end);
}

/** A year of two digits is one from 1970 to 2069. */
function setYear(value: u32, length: usize): bool {
  year = length == 2 ? value + (value < 70 ? 2000 : 1900) : value;
  return length == 2 || length == 4;
}

/** Whether a date is over: nothing follows, or a time of day. */
function endsHere(end: usize): bool {
  if (at == end) return true;
  let time = at;
  const byte = byteAt(time, end);
  if (byte == COMMA) time++;
  if (byteAt(time, end) != SPACE && (byte == COMMA || byte != UPPER_T)) return false;
  time++;
  if (byteAt(time, end) - ZERO > 9) return false;
  for (; time < end; time++) if (!isOfTime(load<u8>(time))) return false;
  return true;
}

/** Digits, signs, blanks, and the letters of AM, PM and Z. */
function isOfTime(byte: u32): bool {
  const letter = byte | LOWER;
  const isLetterOfTime = letter == 97 || letter == 112 || letter == 109 || letter == 122;
  return byte - ZERO <= 10 || byte == SPACE || (byte >= 43 && byte <= 46) || (isLetter(byte) && isLetterOfTime);
}

/** Reads up to eight digits. */
function readNumber(end: usize): bool {
  const start = at;
  number = 0;
  while (at < end && at - start < 9 && <u32>load<u8>(at) - ZERO <= 9) number = number * 10 + <u32>load<u8>(at++) - ZERO;
  digits = at - start;
  return digits != 0 && digits != 9;
}

/** Reads the name of a month, or at least its first three letters, or `Sept`. */
function readMonth(end: usize): bool {
  const start = at;
  while (at < end && isLetter(load<u8>(at))) at++;
  const length = at - start;
  if (length < 3 || length > NAME_BYTES - 1) return false;
  for (let index: usize = 0; index < 12; index++) {
    if (isMonth(MONTH_NAMES + index * NAME_BYTES, start, length)) {
      month = <u32>index + 1;
      return true;
    }
  }
  return false;
}

function isMonth(name: usize, start: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++) {
    if (load<u8>(name + index) != (load<u8>(start + index) | <u8>LOWER)) return false;
  }
  return length == 3 || load<u8>(name + length) == 0 || (length == 4 && load<u8>(name) == 115);
}

/** Skips what stands between the parts of a date with a name in it. Returns whether there was anything. */
function skipSeparators(end: usize): bool {
  const start = at;
  while (at < end) {
    const byte = byteAt(at, end);
    if (byte != SPACE && byte != MINUS && byte != POINT && byte != SLASH && byte != COMMA) break;
    at++;
  }
  return at > start;
}

function byteAt(address: usize, end: usize): u32 {
  return address < end ? load<u8>(address) : 0;
}

function isLetter(byte: u32): bool {
  return (byte | LOWER) - 97 < 26;
}

function isLeap(): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

function daysOf(ofMonth: u32): u32 {
  if (ofMonth == 2) return isLeap() ? 29 : 28;
  return ofMonth == 4 || ofMonth == 6 || ofMonth == 9 || ofMonth == 11 ? 30 : 31;
}

/** The date that was read last as a number: 20261231. */
export function dayNumber(): u64 {
  return (year * 100 + month) * 100 + day;
}

/** Writes the period of the date that was read last. Returns its end. */
export function writePeriod(to: usize, unit: u32): usize {
  if (unit == BY_WEEK) return writeWeek(to);
  let next = writeNumber(to, year, 4);
  if (unit == BY_YEAR) return next;
  store<u8>(next++, <u8>MINUS);
  if (unit == BY_QUARTER) {
    store<u8>(next, 81);
    return writeNumber(next + 1, (month + 2) / 3, 1);
  }
  next = writeNumber(next, month, 2);
  if (unit == BY_MONTH) return next;
  store<u8>(next, <u8>MINUS);
  return writeNumber(next + 1, day, 2);
}

/** The week belongs to the year that its Thursday is in (ISO 8601). */
function writeWeek(to: usize): usize {
  // Days since Monday, the first of January of the year 1.
  const today = daysBefore(year) + dayOfYear() - 1;
  const thursday = today - (today % 7) + 3;
  let ofYear = year;
  if (thursday < daysBefore(year)) ofYear--;
  else if (thursday >= daysBefore(year + 1)) ofYear++;
  const next = writeNumber(to, ofYear, 4);
  store<u8>(next, <u8>MINUS);
  store<u8>(next, 87, 1);
  return writeNumber(next + 2, (thursday - daysBefore(ofYear)) / 7 + 1, 2);
}

/** The days of all years before one, from the year 1 on. */
function daysBefore(ofYear: i32): i32 {
  const before = ofYear - 1;
  return before * 365 + before / 4 - before / 100 + before / 400;
}

function dayOfYear(): i32 {
  let days = day;
  for (let before: u32 = 1; before < month; before++) days += daysOf(before);
  return days;
}

function writeNumber(to: usize, value: u32, length: usize): usize {
  let rest = value;
  for (let index = length; index > 0; index--) {
    store<u8>(to + index - 1, <u8>(ZERO + (rest % 10)));
    rest /= 10;
  }
  return to + length;
}
