import { expect, it } from 'vitest';
import { fileName } from './save-file.ts';

it.each([
  ['orders revenue by month.svg', 'orders revenue by month.svg'],
  ['a/b: "c" is <1|2>.csv', 'a-b- -c- is -1-2-.csv'],
  ['no ending', 'no ending'],
  [`${'x'.repeat(300)}.png`, `${'x'.repeat(120)}….png`],
])('%j is saved as %j', (name, saved) => expect(fileName(name)).toBe(saved));
