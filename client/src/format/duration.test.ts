import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.44, '0.4 s'],
    [4.25, '4.3 s'],
    [9.97, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [130, '2 min 10 s'],
    [3599.7, '1 h'],
    [3900, '1 h 5 min'],
    [90_000, '25 h'],
  ])('%d s is %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});
