/** The right result for a generated file. Sums are exact decimals as strings. */
export interface Truth {
  /** All rows without the header, malformed ones included. */
  rows: number;
  rowsRejected: number;
  /** Rejected rows by the name of the reason. */
  rejectedByReason: Record<string, number>;
  total: string;
  /** Sorted by department in code point order; departments without a row are left out. */
  departments: { department: string; sum: string; count: number }[];
}

/** Keeps count of what is written. Sums are in hundredths: safe integers up to 90 billion rows a department. */
export class Tallies {
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  readonly #rejected = new Map<string, number>();

  constructor(departments: number) {
    this.#sums = new Float64Array(departments);
    this.#counts = new Float64Array(departments);
  }

  add(department: number, hundredths: number): void {
    this.#sums[department]! += hundredths;
    this.#counts[department]! += 1;
  }

  reject(reason: string): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
  }

  truth(names: readonly string[], rows: number): Truth {
    let total = 0n;
    const departments = names.flatMap((department, index) => {
      const count = this.#counts[index]!;
      if (count === 0) return [];
      const sum = BigInt(this.#sums[index]!);
      total += sum;
      return [{ department, sum: formatHundredths(sum), count }];
    });
    departments.sort((a, b) => Buffer.compare(Buffer.from(a.department), Buffer.from(b.department)));
    return {
      rows,
      rowsRejected: [...this.#rejected.values()].reduce((sum, count) => sum + count, 0),
      rejectedByReason: Object.fromEntries([...this.#rejected].sort()),
      total: formatHundredths(total),
      departments,
    };
  }
}

/** Writes the truth as CSV, like the server's `totals.csv?columns=all` begins: department, sum, count. */
export function truthToCsv(truth: Truth): string {
  const lines = truth.departments.map(({ department, sum, count }) => {
    const name = /[",\r\n]/.test(department) ? `"${department.replaceAll('"', '""')}"` : department;
    return `${name},${sum},${count}\n`;
  });
  return `Department Name,Total Number of Sales,Count\n${lines.join('')}`;
}

function formatHundredths(value: bigint): string {
  return `${value / 100n}.${(value % 100n).toString().padStart(2, '0')}`;
}
