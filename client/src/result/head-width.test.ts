import { expect, it } from 'vitest';
import { headWidth } from './head-width.ts';

it.each([
  ['revenue', 7],
  ['vs. previous quarter', 12],
  ['date (quarter)', 9],
  ['', 0],
  ['x'.repeat(50), 20],
])('%j is %d characters wide', (head, width) => expect(headWidth(head)).toBe(width));
