/** Takes up records of any form: one that the scanner has delimited, or a row that the quick way had no answer for. */
import { amountDecimals, amountHigh, amountLow, readAmount } from './amount';
import { findOrAddDepartment } from './departments';
import { noteAmount, noteLeftOut, noteNoAmount, noteRecord } from './evidence';
import { failure, NO_FAILURE } from './failure';
import { clearVerdicts, filterCount, IS_LEFT_OUT, judgeColumn, PASSES, verdictOnRow } from './filters';
import {
  EMPTY,
  FIELD_END,
  FIELD_IS_ESCAPED,
  FIELD_START,
  GROUP_BYTES,
  GROUP_COLUMN,
  keyEnd,
  NOT_READABLE,
  WRITTEN,
  writeKey,
} from './group-key';
import { FIELDS, GROUPS, scratch } from './memory';
import { amountCount, amountIndex, columnCount, departmentIndex, groupCount } from './plan';
import {
  fieldEnd,
  fieldStart,
  isBlank,
  isEscaped,
  nextField,
  openRecord,
  unescapeField,
  writeUnescaped,
} from './record-fields';
import { FAULT_MALFORMED_QUOTE, FAULT_NONE, FAULT_UNTERMINATED_QUOTE } from './record-scanner';
import {
  AMOUNT_NOT_A_NUMBER,
  COLUMN_COUNT,
  DATE_NOT_READABLE,
  EMPTY_DEPARTMENT,
  INVALID_ENCODING,
  MALFORMED_QUOTE,
  NEGATIVE_AMOUNT,
  RECORD_TOO_LONG,
  UNTERMINATED_QUOTE,
} from './reject-reason';
import { reject } from './rejects';
import {
  addAmounts,
  failedEnd,
  failedStart,
  keepOperands,
  noteAmounts,
  noteLeftOutAmounts,
  readAmounts,
} from './row-amounts';
import {
  add64,
  BLANK_LINES,
  FILTERED,
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
  const line = load<u64>(LINES) + 1;
  const breaks = load<u64>(SCAN_LINE_BREAKS);
  if (reason != 0) {
    reject(reason, line, breaks + 1, load<u64>(RECORD_OFFSET), start, end - start, load<u64>(SCAN_LENGTH));
  } else noteRecord(line, breaks);
  store<u64>(LINES, line + breaks);
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
      return judgeRow(start, end, load<u64>(LINES) + 1);
    case FAULT_MALFORMED_QUOTE:
      return MALFORMED_QUOTE;
    case FAULT_UNTERMINATED_QUOTE:
      return UNTERMINATED_QUOTE;
    default:
      return RECORD_TOO_LONG;
  }
}

/**
 * Counts a row whose quotes are in order, or a blank line.
 *
 * @param line that it begins on
 * @returns why it does not count, or 0
 */
export function judgeRow(start: usize, end: usize, line: u64): u32 {
  if (isBlank(start, end)) {
    add64(BLANK_LINES, 1);
    return 0;
  }
  let nameStart: usize = 0;
  let nameEnd: usize = 0;
  let amountStart: usize = 0;
  let amountEnd: usize = 0;
  let column: u32 = 0;
  openRecord(start, end);
  if (filterCount > 0) clearVerdicts();
  for (; nextField(); column++) {
    if (filterCount > 0) judgeField(column);
    if (groupCount > 0) keepFields(column);
    else if (column == departmentIndex) {
      if (isEscaped) unescapeField();
      nameStart = fieldStart;
      nameEnd = fieldEnd;
    }
    if (amountCount > 0) keepOperands(column, fieldStart, fieldEnd);
    else if (column == amountIndex) {
      // Two quotes for one need no change here: either way it is no number.
      amountStart = fieldStart;
      amountEnd = fieldEnd;
    }
  }
  if (column != columnCount) return COLUMN_COUNT;
  const verdict = verdictOnRow(line);
  if (verdict == IS_LEFT_OUT) {
    add64(FILTERED, 1);
    return 0;
  }
  const amountReason = amountCount > 0 ? readAmounts() : readAmount(amountStart, amountEnd);
  if (verdict != PASSES) {
    if (amountReason == 0) noteRowLeftOut();
    return verdict;
  }
  let key = WRITTEN;
  if (groupCount > 0) {
    key = writeKey(scratch, groupCount);
    nameStart = scratch;
    nameEnd = keyEnd;
  } else if (nameStart == nameEnd) key = EMPTY;
  if (key == EMPTY) {
    if (amountReason == 0) noteRowLeftOut();
    return EMPTY_DEPARTMENT;
  }
  if (amountReason != 0) {
    if (amountReason == AMOUNT_NOT_A_NUMBER) {
      if (amountCount > 0) noteNoAmount(failedStart, failedEnd, line);
      else noteNoAmount(amountStart, amountEnd, line);
    } else if (amountReason == NEGATIVE_AMOUNT && amountCount == 0) noteLeftOut();
    return amountReason;
  }
  if (key == NOT_READABLE) {
    noteRowLeftOut();
    return DATE_NOT_READABLE;
  }
  const entry = findOrAddDepartment(nameStart, nameEnd - nameStart);
  if (entry == 0) {
    if (failure == NO_FAILURE) noteRowLeftOut();
    return INVALID_ENCODING;
  }
  if (amountCount > 0) {
    if (!addAmounts(entry)) return 0;
    add64(ROWS, 1);
    noteAmounts(line);
  } else if (addAmount(entry, amountLow, amountHigh, amountDecimals)) {
    add64(ROWS, 1);
    noteAmount(line);
  }
  return 0;
}

/** Notes the amount of a row that does not count. */
function noteRowLeftOut(): void {
  if (amountCount > 0) noteLeftOutAmounts();
  else noteLeftOut();
}

/** Judges the field at hand by the filters on its column. */
function judgeField(column: u32): void {
  if (isEscaped) judgeColumn(column, scratch, writeUnescaped());
  else judgeColumn(column, fieldStart, fieldEnd);
}

/** Keeps the field at hand for each column to group by that it is in. */
function keepFields(column: u32): void {
  for (let index: u32 = 0; index < groupCount; index++) {
    if (load<u32>(GROUPS + index * GROUP_BYTES, GROUP_COLUMN) != column) continue;
    const field = FIELDS + index * GROUP_BYTES;
    store<u32>(field, <u32>fieldStart, FIELD_START);
    store<u32>(field, <u32>fieldEnd, FIELD_END);
    store<u32>(field, isEscaped ? 1 : 0, FIELD_IS_ESCAPED);
  }
}
