import { describe, expect, it } from 'vitest';
import { daysOf, periodAt, periodBefore, periodPlace, yearBefore } from './period.ts';

const kinds = ['year', 'quarter', 'month', 'week', 'day'] as const;

describe('periodPlace', () => {
  it.each(kinds)('periods of the kind %s follow each other without a gap, over centuries', (kind) => {
    const first = periodPlace(
      kind,
      { year: '1899', quarter: '1899-Q4', month: '1899-12', week: '1899-W52', day: '1899-12-31' }[kind],
    );
    for (let step = 0; step < 3_000; step++) {
      const place = (first ?? Number.NaN) + step;
      expect(periodPlace(kind, periodAt(kind, place))).toBe(place);
    }
  });
  it.each([
    ['day', '2026-02-30'],
    ['month', '2026-13'],
    ['month', '2026-1'],
    ['quarter', '2026-Q5'],
    ['week', '2025-W53'],
    ['year', 'North'],
    ['year', ''],
  ] as const)('knows no %s %j', (kind, text) => expect(periodPlace(kind, text)).toBeUndefined());
  it('knows the weeks of ISO 8601', () => {
    expect(periodAt('week', periodPlace('week', '2026-W53')! + 1)).toBe('2027-W01');
    expect(daysOf('2026-W01')).toEqual([periodPlace('day', '2025-12-29'), periodPlace('day', '2026-01-04')]);
  });
});

describe('periodBefore', () => {
  it.each([
    ['year', '2026', '2025'],
    ['quarter', '2026-Q1', '2025-Q4'],
    ['month', '2026-01', '2025-12'],
    ['week', '2027-W01', '2026-W53'],
    ['day', '2024-03-01', '2024-02-29'],
  ] as const)('%s %s comes after %s', (kind, text, before) => expect(periodBefore(kind, text)).toBe(before));
});

describe('yearBefore', () => {
  it.each([
    ['quarter', '2026-Q1', '2025-Q1'],
    ['week', '2026-W05', '2025-W05'],
    ['week', '2026-W53', undefined],
    ['day', '2024-02-29', undefined],
    ['day', '2025-02-28', '2024-02-28'],
  ] as const)('%s %s: %s', (kind, text, before) => expect(yearBefore(kind, text)).toBe(before));
});

describe('daysOf', () => {
  it('ends with the last day of a period', () => {
    const day = (text: string) => periodPlace('day', text);
    expect(daysOf('2024-02')).toEqual([day('2024-02-01'), day('2024-02-29')]);
    expect(daysOf('2026-Q4')).toEqual([day('2026-10-01'), day('2026-12-31')]);
    expect(daysOf('2026')).toEqual([day('2026-01-01'), day('2026-12-31')]);
    expect(daysOf('12.5')).toBeUndefined();
  });
});
