import { expect, it } from 'vitest';
import { splitName } from './split-name.ts';

it.each([
  ['Department 10', 'Department', ' 10'],
  ['Sales_region-North', 'Sales_region', '-North'],
  ['Some incomprehensibilities', 'Some incomprehensibil', 'ities'],
  ['A', '', 'A'],
  ['', '', ''],
  ['😀😀😀😀😀😀', '😀', '😀😀😀😀😀'],
])('%j keeps its end', (name, beginning, end) => expect(splitName(name)).toEqual([beginning, end]));
