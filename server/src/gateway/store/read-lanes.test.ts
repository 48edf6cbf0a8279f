import { expect, test } from 'vitest';
import { ReadLanes, type Steps } from './read-lanes.ts';

/** Lanes whose turns the test gives. */
function lanesInTurns() {
  const later: (() => void)[] = [];
  const told: string[] = [];
  const lanes = new ReadLanes((work) => later.push(work));
  const add = (lane: string, name: string, steps: number, isUnwanted = () => false) => {
    const work = function* (): Steps {
      for (let step = 1; step < steps; step++) {
        told.push(`${name}${step}`);
        yield;
      }
      told.push(`${name} ends`);
      return undefined;
    };
    const failed = (error: unknown) => told.push(String(error));
    lanes.add(lane, { steps: work(), isUnwanted, done: () => {}, failed });
  };
  const turn = () => later.shift()?.();
  const all = () => {
    while (later.length > 0) turn();
  };
  return { lanes, add, told, turn, all };
}

test('callers have a step each in turn, however many readings one has', () => {
  const { add, told, all } = lanesInTurns();
  for (const name of ['a', 'b', 'c']) add('greedy', name, 2);
  add('modest', 'x', 2);
  all();
  expect(told).toEqual(['a1', 'x1', 'a ends', 'x ends', 'b1', 'b ends', 'c1', 'c ends']);
});

test('one who comes late waits for one step of each other', () => {
  const { add, told, turn, all } = lanesInTurns();
  add('greedy', 'a', 1_000);
  for (let turns = 0; turns < 5; turns++) turn();
  add('modest', 'x', 1);
  turn();
  turn();
  expect(told.at(-1)).toBe('x ends');
  all();
  expect(told.at(-1)).toBe('a ends');
});

test('a reading that nobody wants any more takes no further step', () => {
  const { add, told, turn, all } = lanesInTurns();
  let isUnwanted = false;
  add('gone', 'a', 1_000, () => isUnwanted);
  turn();
  isUnwanted = true;
  all();
  expect(told).toEqual(['a1']);
});

test('one that fails ends, and the next goes on', () => {
  const { lanes, add, told, all } = lanesInTurns();
  const failing = (function* (): Steps {
    yield;
    throw new Error('no such page');
  })();
  lanes.add('a', {
    steps: failing,
    isUnwanted: () => false,
    done: () => {},
    failed: (error) => told.push(String(error)),
  });
  add('a', 'b', 1);
  all();
  expect(told).toEqual(['Error: no such page', 'b ends']);
});

test('what comes after all is done is done, too', () => {
  const { add, told, all } = lanesInTurns();
  add('a', 'a', 1);
  all();
  add('a', 'b', 1);
  all();
  expect(told).toEqual(['a ends', 'b ends']);
});
