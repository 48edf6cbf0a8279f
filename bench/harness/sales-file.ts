import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRowSource, type RowSourceOptions } from '../../generator/src/row-source.ts';

/** A CSV to measure with. */
export interface SalesFile {
  /** Of several files their glob. */
  path: string;
  /** What several files lie in. */
  folder?: string;
  bytes: number;
  rows: number;
  columnCount: number;
  departmentIndex: number;
  amountIndex: number;
  /** The columns' names and their DuckDB types, in order. */
  columns: [name: string, type: string][];
}

/** Hands out a folder, and removes it afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tallystream-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a file with the generator's three columns. */
export function writeSalesFile(
  folder: string,
  name: string,
  options: Pick<RowSourceOptions, 'rows' | 'sizeBytes' | 'departments' | 'decimals' | 'quoted'>,
): SalesFile {
  const path = join(folder, `${name}.csv`);
  const file = openSync(path, 'w');
  const source = createRowSource({ ...options, seed: 1, malformed: 0 });
  for (const chunk of source) writeSync(file, chunk);
  closeSync(file);
  return {
    path,
    bytes: statSync(path).size,
    rows: source.rows,
    columnCount: 3,
    departmentIndex: 0,
    amountIndex: 2,
    columns: [
      ['Department Name', 'VARCHAR'],
      ['Date', 'DATE'],
      ['Number of Sales', options.decimals > 0 ? 'DECIMAL(18,6)' : 'BIGINT'],
    ],
  };
}

/** Writes so many classic files of this size, which are one data set, into a folder of their own. */
export function writeSalesFiles(folder: string, count: number, sizeBytes: number): SalesFile {
  const inside = join(folder, 'many-files');
  mkdirSync(inside);
  const first = writeSalesFileOfSize(inside, '000', sizeBytes);
  for (let index = 1; index < count; index++) {
    copyFileSync(first.path, join(inside, `${String(index).padStart(3, '0')}.csv`));
  }
  const { bytes, rows } = first;
  return { ...first, path: join(inside, '*.csv'), folder: inside, bytes: bytes * count, rows: rows * count };
}

/** The classic file of this size: 100 departments, whole amounts. */
export function writeSalesFileOfSize(folder: string, name: string, sizeBytes: number): SalesFile {
  return writeSalesFile(folder, name, { sizeBytes, departments: 100, decimals: 0, quoted: 0 });
}

/** Writes a file with twelve columns, the department in the third and the amount in the ninth. */
export function writeWideFile(folder: string, name: string, rows: number): SalesFile {
  const path = join(folder, `${name}.csv`);
  const file = openSync(path, 'w');
  const columns: SalesFile['columns'] = [
    ['id', 'BIGINT'],
    ['date', 'DATE'],
    ['department', 'VARCHAR'],
    ['region', 'VARCHAR'],
    ['sku', 'VARCHAR'],
    ['channel', 'VARCHAR'],
    ['quantity', 'BIGINT'],
    ['price', 'DOUBLE'],
    ['amount', 'BIGINT'],
    ['tax', 'DOUBLE'],
    ['city', 'VARCHAR'],
    ['note', 'VARCHAR'],
  ];
  let text = `${columns.map(([column]) => column).join(',')}\n`;
  let row = 0;
  let rest = '';
  const source = createRowSource({ rows, departments: 100, seed: 1, decimals: 0, quoted: 0, malformed: 0 });
  for (const chunk of source) {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (row++ === 0) continue;
      const [department, date, amount] = line.split(',');
      text += `${100_000 + row},${date},${department},EU-West,SKU-${row % 9973},web,${row % 7},19.99,${amount},0.19,Berlin,ok\n`;
    }
    writeSync(file, text);
    text = '';
  }
  closeSync(file);
  return { path, bytes: statSync(path).size, rows, columnCount: 12, departmentIndex: 2, amountIndex: 8, columns };
}

/** The 0-based index of a column. */
export function columnOf({ columns }: SalesFile, name: string): number {
  return columns.findIndex(([column]) => column === name);
}

const ENGLISH = {
  department: 'Department',
  regions: ['North', 'South', 'East', 'West', 'Central', 'Overseas', 'Islands', 'Highlands'],
};
/** Words without a letter of ASCII. */
export const RUSSIAN = {
  department: 'Отдел №',
  regions: ['Север', 'Юг', 'Восток', 'Запад', 'Центр', 'За морем', 'Острова', 'Нагорье'],
};

/** Writes orders of three years in 12 columns: 100 departments, 8 regions, 5 channels of which phone has a tenth. */
export function writeOrdersFile(folder: string, name: string, rows: number, words = ENGLISH): SalesFile {
  const path = join(folder, `${name}.csv`);
  const file = openSync(path, 'w');
  const columns: SalesFile['columns'] = [
    ['id', 'BIGINT'],
    ['date', 'DATE'],
    ['department', 'VARCHAR'],
    ['region', 'VARCHAR'],
    ['sku', 'VARCHAR'],
    ['channel', 'VARCHAR'],
    ['quantity', 'BIGINT'],
    ['price', 'DECIMAL(18,2)'],
    ['revenue', 'DECIMAL(18,2)'],
    ['tax', 'DECIMAL(18,2)'],
    ['city', 'VARCHAR'],
    ['note', 'VARCHAR'],
  ];
  const { department, regions } = words;
  const channels = ['phone', ...Array(5).fill('web'), 'shop', 'shop', 'partner', 'catalogue'];
  let state = 7;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const two = (value: number) => String(value).padStart(2, '0');
  let text = `${columns.map(([column]) => column).join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    const date = `202${4 + next(3)}-${two(1 + next(12))}-${two(1 + next(28))}`;
    const quantity = 1 + next(20);
    const cents = 100 + next(20_000);
    const [price, revenue] = [cents, cents * quantity].map((each) => `${Math.floor(each / 100)}.${two(each % 100)}`);
    text += `${100_000 + row},${date},${department} ${next(100)},${regions[next(8)]},SKU-${next(9973)},${channels[next(10)]},${quantity},${price},${revenue},0.19,Berlin,ok\n`;
    if (text.length < 1_000_000 && row < rows - 1) continue;
    writeSync(file, text);
    text = '';
  }
  closeSync(file);
  return { path, bytes: statSync(path).size, rows, columnCount: 12, departmentIndex: 2, amountIndex: 8, columns };
}
