import { For, Show } from 'solid-js';
import { formatDecimal } from '../format/decimal.ts';
import { resultTexts } from '../texts-of-results.ts';
import { LineMark } from './line-mark.tsx';
import { lineName } from './line-name.ts';
import type { TimeCourse } from './time-course.ts';

/** The exact values of one period, beside the line that marks it. A screen reader has them from the chart itself. */
export function ChartReadout(props: {
  course: TimeCourse;
  period: number;
  shown: readonly boolean[];
  /** Where the period is drawn, and how wide the chart is, in pixels. */
  left: number;
  width: number;
}) {
  const isOnRight = () => props.left > props.width / 2;
  return (
    <div
      class="chart-readout"
      aria-hidden="true"
      classList={{ 'is-on-right': isOnRight() }}
      style={{ '--at': `${Math.round(props.left)}px` }}
    >
      <strong>{props.course.periods[props.period]}</strong>
      <dl>
        <For each={props.course.lines}>
          {(line, index) => (
            <Show when={props.shown[index()]}>
              <div>
                <dt>
                  <LineMark line={line} place={index()} />
                  <span>{lineName(line)}</span>
                </dt>
                <dd>{formatValue(line.values[props.period])}</dd>
              </div>
            </Show>
          )}
        </For>
      </dl>
    </div>
  );
}

function formatValue(value: string | undefined): string {
  return value === undefined ? resultTexts.chart.noValue : formatDecimal(value);
}
