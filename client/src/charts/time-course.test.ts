import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CourseSchema, TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { courseSoFar, makeTimeCourse, plotCourse, usuallyShown } from './time-course.ts';

const total = (sum: string, ...keys: string[]) =>
  create(TotalSchema, { department: keys[0] ?? '', keys: keys.length > 1 ? keys : [], sum });

describe('makeTimeCourse', () => {
  it('adds up exactly what floats could not, in the order of time', () => {
    const course = makeTimeCourse(
      [
        total('0.2', '2026-02', 'South'),
        total('9007199254740993', '2025-12', 'North'),
        total('0.1', '2026-02', 'North'),
      ],
      0,
      'month',
      [1],
    );
    expect(course.periods).toEqual(['2025-12', '2026-02']);
    expect(course.hasGaps).toBe(true);
    expect(course.lines).toEqual([
      { role: 'total', keys: [], groups: 2, sum: '9007199254740993.3', values: ['9007199254740993.0', '0.3'] },
      { role: 'group', keys: ['North'], groups: 1, sum: '9007199254740993.1', values: ['9007199254740993.0', '0.1'] },
      // No row is no value, not a zero.
      { role: 'group', keys: ['South'], groups: 1, sum: '0.2', values: [undefined, '0.2'] },
    ]);
  });

  it('puts all but the leading groups together, unless that is one alone', () => {
    const groups = (count: number) =>
      Array.from({ length: count }, (_, index) => total(String(index), `G${index}`, '2026'));
    const lines = (count: number) => makeTimeCourse(groups(count), 1, 'year', [0]).lines.slice(1);
    expect(lines(8).map(({ role, keys, groups, sum }) => [role, ...keys, groups, sum])).toEqual([
      ...['G7', 'G6', 'G5', 'G4', 'G3'].map((name) => ['group', name, 1, name.slice(1)]),
      ['others', 3, '3'],
    ]);
    expect(lines(6).map(({ keys }) => keys[0])).toEqual(['G5', 'G4', 'G3', 'G2', 'G1', 'G0']);
  });

  it('is one line where there is no other group', () => {
    const course = makeTimeCourse([total('1', '2026-Q1'), total('2', '2026-Q2')], 0, 'quarter', []);
    expect(course.lines.map(({ role, values }) => [role, ...values])).toEqual([['only', '1', '2']]);
    expect(course.hasGaps).toBe(false);
  });

  it('adds up what differs only in columns that the lines are not of', () => {
    const totals = [total('1', 'North', '2026', 'Chair'), total('2', 'North', '2026', 'Desk')];
    const lines = (by: number[]) => makeTimeCourse(totals, 1, 'year', by).lines.slice(1);
    expect(lines([0]).map(({ keys, sum }) => [...keys, sum])).toEqual([['North', '3']]);
    expect(lines([0, 2]).map(({ keys, sum }) => [...keys, sum])).toEqual([
      ['North', 'Desk', '2'],
      ['North', 'Chair', '1'],
    ]);
  });
});

describe('usuallyShown', () => {
  const shown = (...sums: string[]) =>
    usuallyShown(
      makeTimeCourse(
        sums.map((sum, index) => total(sum, `G${String(index).padStart(2, '0')}`, '2026')),
        1,
        'year',
        [0],
      ),
    );

  it('leaves out the total and the others where the leading groups would be flat beside them', () => {
    expect(shown(...Array.from({ length: 40 }, () => '1'))).toEqual([false, true, true, true, true, true, false]);
    expect(shown('8', ...Array.from({ length: 40 }, () => '1'))).toEqual(Array(7).fill(true));
    expect(shown('-8', '1')).toEqual([true, true, true]);
    expect(usuallyShown(makeTimeCourse([total('1', '2026')], 0, 'year', []))).toEqual([true]);
  });
});

describe('courseSoFar', () => {
  it('is what the totals would make', () => {
    const totals = [total('1.5', 'North', '2026-01'), total('2', 'South', '2026-01'), total('4', 'North', '2026-03')];
    const message = create(CourseSchema, {
      periods: ['2026-01', '2026-03'],
      lines: [
        { key: '', groups: 2, sums: ['3.5', '4.0'] },
        { key: 'North', groups: 1, sums: ['1.5', '4.0'] },
        { key: 'South', groups: 1, sums: ['2.0', ''] },
      ],
    });
    expect(courseSoFar(message, 'month')).toEqual(makeTimeCourse(totals, 1, 'month', [0]));
    const alone = create(CourseSchema, { periods: ['2026-01'], lines: [{ groups: 0, sums: ['1.5'] }] });
    expect(courseSoFar(alone, 'month')).toEqual(makeTimeCourse([total('1.5', '2026-01')], 0, 'month', []));
  });
});

describe('plotCourse', () => {
  it('interrupts lines where time has no rows, once however long that is', () => {
    const course = makeTimeCourse(
      [total('1', '2026-01-01'), total('2', '2026-01-02'), total('3', '2026-03-01')],
      0,
      'day',
      [],
    );
    const { places, heights, indexes } = plotCourse(course);
    expect(places.map((place) => place - (places[0] ?? 0))).toEqual([0, 1, 2, 59]);
    expect(heights).toEqual([[1, 2, null, 3]]);
    expect(indexes).toEqual([0, 1, undefined, 2]);
  });
});
