import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readResults, withFigures } from './figures-table.ts';

test('the figures in docs/figures.md are those that were measured', () => {
  const text = readFileSync(new URL('../../docs/figures.md', import.meta.url), 'utf8');
  const results = readResults();
  expect(Object.keys(results)).not.toEqual([]);
  expect(withFigures(text, results)).toBe(text);
});
