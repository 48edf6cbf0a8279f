import { type PeriodKind, periodAt } from '../periods/period.ts';
import { uPlot } from '../ui/plot.ts';
import { axisBase, hasArea } from './axis.ts';
import { lineStyle, resolveColor } from './chart-colors.ts';
import { type CourseLine, plotCourse, type TimeCourse } from './time-course.ts';

/** Steps between two labels of the axis of time, in periods: those after which a reader expects the next one. */
const steps: Record<PeriodKind, readonly number[]> = {
  year: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  quarter: [1, 2, 4, 8, 20, 40, 80, 200, 400, 2000],
  month: [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200],
  week: [1, 2, 4, 8, 13, 26, 52, 104, 260, 520, 2600],
  day: [1, 2, 7, 14, 28, 91, 182, 364, 728, 1820, 3640, 36400],
};
/** Where periods are so far apart, in pixels, each value has a dot. */
const dotDistance = 20;

/** A drawn course. */
export interface TimePlot {
  /** Shows or hides a line. */
  setShown(line: number, isShown: boolean): void;
  /** Moves the cursor to a period, or away. */
  point(period: number | undefined): void;
  /** Where a period is drawn, in pixels from the left of the plot. */
  leftOf(period: number): number;
  /** The period that is drawn nearest to a place, in pixels from the left of the plot. */
  periodNear(left: number): number;
  /** Where the value of a line at a period is drawn, in pixels from the top; undefined if it is not. */
  topOf(period: number, line: number): number | undefined;
  /** The line that is drawn nearest to a height at a period, in pixels from the top; undefined if none is near. */
  lineNear(period: number, top: number): number | undefined;
  resize(width: number, height: number): void;
  /** Draws other sums of the same lines. */
  update(course: TimeCourse): void;
  /** Draws in the colours that the page has by now. */
  repaint(): void;
  destroy(): void;
}

/** How near a line must be to be the one that is meant. */
const nearPixels = 24;

/** Draws a course into a place on the page. `onPoint` is told of the period under the pointer. */
export function drawTimePlot(
  place: HTMLElement,
  first: TimeCourse,
  size: { width: number; height: number },
  onPoint: (period: number | undefined) => void,
): TimePlot {
  let course = first;
  let { places, heights, indexes } = plotCourse(course);
  const color = (name: string) => () => resolveColor(place, name);
  const font = () =>
    `${Math.round(Number.parseFloat(getComputedStyle(place).fontSize))}px ${getComputedStyle(place).fontFamily}`;
  const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });
  const axis = { stroke: color('--ink-quiet'), ticks: { show: false }, font: font() };
  const grid = { stroke: color('--line'), width: 1 };
  const columnOf = (period: number) => indexes.indexOf(period);
  // The drawing tells of its cursor while it is moved from here, too.
  let isPointing = false;
  const shown = first.lines.map(() => true);

  const plot = new uPlot(
    {
      ...size,
      padding: [8, 40, 0, 0],
      legend: { show: false },
      cursor: {
        // It holds a click for a drag where the pointer is not exactly at a place, and would stop it.
        drag: { setScale: false, x: false, y: false, click: () => undefined },
        y: false,
        move: snapToPlace,
      },
      scales: {
        x: { time: false, range: (_plot, least, most) => padded(least, most) },
        y: { range: (_plot, least, most) => around(least, most, axisBase(course, shown)) },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 80,
          size: 36,
          gap: 8,
          incrs: [...steps[first.kind]],
          values: (_plot, splits) =>
            splits.map((split) => (Number.isInteger(split) ? periodAt(first.kind, split) : '')),
        },
        {
          ...axis,
          grid,
          size: (plot, values) => axisSize(plot, values),
          values: (_plot, splits) => splits.map((split) => compact.format(split)),
        },
      ],
      series: [{}, ...first.lines.map((line, index) => seriesOf(line, index, color, () => course.periods.length))],
      hooks: {
        setCursor: [
          ({ cursor }) => {
            if (!isPointing) onPoint(cursor.idx == null ? undefined : (indexes[cursor.idx] ?? undefined));
          },
        ],
      },
    },
    [places, ...heights] as uPlot.AlignedData,
    place,
  );

  const leftOf = (period: number) => plot.valToPos(course.places[period] ?? 0, 'x');
  return {
    setShown(line, show) {
      shown[line] = show;
      plot.setSeries(line + 1, { show });
    },
    point(period) {
      isPointing = true;
      plot.setCursor(period === undefined ? { left: -10, top: -10 } : { left: leftOf(period), top: 0 });
      isPointing = false;
    },
    leftOf: (period) => leftOf(period) + plot.over.offsetLeft,
    periodNear(left) {
      const distances = course.places.map((_, period) => Math.abs(leftOf(period) + plot.over.offsetLeft - left));
      return distances.indexOf(Math.min(...distances));
    },
    topOf(period, line) {
      const height = heights[line]?.[columnOf(period)];
      return height == null ? undefined : plot.valToPos(height, 'y') + plot.over.offsetTop;
    },
    lineNear(period, top) {
      const distances = heights.map((line, index) => {
        const height = line[columnOf(period)];
        const isDrawn = height != null && plot.series[index + 1]?.show === true;
        return isDrawn ? Math.abs(plot.valToPos(height, 'y') - (top - plot.over.offsetTop)) : Number.POSITIVE_INFINITY;
      });
      const least = Math.min(...distances);
      return least <= nearPixels ? distances.indexOf(least) : undefined;
    },
    resize: (width, height) => plot.setSize({ width, height }),
    update(next) {
      course = next;
      ({ places, heights, indexes } = plotCourse(next));
      plot.setData([places, ...heights] as uPlot.AlignedData);
    },
    repaint: () => plot.redraw(),
    destroy: () => plot.destroy(),
  };
}

function seriesOf(
  line: CourseLine,
  index: number,
  color: (name: string) => () => string,
  periods: () => number,
): uPlot.Series {
  const style = lineStyle(line, index);
  const stroke = color(style.color);
  return {
    stroke,
    width: line.role === 'total' ? 1.5 : 2,
    dash: [...style.dash],
    spanGaps: false,
    ...(hasArea(line) && { fill: color('--series-area') }),
    points: {
      show: true,
      size: 6,
      stroke,
      fill: stroke,
      // A value between two gaps would be a line without a length.
      filter: (plot, series) => dotted(plot.data[series] ?? [], plot.width / periods() >= dotDistance),
    },
  };
}

/** The cursor stands on a place, not between two. */
function snapToPlace(plot: uPlot, left: number, top: number): [number, number] {
  if (left < 0) return [left, top];
  const place = plot.data[0][plot.posToIdx(left)];
  return [place === undefined ? left : plot.valToPos(place, 'x'), top];
}

/** The values that have a dot: all of them, or those without a neighbour. */
function dotted(values: ArrayLike<number | null | undefined>, all: boolean): number[] {
  return Array.from(values, (_, index) => index).filter(
    (index) => values[index] != null && (all || (values[index - 1] == null && values[index + 1] == null)),
  );
}

/** A single period stands in the middle. */
function padded(least: number, most: number): [number, number] {
  return least === most ? [least - 1, most + 1] : [least, most];
}

/** Heights tell how sums compare only if they begin at zero; `base` is above it where that is said. Without a line there is nothing to compare. */
function around(least: number | null, most: number | null, base: number): [number, number] {
  if (base > 0) return [base, (most ?? base) + Math.max((most ?? base) - base, base / 100) * 0.05];
  const [low, high] = [Math.min(0, least ?? 0), Math.max(0, most ?? 0)];
  const room = (high - low) * 0.05;
  return low === high ? [0, 1] : [low < 0 ? low - room : 0, high > 0 ? high + room : 0];
}

const axisGap = 14;

function axisSize(plot: uPlot, values: readonly string[] | null): number {
  const { ctx } = plot;
  const widest = Math.max(0, ...(values ?? []).map((value) => ctx.measureText(value).width));
  return Math.ceil(widest / uPlot.pxRatio) + axisGap;
}
