import { expect, it, vi } from 'vitest';
import { debounce } from './debounce.ts';

it('makes the last call only, once it is quiet', () => {
  vi.useFakeTimers();
  const calls: string[] = [];
  const call = debounce((text: string) => calls.push(text), 200);
  call('n');
  call('no');
  vi.advanceTimersByTime(199);
  call('nor');
  vi.advanceTimersByTime(199);
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(calls).toEqual(['nor']);
  vi.useRealTimers();
});
