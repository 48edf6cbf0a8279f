import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { axisMarks, chartSvg } from './chart-svg.ts';
import { makeTimeCourse } from './time-course.ts';

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
});

describe('chartSvg', () => {
  const total = (sum: string, ...keys: string[]) => create(TotalSchema, { department: keys[0] ?? '', keys, sum });
  const totals = [
    total('1', '<West> & "Co"', '2026-01'),
    total('2', '<West> & "Co"', '2026-02'),
    total('4', '<West> & "Co"', '2026-05'),
    total('8', 'East\u0000', '2026-05'),
  ];
  const course = makeTimeCourse(totals, 1, 'month', [0]);
  const draw = (shown: boolean[]) =>
    chartSvg({ title: 'A < B', course, shown, color: (name) => name, width: 960, height: 480 });

  it('writes names as XML takes them', () => {
    const svg = draw([true, true, true]);
    expect(svg).toContain('<title>A &lt; B</title>');
    expect(svg).toContain('&lt;West&gt; &amp; &quot;Co&quot;</text>');
    expect(svg).toContain('East\ufffd</text>');
    expect(svg).not.toMatch(/NaN|undefined|Infinity|style=/);
  });

  it('interrupts a line where there are no rows, and leaves out lines that are switched off', () => {
    const paths = (svg: string, color: string) =>
      [...svg.matchAll(new RegExp(`<path d="([^"]*)" fill="none" stroke="${color}"`, 'g'))].map(([, path]) => path);
    // The last one is the line, the one before its key.
    const line = paths(draw([true, true, true]), '--series-2').at(-1) ?? '';
    expect(line.match(/[ML]/g)?.join('')).toBe('MLM');
    expect(paths(draw([true, true, false]), '--series-2')).toEqual([]);
  });
});
