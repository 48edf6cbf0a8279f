import { afterEach, expect, test, vi } from 'vitest';
import { createProgress } from './progress.ts';

const own = Object.getOwnPropertyDescriptors(process.stderr);

afterEach(() => {
  vi.restoreAllMocks();
  for (const name of ['isTTY', 'columns'] as const) {
    if (own[name]) Object.defineProperty(process.stderr, name, own[name]);
    else Reflect.deleteProperty(process.stderr, name);
  }
});

/** Everything that a bar writes to a terminal of this width. */
function drawn(columns: number | undefined, isEndless = false): string {
  let text = '';
  Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
  Object.defineProperty(process.stderr, 'columns', { value: columns, configurable: true });
  vi.stubEnv('TERM', 'xterm');
  vi.spyOn(process.stderr, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  const progress = createProgress(isEndless);
  progress.update(0.5, '12 MB');
  progress[Symbol.dispose]();
  vi.unstubAllEnvs();
  return text;
}

test.each([undefined, ...Array.from({ length: 61 }, (_, columns) => columns), 80, 400, 65_535])(
  'a terminal of %s columns has a bar or a text',
  (columns) => {
    const text = drawn(columns);
    expect(text).toContain('50 %');
    expect(text).toContain('12 MB');
    expect(text.includes('█') || text.includes('=')).toBe((columns || 80) > 50);
  },
);

test.each([undefined, 0, 1, 30, 80])('without an end, a terminal of %s columns has a text alone', (columns) => {
  const text = drawn(columns, true);
  expect(text).toContain('12 MB');
  expect(text).not.toContain('%');
});
