import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { chartSvg } from './chart-svg.ts';
import { makeTimeCourse } from './time-course.ts';

describe('chartSvg', () => {
  const total = (sum: string, ...keys: string[]) => create(TotalSchema, { department: keys[0] ?? '', keys, sum });
  const totals = [
    total('1', '<West> & "Co"', '2026-01'),
    total('2', '<West> & "Co"', '2026-02'),
    total('4', '<West> & "Co"', '2026-05'),
    total('8', 'East\u0000', '2026-05'),
  ];
  const course = makeTimeCourse(totals, 1, 'month', [0]);
  const notes = ['Sum of A, only where B is <C>', 'file.csv'];
  const color = (name: string) => name;
  const drawing = { title: 'A < B', notes, course, shown: [true, true, true], color, width: 960, height: 480 };
  const draw = (shown: boolean[]) => chartSvg({ ...drawing, shown });

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

  it('says what it shows and where that comes from, on as many lines as it takes', () => {
    expect(draw([true, true, true])).toContain('>Sum of A, only where B is &lt;C&gt;</text>');
    expect(draw([true, true, true])).toContain('>file.csv</text>');
    const words = Array.from({ length: 200 }, (_, at) => `word${at}`);
    const svg = chartSvg({ ...drawing, notes: [words.join(' ')] });
    const lines = [...svg.matchAll(/>(word[^<]*)<\/text>/g)].map(([, line]) => line ?? '');
    expect(lines.join(' ')).toBe(words.join(' '));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(130);
  });

  it('labels the first and the last period, and has no key to a single line', () => {
    const months = Array.from({ length: 25 }, (_, at) => {
      const month = `${2024 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
      return total('5', month);
    });
    const svg = chartSvg({ ...drawing, course: makeTimeCourse(months, 0, 'month', []), shown: [true] });
    const labels = [...svg.matchAll(/>(20\d\d-\d\d)<\/text>/g)].map(([, label]) => label);
    expect([labels.at(0), labels.at(-1)]).toEqual(['2024-01', '2026-01']);
    expect(new Set(labels).size).toBe(labels.length);
    expect(svg).not.toContain('>Total</text>');
  });

  it('says where an axis does not begin at zero', () => {
    const flat = ['2026-01', '2026-02'].flatMap((month) => [total('100', 'A', month), total('101', 'B', month)]);
    const course = makeTimeCourse(flat, 1, 'month', [0]);
    expect(chartSvg({ ...drawing, course, shown: [false, true, true] })).toContain('not at zero');
    expect(chartSvg({ ...drawing, course, shown: [true, true, true] })).not.toContain('not at zero');
  });
});
