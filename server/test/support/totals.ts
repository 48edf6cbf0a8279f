import { parse } from 'csv-parse/sync';

/** A decimal without trailing zeros, for comparing with another writer's. */
export function plainDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `totals.csv` as a map, read by csv-parse. */
export function readTotals(csv: string): Map<string, string> {
  const records: string[][] = parse(csv, { from: 2 });
  return new Map(records.map(([department = '', sum = '']) => [department, plainDecimal(sum)]));
}
