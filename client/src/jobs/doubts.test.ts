import { describe, expect, it } from 'vitest';
import { countDoubts, doubtKind, needsRareSetting, sortDoubts } from './doubts.ts';

const doubts = ['ROWS_REJECTED', 'DECIMAL_SEPARATOR_UNCERTAIN', 'NEGATIVE_AMOUNTS', 'OF_A_NEWER_SERVER'].map(
  (code) => ({ code }),
);

describe('doubtKind', () => {
  it('tells facts about the content from decisions that may be wrong', () => {
    expect(doubtKind({ code: 'TOTAL_ROW' })).toBe('fact');
    expect(doubtKind({ code: 'AMOUNT_COLUMN_UNCERTAIN' })).toBe('uncertain');
  });
  it('takes what it does not know for uncertain', () => expect(doubtKind({ code: 'NEW' })).toBe('uncertain'));
});

it('puts what may be wrong before what is good to know, and keeps the order otherwise', () => {
  expect(sortDoubts(doubts).map(({ code }) => code)).toEqual([
    'DECIMAL_SEPARATOR_UNCERTAIN',
    'OF_A_NEWER_SERVER',
    'ROWS_REJECTED',
    'NEGATIVE_AMOUNTS',
  ]);
});

it('counts both kinds', () => expect(countDoubts(doubts)).toEqual({ uncertain: 2, fact: 2 }));

it('knows whose setting is rarely needed', () => {
  expect(needsRareSetting(doubts)).toBe(false);
  expect(needsRareSetting([{ code: 'QUOTE_UNCERTAIN' }])).toBe(true);
});
