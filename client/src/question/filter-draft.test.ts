import { describe, expect, it } from 'vitest';
import { parseFilter } from '../jobs/filter-text.ts';
import { draftOf, filterOf, isBound } from './filter-draft.ts';

describe('draftOf and filterOf', () => {
  it.each([
    'Region in North,South',
    'Region in "",North',
    'Region not in North',
    'Region between 1 and 5',
    'Region between "" and 2026-Q4',
    'Region is empty',
    'Region is not empty',
  ])('keep %s as it is', (text) => {
    const filter = parseFilter(text);
    expect(filter).toBeDefined();
    expect(filterOf('Region', draftOf(filter))).toEqual(filter);
  });

  it('make no filter of nothing', () => {
    const draft = draftOf(undefined);
    expect(filterOf('Region', draft)).toBeUndefined();
    expect(filterOf('Region', { ...draft, condition: 'notIn' })).toBeUndefined();
    expect(filterOf('Region', { ...draft, condition: 'between', from: ' ' })).toBeUndefined();
  });
});

it.each(['', ' 5 ', '-1.5', '+3', '2026', '2026-12', '2026-12-31', '2026-Q4', '2026-W53'])('isBound takes %j', (text) =>
  expect(isBound(text)).toBe(true),
);
it.each(['x', '1,5', '2026-', '2026-1', '2026-Q5', '31.12.2026', '1.1234567'])('isBound does not take %j', (text) =>
  expect(isBound(text)).toBe(false),
);
