import { For } from 'solid-js';
import { formatDecimal } from '../format/decimal.ts';
import { resultTexts } from '../texts-of-results.ts';
import { LineMark } from './line-mark.tsx';
import { lineName } from './line-name.ts';
import type { CourseLine } from './time-course.ts';

/** The names of the lines; each of them switches its line on and off. */
export function ChartLegend(props: {
  lines: readonly CourseLine[];
  shown: readonly boolean[];
  onToggle: (line: number) => void;
}) {
  return (
    <fieldset class="chart-legend">
      <legend class="visually-hidden">{resultTexts.chart.lines}</legend>
      <For each={props.lines}>
        {(line, index) => (
          <button
            type="button"
            aria-pressed={props.shown[index()] ?? false}
            title={`${lineName(line)}: ${formatDecimal(line.sum)}`}
            onClick={() => props.onToggle(index())}
          >
            <LineMark line={line} place={index()} />
            <span class="chart-legend-name">{lineName(line)}</span>
          </button>
        )}
      </For>
    </fieldset>
  );
}
