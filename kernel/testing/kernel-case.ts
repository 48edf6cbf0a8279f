import type { ReadPlan } from '../kernel.ts';

/** A file and what every kernel must make of it, however it is cut. */
export interface KernelCase {
  /** The behaviour, as a sentence. */
  behaviour: string;
  /** A text stands for its UTF-8 bytes. */
  csv: string | Uint8Array;
  plan?: Partial<ReadPlan>;
  /** `department: sum x count` for every department, in order. */
  totals: string[];
  /** `line @ offset reason: raw` for every reject; nothing if left out. */
  rejects?: string[];
  blankLines?: number;
}

/** A plan for `Department,Amount`; cases change what they are about. */
export const CASE_PLAN: ReadPlan = {
  delimiter: code(','),
  quote: code('"'),
  hasHeader: false,
  columnCount: 2,
  departmentIndex: 0,
  amountIndex: 1,
  decimalSeparator: code('.'),
  groupSeparator: code(','),
  isAnyGroup: false,
  currency: '',
  allowNegative: false,
  trim: true,
  maxRecordBytes: 1024 * 1024,
  maxDepartments: 1_000_000,
  maxRejects: 1000,
};

/** The ASCII code of a character. */
export function code(character: string): number {
  return character.charCodeAt(0);
}
