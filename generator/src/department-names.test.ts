import { expect, test } from 'vitest';
import { awkwardDepartmentName, departmentName } from './department-names.ts';

test('a million names are distinct, awkward or not', () => {
  const names = new Set<string>();
  for (let index = 0; index < 1_000_000; index++) names.add(departmentName(index));
  expect(names.size).toBe(1_000_000);
  for (let index = 0; index < 10_000; index++) names.add(awkwardDepartmentName(index));
  expect(names.size).toBe(1_010_000);
});

test('names need no quotes, some are beyond ASCII, none has white space at its ends', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => departmentName(index));
  for (const name of names) expect(name).toMatch(/^[^\s",][^",\r\n]*[^\s",]$/);
  expect(names.filter((name) => /[^ -~]/.test(name)).length).toBeGreaterThan(100);
});

test('awkward names need quotes', () => {
  for (let index = 0; index < 100; index++) expect(awkwardDepartmentName(index)).toMatch(/[",\n]/);
});
