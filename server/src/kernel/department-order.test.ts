import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DepartmentTable } from './department-table.ts';
import { sortNames } from './sort-names.ts';
import { topDepartments } from './top-departments.ts';

// Few letters and shared beginnings, so that names are often equal up to some byte.
const name = fc
  .tuple(
    fc.constantFrom('', 'aaaaaaaa', 'Abteilung ', '部'),
    fc.string({ unit: fc.constantFrom('a', 'b', 'é', '文', '😀'), maxLength: 5 }),
  )
  .map((parts) => parts.join(''));
const names = fc.uniqueArray(name, { maxLength: 120 });

function tableOf(names: string[]): DepartmentTable {
  const table = new DepartmentTable(1000);
  for (const [id, name] of names.entries()) {
    const bytes = Buffer.from(name);
    expect(table.findOrAdd(bytes, 0, bytes.length)).toBe(id);
  }
  return table;
}

test('names are sorted by their bytes', () => {
  fc.assert(
    fc.property(names, (names) => {
      const sorted = Array.from(sortNames(tableOf(names)), (id) => names[id]!);
      expect(sorted).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

test('names that share a very long beginning are sorted, too', () => {
  const beginning = 'x'.repeat(10_000);
  const names = Array.from({ length: 100 }, (_, index) => `${beginning}${(index * 37) % 100}`);
  expect(Array.from(sortNames(tableOf(names)), (id) => names[id]!)).toEqual([...names].sort());
});

test('the leading departments are the first of all departments sorted by sum and name', () => {
  const sum = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 0, max: 3 }));
  const departments = fc.uniqueArray(fc.tuple(name, sum), { selector: ([name]) => name, maxLength: 60 });
  fc.assert(
    fc.property(departments, fc.integer({ min: 0, max: 70 }), (departments, count) => {
      const table = tableOf(departments.map(([name]) => name));
      const sums = Float64Array.from(departments.flatMap(([, pair]) => pair));
      const ranked = departments
        .map(([name, [high, low]], id) => ({ id, name: Buffer.from(name), high, low }))
        .sort((a, b) => b.high - a.high || b.low - a.low || Buffer.compare(a.name, b.name))
        .map(({ id }) => id);
      const compareNames = (a: number, b: number) => table.compareNames(a, b);
      expect(topDepartments(sums, departments.length, count, compareNames)).toEqual(ranked.slice(0, count));
    }),
  );
});

test('a department is found again among many, and only by its own name', () => {
  const table = new DepartmentTable(100_000);
  const bytesOf = (index: number) => Buffer.from(`--department ${index}--`);
  for (let index = 0; index < 50_000; index++) table.findOrAdd(bytesOf(index), 2, bytesOf(index).length - 2);
  for (let index = 0; index < 50_000; index += 7) {
    const name = Buffer.from(`department ${index}`);
    expect(table.find(table.hash(name, 0, name.length), name, 0, name.length)).toBe(index);
    expect(table.name(index)).toBe(`department ${index}`);
  }
  const unknown = Buffer.from('department 50000');
  expect(table.find(table.hash(unknown, 0, unknown.length), unknown, 0, unknown.length)).toBe(-1);
});
