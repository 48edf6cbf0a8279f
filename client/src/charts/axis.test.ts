import { describe, expect, it } from 'vitest';
import { axisBase, axisMarks } from './axis.ts';
import type { CourseLine } from './time-course.ts';

describe('axisMarks', () => {
  it.each([
    [
      [3, 9.5],
      [0, 2, 4, 6, 8, 10],
    ],
    [
      [-7, 12],
      [-10, -5, 0, 5, 10, 15],
    ],
    [
      [null, 0.03],
      [0, 0.01, 0.02, 0.03],
    ],
    [[], [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('round numbers around %j and zero', (heights, marks) => {
    const found = axisMarks(heights);
    expect(found).toHaveLength(marks.length);
    for (const [index, mark] of found.entries()) expect(mark).toBeCloseTo(marks[index] ?? Number.NaN, 10);
  });

  it('begins at another base', () => expect(axisMarks([71, 74], 70)).toEqual([70, 71, 72, 73, 74]));
});

describe('axisBase', () => {
  const line = (role: CourseLine['role'], ...values: (string | undefined)[]): CourseLine => ({
    role,
    keys: [],
    groups: 1,
    sum: '0',
    values,
  });
  const close = [line('group', '7100000', '7363002.01'), line('group', '6895816.43', undefined)];

  it('is near the lowest value where only groups are drawn, all of them far from zero', () => {
    const base = axisBase({ lines: close }, [true, true]);
    expect(base).toBe(6_800_000);
    // A line that is switched off says nothing.
    expect(axisBase({ lines: [line('total', '90000000', '1'), ...close] }, [false, true, true])).toBe(base);
  });

  it('is zero beside the area of a total, beside small values, and where nothing is drawn', () => {
    expect(axisBase({ lines: [line('total', '9000000'), ...close] }, [true, true, true])).toBe(0);
    expect(axisBase({ lines: [...close, line('group', '3000000')] }, [true, true, true])).toBe(0);
    expect(axisBase({ lines: [...close, line('group', '-1')] }, [true, true, true])).toBe(0);
    expect(axisBase({ lines: close }, [false, false])).toBe(0);
  });

  it('is below a single value', () => {
    const base = axisBase({ lines: [line('group', '12')] }, [true]);
    expect(base).toBeLessThanOrEqual(12);
    expect(base).toBeGreaterThan(6);
  });
});
