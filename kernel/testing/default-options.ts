import type { AnalysisOptions } from '../options.ts';

/** Everything detected, the contract's limits. */
export const DEFAULT_ANALYSIS_OPTIONS: AnalysisOptions = {
  delimiter: '',
  quote: '',
  header: '',
  encoding: '',
  departmentColumn: '',
  groupBy: [],
  amountColumn: '',
  amounts: [],
  where: [],
  decimalSeparator: '',
  groupSeparator: '',
  negativeAmounts: '',
  trim: true,
  skipLines: undefined,
  maxDepartments: 1_000_000,
  maxRejects: 1_000_000,
};
