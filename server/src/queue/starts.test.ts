import { expect, test } from 'vitest';
import { Starts } from './starts.ts';

function startsInTurns() {
  const later: (() => void)[] = [];
  const begun: string[] = [];
  const starts = new Starts<object>({ later: (work) => later.push(work), perTurn: 32 });
  const add = (lane: object, name: string, isGone = () => false) =>
    starts.add(lane, { isGone, begin: () => begun.push(name) });
  const turn = () => later.shift()?.();
  return { add, begun, turn, turnsLeft: () => later.length };
}

test('a start that is taken back before its turn is never begun, however many there are', () => {
  const { add, begun, turn, turnsLeft } = startsInTurns();
  const lane = {};
  for (let index = 0; index < 10_000; index++) add(lane, 'gone', () => true);
  add(lane, 'honest');
  turn();
  expect(begun).toEqual(['honest']);
  expect(turnsLeft()).toBe(0);
});

test('lanes have a start each in turn, and few are begun at once', () => {
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

test('a turn that is waited for comes in order, and ends with the reason of who gives up', async () => {
  const later: (() => void)[] = [];
  const starts = new Starts<string>({ later: (work) => later.push(work), perTurn: 1 });
  const givenUp = new AbortController();
  const never = new AbortController().signal;
  const order: string[] = [];
  const wait = (name: string, signal: AbortSignal) => starts.turn('caller', signal).then(() => order.push(name));
  const waiting = [wait('first', never), wait('given up', givenUp.signal), wait('last', never)];
  givenUp.abort(new Error('enough'));
  await expect(waiting[1]).rejects.toThrow('enough');
  later.shift()?.();
  later.shift()?.();
  await Promise.all([waiting[0], waiting[2]]);
  expect(order).toEqual(['first', 'last']);
  await expect(starts.turn('caller', givenUp.signal)).rejects.toThrow('enough');
});
