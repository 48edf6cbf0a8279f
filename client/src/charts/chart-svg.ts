import { type PeriodKind, periodAt } from '../periods/period.ts';
import { resultTexts } from '../texts-of-results.ts';
import { axisBase, axisMarks, hasArea } from './axis.ts';
import { lineStyle } from './chart-colors.ts';
import { lineName } from './line-name.ts';
import { type CourseLine, type PlottedCourse, plotCourse, type TimeCourse } from './time-course.ts';

/** The size of a chart in a file and in print. */
export const printedSize = { width: 960, height: 480 };

/** A chart to be written. */
export interface ChartDrawing {
  title: string;
  /** What it is of, and where that comes from: each a paragraph below the title. */
  notes: readonly string[];
  course: TimeCourse;
  /** Which lines are drawn. */
  shown: readonly boolean[];
  /** The colour that a custom property stands for. */
  color: (name: string) => string;
  width: number;
  height: number;
}

/** The labels of the first and the last period stand half beside the lines. */
const margin = { left: 72, right: 48, bottom: 36 };
const titleHeight = 44;
const noteHeight = 18;
const legendRow = 22;
const letterWidth = 7;
/** The place of a label on the axis of time. */
const labelWidth = 84;
const font = 'font-family="system-ui, sans-serif" font-size="13"';

/**
 * Writes a chart as an SVG with attributes only, which the policy of the page allows and every program reads. Numbers are
 * floats here: they are places of pixels and labels of an axis.
 */
export function chartSvg({ title, notes, course, shown, color, width, height }: ChartDrawing): string {
  const lines = course.lines.map((line, index) => ({ line, index })).filter(({ index }) => shown[index]);
  const inside = width - margin.left - margin.right;
  const base = axisBase(course, shown);
  const marks = axisMarks(
    lines.flatMap(({ line }) => line.values.map((value) => (value === undefined ? null : Number(value)))),
    base,
  );
  const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });
  const told = base === 0 ? notes : [...notes, resultTexts.chart.base(compact.format(marks[0] ?? 0))];
  const paragraphs = told.flatMap((note) => wrap(note, Math.floor(inside / letterWidth)));
  const legendTop = titleHeight + paragraphs.length * noteHeight;
  // The title says already what a single line is.
  const legend = course.lines.length === 1 ? { places: [], rows: 0 } : layLegend(lines, inside);
  const top = legendTop + legend.rows * legendRow;
  const plotted = plotCourse(course);
  const area = { left: margin.left, right: width - margin.right, top: top + 8, bottom: height - margin.bottom };
  const x = scale([plotted.places[0] ?? 0, plotted.places.at(-1) ?? 0], [area.left, area.right]);
  const y = scale([marks[0] ?? 0, marks.at(-1) ?? 1], [area.bottom, area.top]);
  const ink = color('--ink');
  const quiet = color('--ink-quiet');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}>`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${color('--surface')}"/>`,
    `<text x="${margin.left}" y="28" font-size="17" font-weight="600" fill="${ink}">${escapeXml(title)}</text>`,
    ...paragraphs.map(
      (text, index) =>
        `<text x="${margin.left}" y="${titleHeight + index * noteHeight + 4}" fill="${quiet}">${escapeXml(text)}</text>`,
    ),
    ...legend.places.map(
      ({ line, index, left, row }) =>
        `${stroke(`M${margin.left + left} ${legendTop + row * legendRow + 6}h24`, line, index, color)}` +
        `<text x="${margin.left + left + 30}" y="${legendTop + row * legendRow + 10}" fill="${ink}">${escapeXml(shorten(lineName(line)))}</text>`,
    ),
    ...marks.map(
      (mark) =>
        `<path d="M${area.left} ${round(y(mark))}H${area.right}" stroke="${color('--line')}"/>` +
        `<text x="${area.left - 8}" y="${round(y(mark)) + 4}" text-anchor="end" fill="${quiet}">${escapeXml(compact.format(mark))}</text>`,
    ),
    ...timeLabels(course.kind, plotted, area.right - area.left).map(
      ({ place, text }) =>
        `<text x="${round(x(place))}" y="${area.bottom + 22}" text-anchor="middle" fill="${quiet}">${text}</text>`,
    ),
    ...lines.map(({ line, index }) => {
      const path = linePath(plotted, index, x, y);
      const fill = hasArea(line) ? areaPath(plotted, index, x, y, y(Math.max(0, marks[0] ?? 0))) : '';
      return `${fill && `<path d="${fill}" fill="${color('--series-area')}"/>`}${stroke(path, line, index, color)}${dots(plotted, index, x, y, color(lineStyle(line, index).color))}`;
    }),
    '</svg>',
  ].join('\n');
}

type Scale = (value: number) => number;

function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  // A single period stands in the middle.
  if (from === to) return () => (start + end) / 2;
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

function timeLabels(kind: PeriodKind, { places }: PlottedCourse, width: number): { place: number; text: string }[] {
  const [first, last] = [places[0] ?? 0, places.at(-1) ?? 0];
  const most = Math.max(1, Math.floor(width / labelWidth));
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const labels: { place: number; text: string }[] = [];
  const label = (place: number) => labels.push({ place, text: periodAt(kind, place) });
  // The last one is labelled whatever the step: it is the one that is asked about most.
  for (let place = first; place <= last - step; place += step) label(place);
  label(last);
  return labels;
}

function linePath({ places, heights }: PlottedCourse, line: number, x: Scale, y: Scale): string {
  let isOpen = false;
  return places
    .map((place, index) => {
      const height = heights[line]?.[index];
      const command = isOpen ? 'L' : 'M';
      isOpen = height != null;
      return height == null ? '' : `${command}${round(x(place))} ${round(y(height))}`;
    })
    .join('');
}

/** The areas under the pieces of a line. */
function areaPath(plotted: PlottedCourse, line: number, x: Scale, y: Scale, bottom: number): string {
  return linePath(plotted, line, x, y)
    .split('M')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const points = piece.split('L');
      const [first = '', last = ''] = [points[0], points.at(-1)];
      return `M${first.split(' ')[0]} ${round(bottom)}L${piece}L${last.split(' ')[0]} ${round(bottom)}Z`;
    })
    .join('');
}

/** With no more periods than these, each value has a dot. */
const fewPeriods = 40;

function dots({ places, heights }: PlottedCourse, line: number, x: Scale, y: Scale, fill: string): string {
  const values = heights[line] ?? [];
  return places
    .map((place, index) => {
      const height = values[index];
      const isAlone = values[index - 1] == null && values[index + 1] == null;
      if (height == null || !(isAlone || places.length <= fewPeriods)) return '';
      return `<circle cx="${round(x(place))}" cy="${round(y(height))}" r="2.5" fill="${fill}"/>`;
    })
    .join('');
}

function stroke(path: string, line: CourseLine, index: number, color: (name: string) => string): string {
  const style = lineStyle(line, index);
  const dash = style.dash.length > 0 ? ` stroke-dasharray="${style.dash.join(' ')}"` : '';
  return `<path d="${path}" fill="none" stroke="${color(style.color)}" stroke-width="2" stroke-linejoin="round"${dash}/>`;
}

interface LegendPlace {
  line: CourseLine;
  index: number;
  left: number;
  row: number;
}

function layLegend(lines: readonly { line: CourseLine; index: number }[], width: number) {
  let [left, row] = [0, 0];
  const places: LegendPlace[] = [];
  for (const { line, index } of lines) {
    const size = 30 + shorten(lineName(line)).length * letterWidth + 20;
    if (left > 0 && left + size > width) [left, row] = [0, row + 1];
    places.push({ line, index, left, row });
    left += size;
  }
  return { places, rows: row + 1 };
}

/** Breaks a text into lines of no more than so many characters, between its words where it can. */
function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${most}}`, 'gsu')) ?? [])) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].filter((each) => each !== '');
}

const longestName = 40;

function shorten(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
  const allowed = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').toWellFormed();
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
