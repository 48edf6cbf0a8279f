/** The stable names of doubts; `Doubt` in processor.proto says what each is about. */
export type DoubtCode =
  | 'DELIMITER_UNCERTAIN'
  | 'QUOTE_UNCERTAIN'
  | 'HEADER_UNCERTAIN'
  | 'DEPARTMENT_COLUMN_UNCERTAIN'
  | 'AMOUNT_COLUMN_UNCERTAIN'
  | 'AMOUNT_COLUMN_HAS_NO_NUMBERS'
  | 'DECIMAL_SEPARATOR_UNCERTAIN'
  | 'DECIMAL_SEPARATOR_CONTRADICTED'
  | 'ENCODING_ASSUMED'
  | 'LINES_SKIPPED'
  | 'COLUMN_NAMES_ADJUSTED'
  | 'MIXED_CURRENCIES'
  | 'ROWS_REJECTED'
  | 'LINES_SWALLOWED'
  | 'NEGATIVE_AMOUNTS'
  | 'TOTAL_ROW'
  | 'SIMILAR_DEPARTMENTS'
  | 'DATE_ORDER_UNCERTAIN'
  | 'NO_ROWS'
  | 'NO_ROW_PASSES'
  | 'NO_ROW_COUNTS';

/** Something that a reader of the totals must know: `tallystream.v1.Doubt`. */
export interface Doubt {
  code: DoubtCode;
  /** The subject of the doubt, with the value, and the advice, in a sentence for people. */
  message: string;
}
