import { expect, test } from 'vitest';
import { takeTurns } from './take-turns.ts';

async function* numbers(count: number) {
  for (let number = 0; number < count; number++) yield number;
}

test('all items come in order, and others get their turns in between', async () => {
  let turns = 0;
  const seen: number[] = [];
  let isOn = true;
  const count = () => {
    turns++;
    if (isOn) setImmediate(count);
  };
  setImmediate(count);
  for await (const number of takeTurns(numbers(10_000))) seen.push(number);
  isOn = false;
  expect(seen).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  expect(turns).toBeGreaterThan(100);
});

test('whoever stops reading ends the items', async () => {
  let isEnded = false;
  async function* endless() {
    try {
      for (;;) yield 1;
    } finally {
      isEnded = true;
    }
  }
  for await (const _ of takeTurns(endless())) break;
  expect(isEnded).toBe(true);
});
