/** Why a row does not count: the numbers of the host's RejectReason. */
export const COLUMN_COUNT: u32 = 1;
export const EMPTY_DEPARTMENT: u32 = 2;
export const EMPTY_AMOUNT: u32 = 3;
export const AMOUNT_NOT_A_NUMBER: u32 = 4;
export const NEGATIVE_AMOUNT: u32 = 5;
export const AMOUNT_OUT_OF_RANGE: u32 = 6;
export const INVALID_ENCODING: u32 = 7;
export const RECORD_TOO_LONG: u32 = 8;
export const MALFORMED_QUOTE: u32 = 9;
export const UNTERMINATED_QUOTE: u32 = 10;
export const DATE_NOT_READABLE: u32 = 11;
/** One more than the largest: the length of a table by reason. */
export const REJECT_REASONS: u32 = 12;
