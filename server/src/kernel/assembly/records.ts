/** Takes up records of any form: one that the scanner has delimited, or a row that the quick way had no answer for. */
import { amountDecimals, amountHigh, amountLow, readAmount } from './amount';
import { findOrAddDepartment } from './departments';
import { failure, NO_FAILURE } from './failure';
import { amountIndex, columnCount, departmentIndex } from './plan';
import { fieldEnd, fieldStart, isBlank, isEscaped, nextField, openRecord, unescapeField } from './record-fields';
import { FAULT_MALFORMED_QUOTE, FAULT_NONE, FAULT_UNTERMINATED_QUOTE } from './record-scanner';
import {
  COLUMN_COUNT,
  EMPTY_DEPARTMENT,
  INVALID_ENCODING,
  MALFORMED_QUOTE,
  RECORD_TOO_LONG,
  UNTERMINATED_QUOTE,
} from './reject-reason';
import { reject } from './rejects';
import {
  add64,
  BLANK_LINES,
  IS_HEADER_AWAITED,
  LINES,
  RECORD_OFFSET,
  ROWS,
  SCAN_FAULT,
  SCAN_LENGTH,
  SCAN_LINE_BREAKS,
} from './state';
import { addAmount } from './tallies';

/** Takes up the record that the scanner has delimited. */
export function readRecord(start: usize, end: usize): void {
  const reason = judgeRecord(start, end);
  if (failure != NO_FAILURE) return;
  const lines = load<u64>(LINES);
  if (reason != 0) {
    reject(reason, lines + 1, load<u64>(RECORD_OFFSET), start, end - start, load<u64>(SCAN_LENGTH));
  }
  store<u64>(LINES, lines + 1 + load<u64>(SCAN_LINE_BREAKS));
}

/** Why a record does not count, or 0. */
function judgeRecord(start: usize, end: usize): u32 {
  const fault = load<u32>(SCAN_FAULT);
  if (load<u32>(IS_HEADER_AWAITED) != 0 && !(fault == FAULT_NONE && isBlank(start, end))) {
    store<u32>(IS_HEADER_AWAITED, 0);
    return 0;
  }
  switch (fault) {
    case FAULT_NONE:
      return judgeRow(start, end);
    case FAULT_MALFORMED_QUOTE:
      return MALFORMED_QUOTE;
    case FAULT_UNTERMINATED_QUOTE:
      return UNTERMINATED_QUOTE;
    default:
      return RECORD_TOO_LONG;
  }
}

/** Counts a row whose quotes are in order, or a blank line. Returns why it does not count, or 0. */
export function judgeRow(start: usize, end: usize): u32 {
  if (isBlank(start, end)) {
    add64(BLANK_LINES, 1);
    return 0;
  }
  let nameStart: usize = 0;
  let nameEnd: usize = 0;
  let amountReason: u32 = 0;
  let column: u32 = 0;
  openRecord(start, end);
  for (; nextField(); column++) {
    if (column == departmentIndex) {
      if (isEscaped) unescapeField();
      nameStart = fieldStart;
      nameEnd = fieldEnd;
    } else if (column == amountIndex) {
      // Two quotes for one need no change here: either way it is no number.
      amountReason = readAmount(fieldStart, fieldEnd);
    }
  }
  if (column != columnCount) return COLUMN_COUNT;
  if (nameStart == nameEnd) return EMPTY_DEPARTMENT;
  if (amountReason != 0) return amountReason;
  const entry = findOrAddDepartment(nameStart, nameEnd - nameStart);
  if (entry == 0) return INVALID_ENCODING;
  if (addAmount(entry, amountLow, amountHigh, amountDecimals)) add64(ROWS, 1);
  return 0;
}
