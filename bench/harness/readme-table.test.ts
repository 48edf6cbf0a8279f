import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readResults, withFigures } from './readme-table.ts';

test('the figures in the README are those that were measured', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const results = readResults();
  expect(Object.keys(results)).not.toEqual([]);
  expect(withFigures(readme, results)).toBe(readme);
});
