import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNotices, type NoticeAction } from './toasts.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const makeAction = () => ({ label: 'Undo', run: vi.fn(() => ['#/a']), lapse: vi.fn() }) satisfies NoticeAction;
const textsOf = ({ list }: ReturnType<typeof createNotices>) => list.map(({ text }) => text);

test('a message goes away by itself, an error later', () => {
  const notices = createNotices();
  notices.show('info', 'started');
  notices.show('error', 'away');
  vi.advanceTimersByTime(5000);
  expect(textsOf(notices)).toEqual(['away']);
  vi.advanceTimersByTime(7000);
  expect(textsOf(notices)).toEqual([]);
});

test('of equal messages only the newest stays, and of different ones the last three', () => {
  const notices = createNotices();
  for (const text of ['a', 'b', 'a', 'c', 'd']) notices.show('info', text);
  expect(textsOf(notices)).toEqual(['a', 'c', 'd']);
});

test('what can be acted upon stays, however many others come and whatever they say', () => {
  const notices = createNotices();
  const actions = [makeAction(), makeAction()];
  for (const action of actions) notices.show('info', 'sales.csv is deleted.', action);
  for (const text of ['sales.csv is deleted.', 'b', 'c', 'd', 'e']) notices.show('info', text);
  expect(textsOf(notices)).toEqual(['sales.csv is deleted.', 'sales.csv is deleted.', 'c', 'd', 'e']);
  for (const { lapse } of actions) expect(lapse).not.toHaveBeenCalled();
});

test('an action is done once and does not lapse, and the message goes', () => {
  const notices = createNotices();
  const action = makeAction();
  const id = notices.show('info', 'deleted', action);
  expect(notices.act(id)).toEqual(['#/a']);
  expect(notices.act(id)).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(action.run).toHaveBeenCalledTimes(1);
  expect(action.lapse).not.toHaveBeenCalled();
  expect(textsOf(notices)).toEqual([]);
});

test('an action lapses with its message: when its time is over, and when it is closed', () => {
  const notices = createNotices();
  const [first, second] = [makeAction(), makeAction()];
  notices.show('info', 'first', first);
  vi.advanceTimersByTime(7999);
  expect(first.lapse).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(first.lapse).toHaveBeenCalledTimes(1);
  notices.dismiss(notices.show('info', 'second', second));
  vi.advanceTimersByTime(60_000);
  expect(second.lapse).toHaveBeenCalledTimes(1);
});

test('a message in place of another has its whole time, and nothing lapses', () => {
  const notices = createNotices();
  const action = makeAction();
  const id = notices.show('info', 'one', action);
  notices.show('error', 'away');
  vi.advanceTimersByTime(7000);
  expect(notices.show('info', 'two', action, id)).toBe(id);
  expect(textsOf(notices)).toEqual(['two', 'away']);
  vi.advanceTimersByTime(7999);
  expect(textsOf(notices)).toEqual(['two']);
  expect(action.lapse).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(action.lapse).toHaveBeenCalledTimes(1);
  expect(notices.show('info', 'three', action, id)).not.toBe(id);
});

test('no time passes while a reader is at the messages', () => {
  const notices = createNotices();
  notices.show('info', 'before');
  vi.advanceTimersByTime(4000);
  notices.hold(true);
  notices.show('info', 'meanwhile');
  vi.advanceTimersByTime(60_000);
  expect(textsOf(notices)).toEqual(['before', 'meanwhile']);
  notices.hold(false);
  vi.advanceTimersByTime(4999);
  expect(textsOf(notices)).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(textsOf(notices)).toEqual([]);
});
