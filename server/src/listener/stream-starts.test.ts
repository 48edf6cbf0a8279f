import { expect, test } from 'vitest';
import { StreamStarts } from './stream-starts.ts';

function startsInTurns() {
  const later: (() => void)[] = [];
  const begun: string[] = [];
  const starts = new StreamStarts((work) => later.push(work));
  const add = (connection: object, name: string, isGone = () => false) =>
    starts.add(connection, { isGone, begin: () => begun.push(name) });
  const turn = () => later.shift()?.();
  return { add, begun, turn, turnsLeft: () => later.length };
}

test('a request that is taken back before its turn is never begun, however many there are', () => {
  const { add, begun, turn, turnsLeft } = startsInTurns();
  const connection = {};
  for (let index = 0; index < 10_000; index++) add(connection, 'gone', () => true);
  add(connection, 'honest');
  turn();
  expect(begun).toEqual(['honest']);
  expect(turnsLeft()).toBe(0);
});

test('connections have a request each in turn, and few are begun at once', () => {
  const { add, begun, turn } = startsInTurns();
  const [greedy, modest] = [{}, {}];
  for (let index = 0; index < 100; index++) add(greedy, `greedy ${index}`);
  add(modest, 'modest');
  turn();
  expect(begun.slice(0, 3)).toEqual(['greedy 0', 'modest', 'greedy 1']);
  expect(begun.length).toBeLessThan(100);
  for (let turns = 0; turns < 10; turns++) turn();
  expect(begun).toHaveLength(101);
  expect(begun.at(-1)).toBe('greedy 99');
});
