import type { JSX } from 'solid-js';
import { lineStyle } from './chart-colors.ts';
import type { CourseLine } from './time-course.ts';

/** A short piece of a line of a chart, as a key to it. */
export function LineMark(props: { line: CourseLine; place: number }): JSX.Element {
  const style = () => lineStyle(props.line, props.place);
  return (
    <svg class="line-mark" viewBox="0 0 24 10" aria-hidden="true" style={{ color: `var(${style().color})` }}>
      <path d="M1 5h22" stroke-dasharray={style().dash.join(' ')} />
    </svg>
  );
}
