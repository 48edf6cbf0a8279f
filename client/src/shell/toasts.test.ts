import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createToasts, type ToastAction } from './toasts.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const makeAction = () => ({ label: 'Undo', run: vi.fn(() => ['#/a']), lapse: vi.fn() }) satisfies ToastAction;
const textsOf = ({ list }: ReturnType<typeof createToasts>) => list.map(({ text }) => text);

test('a message goes away by itself, an error later', () => {
  const toasts = createToasts();
  toasts.show('info', 'started');
  toasts.show('error', 'away');
  vi.advanceTimersByTime(5000);
  expect(textsOf(toasts)).toEqual(['away']);
  vi.advanceTimersByTime(7000);
  expect(textsOf(toasts)).toEqual([]);
});

test('of equal messages only the newest stays, and of different ones the last three', () => {
  const toasts = createToasts();
  for (const text of ['a', 'b', 'a', 'c', 'd']) toasts.show('info', text);
  expect(textsOf(toasts)).toEqual(['a', 'c', 'd']);
});

test('what can be acted upon stays, however many others come and whatever they say', () => {
  const toasts = createToasts();
  const actions = [makeAction(), makeAction()];
  for (const action of actions) toasts.show('info', 'sales.csv is deleted.', action);
  for (const text of ['sales.csv is deleted.', 'b', 'c', 'd', 'e']) toasts.show('info', text);
  expect(textsOf(toasts)).toEqual(['sales.csv is deleted.', 'sales.csv is deleted.', 'c', 'd', 'e']);
  for (const { lapse } of actions) expect(lapse).not.toHaveBeenCalled();
});

test('an action is done once and does not lapse, and the message goes', () => {
  const toasts = createToasts();
  const action = makeAction();
  const id = toasts.show('info', 'deleted', action);
  expect(toasts.act(id)).toEqual(['#/a']);
  expect(toasts.act(id)).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(action.run).toHaveBeenCalledTimes(1);
  expect(action.lapse).not.toHaveBeenCalled();
  expect(textsOf(toasts)).toEqual([]);
});

test('an action lapses with its message: when its time is over, and when it is closed', () => {
  const toasts = createToasts();
  const [first, second] = [makeAction(), makeAction()];
  toasts.show('info', 'first', first);
  vi.advanceTimersByTime(7999);
  expect(first.lapse).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(first.lapse).toHaveBeenCalledTimes(1);
  toasts.dismiss(toasts.show('info', 'second', second));
  vi.advanceTimersByTime(60_000);
  expect(second.lapse).toHaveBeenCalledTimes(1);
});

test('a message in place of another has its whole time, and nothing lapses', () => {
  const toasts = createToasts();
  const action = makeAction();
  const id = toasts.show('info', 'one', action);
  toasts.show('error', 'away');
  vi.advanceTimersByTime(7000);
  expect(toasts.show('info', 'two', action, id)).toBe(id);
  expect(textsOf(toasts)).toEqual(['two', 'away']);
  vi.advanceTimersByTime(7999);
  expect(textsOf(toasts)).toEqual(['two']);
  expect(action.lapse).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(action.lapse).toHaveBeenCalledTimes(1);
  expect(toasts.show('info', 'three', action, id)).not.toBe(id);
});

test('no time passes while a reader is at the messages', () => {
  const toasts = createToasts();
  toasts.show('info', 'before');
  vi.advanceTimersByTime(4000);
  toasts.hold(true);
  toasts.show('info', 'meanwhile');
  vi.advanceTimersByTime(60_000);
  expect(textsOf(toasts)).toEqual(['before', 'meanwhile']);
  toasts.hold(false);
  vi.advanceTimersByTime(4999);
  expect(textsOf(toasts)).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(textsOf(toasts)).toEqual([]);
});
