import './chart.css';
import { createEffect, createMemo, createSignal, on, onCleanup, onMount, Show } from 'solid-js';
import { formatDecimal } from '../format/decimal.ts';
import { createMedia } from '../reactive/media.ts';
import { resultTexts } from '../texts-of-results.ts';
import { axisBase } from './axis.ts';
import { resolveColor } from './chart-colors.ts';
import { ChartDownloads } from './chart-downloads.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { ChartReadout } from './chart-readout.tsx';
import { chartSvg, printedSize } from './chart-svg.ts';
import { lineName } from './line-name.ts';
import { lineKey, type TimeCourse, usuallyShown } from './time-course.ts';
import { drawTimePlot, type TimePlot } from './time-plot.ts';

/** A point that a reader asks about: a period, and a line if one is near. */
export interface ChartPoint {
  period: string;
  /** The other keys of the group; empty for all groups together. */
  keys: readonly string[];
}

const words = resultTexts.chart;
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });
/** In rem. */
const plotHeight = { wide: 20, narrow: 15 };
/** Periods that a reader passes over at once. */
const largeStep = 12;

/** Sums over time as lines; what is drawn is read out exactly, by pointer and by keyboard. */
export default function TimeChart(props: {
  title: string;
  /** Undefined if it is not to be downloaded. */
  filename: string | undefined;
  /** What it is of, and where that comes from, for those who see the downloaded chart alone. */
  notes: readonly string[];
  course: TimeCourse;
  /** Offers questions about a point; undefined if none can be asked. */
  onAsk: ((point: ChartPoint, place: DOMRect) => void) | undefined;
}) {
  const [at, setAt] = createSignal<number>();
  /** Lines that the reader has shown or hidden, by their keys: they stay so when others come before them. */
  const [choices, setChoices] = createSignal<ReadonlyMap<string, boolean>>(new Map());
  const [left, setLeft] = createSignal(0);
  const [width, setWidth] = createSignal(0);
  const isPrinted = createMedia('print');
  const isNarrow = createMedia('(max-width: 46rem)');
  const isDark = createMedia('(prefers-color-scheme: dark)');
  let frame!: HTMLDivElement;
  let place!: HTMLDivElement;
  let plot: TimePlot | undefined;
  /** The period that was read when a pointer came down. */
  let readBefore: number | undefined;

  const shown = createMemo(() => {
    const usual = usuallyShown(props.course);
    return props.course.lines.map((line, index) => choices().get(lineKey(line)) ?? usual[index] ?? true);
  });
  const base = createMemo(() => axisBase(props.course, shown()));
  const last = () => props.course.periods.length - 1;
  const read = (period: number | undefined) => {
    setAt(period);
    if (period !== undefined && plot !== undefined) setLeft(plot.leftOf(period));
  };
  const goTo = (period: number | undefined) => {
    plot?.point(period);
    read(period);
  };

  const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = () => (isNarrow() ? plotHeight.narrow : plotHeight.wide) * rem();
  onMount(() => {
    createEffect(
      on(
        () => props.course,
        (course, before) => {
          if (plot !== undefined && before !== undefined && hasSameLines(course, before)) {
            const reading = at();
            plot.update(course);
            // The period that is read may have moved, and its sums have changed.
            if (reading !== undefined) goTo(course.periods.indexOf(before.periods[reading] ?? ''));
            return;
          }
          setAt(undefined);
          plot?.destroy();
          plot = drawTimePlot(place, course, { width: place.clientWidth, height: height() }, read);
        },
      ),
    );
    onCleanup(() => plot?.destroy());
    const resize = new ResizeObserver(() => {
      setWidth(place.clientWidth);
      if (place.clientWidth === 0) return;
      plot?.resize(place.clientWidth, height());
      // The period that is read has moved.
      goTo(at());
    });
    resize.observe(place);
    const theme = new MutationObserver(() => plot?.repaint());
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    onCleanup(() => {
      resize.disconnect();
      theme.disconnect();
    });
    createEffect(on(isDark, () => plot?.repaint(), { defer: true }));
    createEffect(() => {
      for (const [index, isShown] of shown().entries()) plot?.setShown(index, isShown);
    });
  });

  const ask = (period: number | undefined, top?: number) => {
    const text = props.course.periods[period ?? -1];
    if (period === undefined || text === undefined || props.onAsk === undefined) return;
    const near = top === undefined ? undefined : plot?.lineNear(period, top);
    const { left: from, top: above, height: size } = place.getBoundingClientRect();
    const drawn = plot?.topOf(period, Math.max(0, near ?? shown().indexOf(true)));
    const anchor = new DOMRect(from + (plot?.leftOf(period) ?? 0), above + (top ?? drawn ?? size / 3), 0, 0);
    props.onAsk({ period: text, keys: props.course.lines[near ?? 0]?.keys ?? [] }, anchor);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const from = at() ?? last() + 1;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => goTo(Math.max(0, from - 1)),
      ArrowDown: () => goTo(Math.max(0, from - 1)),
      ArrowRight: () => goTo(Math.min(last(), from + 1)),
      ArrowUp: () => goTo(Math.min(last(), from + 1)),
      PageDown: () => goTo(Math.max(0, from - largeStep)),
      PageUp: () => goTo(Math.min(last(), from + largeStep)),
      Home: () => goTo(0),
      End: () => goTo(last()),
      Enter: () => ask(at()),
      ' ': () => ask(at()),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const spoken = () => {
    const period = at() ?? last();
    const values = props.course.lines
      .filter((_, index) => shown()[index])
      .map((line) => {
        const value = line.values[period];
        return words.value(lineName(line), value === undefined ? words.noValue : formatDecimal(value));
      });
    return [props.course.periods[period], ...values].join(', ');
  };
  const svg = () =>
    chartSvg({
      title: props.title,
      notes: props.notes,
      course: props.course,
      shown: shown(),
      color: (name) => resolveColor(frame, name, 'light'),
      ...printedSize,
    });

  return (
    <figure class="chart" ref={frame} aria-label={props.title}>
      <Show when={props.course.lines.length > 1}>
        <ChartLegend
          lines={props.course.lines}
          shown={shown()}
          onToggle={(line) =>
            setChoices((before) => {
              const chosen = props.course.lines[line];
              return chosen === undefined ? before : new Map(before).set(lineKey(chosen), !shown()[line]);
            })
          }
        />
      </Show>
      <Show when={base() > 0}>
        <p class="quiet chart-base">{words.base(compact.format(base()))}</p>
      </Show>
      <div class="chart-frame">
        {/* biome-ignore lint/a11y/useFocusableInteractive: it is focusable, by the attribute as Solid has it */}
        <div
          class="chart-plot"
          classList={{ 'is-askable': props.onAsk !== undefined }}
          ref={place}
          role="slider"
          tabindex={0}
          aria-label={props.title}
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={last()}
          aria-valuenow={at() ?? last()}
          aria-valuetext={spoken()}
          aria-describedby="chart-notes"
          onKeyDown={onKeyDown}
          onBlur={() => goTo(undefined)}
          onFocus={() => place.matches(':focus-visible') && goTo(at() ?? last())}
          onPointerDown={() => {
            readBefore = at();
          }}
          onClick={(event) => {
            // A finger cannot hover: its first touch reads a period, and the next one asks about it.
            const { left: from, top } = place.getBoundingClientRect();
            const period = plot?.periodNear(event.clientX - from);
            const isTouch = event instanceof PointerEvent && event.pointerType === 'touch';
            if (isTouch && readBefore !== period) return goTo(period);
            ask(period, event.clientY - top);
          }}
        />
        <Show when={at() !== undefined}>
          <ChartReadout course={props.course} period={at() ?? 0} shown={shown()} left={left()} width={width()} />
        </Show>
        <Show when={!shown().includes(true)}>
          <p class="quiet chart-empty">{words.noLine}</p>
        </Show>
      </div>
      <Show when={isPrinted()}>
        <div class="chart-printed" innerHTML={svg()} />
      </Show>
      <figcaption class="chart-foot">
        <span class="quiet" id="chart-notes">
          <Show when={props.course.hasGaps || props.course.lines.some(({ values }) => values.includes(undefined))}>
            {words.gaps(resultTexts.periods[props.course.kind])}{' '}
          </Show>
          <span class="chart-keys">{props.onAsk === undefined ? words.readKeys : words.keys}</span>
        </span>
        <Show when={props.filename}>{(filename) => <ChartDownloads filename={filename()} svg={svg} />}</Show>
      </figcaption>
    </figure>
  );
}

function hasSameLines(one: TimeCourse, other: TimeCourse): boolean {
  return (
    one.lines.length === other.lines.length &&
    one.lines.every((line, at) => lineKey(line) === lineKey(other.lines[at]!))
  );
}
