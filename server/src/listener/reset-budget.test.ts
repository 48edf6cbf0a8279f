import { expect, test } from 'vitest';
import { ResetBudget } from './reset-budget.ts';

const spendAll = (budget: ResetBudget, address: string, nowMs: number) => {
  let spent = 0;
  while (budget.spend(address, nowMs)) spent++;
  return spent;
};

test('an address has ten thousand at once and a thousand a second, and others have theirs', () => {
  const budget = new ResetBudget();
  expect(spendAll(budget, 'a', 0)).toBe(10_000);
  expect(spendAll(budget, 'a', 1_000)).toBe(1_000);
  expect(spendAll(budget, 'b', 1_000)).toBe(10_000);
  expect(spendAll(budget, 'a', 60_000)).toBe(10_000);
});
