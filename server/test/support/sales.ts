import { createRowSource } from '../../../generator/src/row-source.ts';

export const SALES = `Department Name,Date,Number of Sales
Books,2024-01-01,10
Sports,2024-01-01,5
Books,2024-01-02,7
"Home, Garden",2024-01-02,1
`;

export const SALES_TOTALS = `Department Name,Total Number of Sales
Books,17
"Home, Garden",1
Sports,5
`;

/** A generated CSV in memory with its right totals in millionths. */
export function generateSales(rows: number, seed = 1, departments = 50) {
  const source = createRowSource({
    rows,
    departments,
    seed,
    decimals: 0.2,
    quoted: 0.1,
    malformed: 0.01,
    keepsTruth: true,
  });
  const parts: Buffer[] = [];
  for (const chunk of source) parts.push(Buffer.from(chunk));
  return { csv: Buffer.concat(parts), truth: source.truth() };
}
