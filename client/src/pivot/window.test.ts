import { describe, expect, it } from 'vitest';
import { linesInSight, offsetFor } from './window.ts';

describe('linesInSight', () => {
  it.each([
    [0, 100, { from: 0, to: 12 }],
    [95, 100, { from: 7, to: 22 }],
    [9_990, 100, { from: 997, to: 1000 }],
    // Elastic scrolling goes beyond both ends.
    [-500, 100, { from: 0, to: 0 }],
  ])('scrolled by %i of 1000 lines', (offset, extent, range) =>
    expect(linesInSight(offset, extent, 10, 1000, 2)).toEqual(range),
  );
  it('is none before anything is measured', () => expect(linesInSight(0, 0, 0, 5, 2)).toEqual({ from: 0, to: 0 }));
});

describe('offsetFor', () => {
  it('stays where the line is in sight', () => expect(offsetFor(5, 10, 30, 100)).toBe(30));
  it('goes back to a line before, and on to one after', () => {
    expect(offsetFor(1, 10, 30, 100)).toBe(10);
    expect(offsetFor(20, 10, 30, 100)).toBe(110);
  });
});
