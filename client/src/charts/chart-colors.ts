import type { CourseLine } from './time-course.ts';

/** Lines are told apart by their strokes as well as by their colours. */
const dashes: readonly (readonly number[])[] = [[], [9, 4], [2, 3], [9, 3, 2, 3], [5, 3], [14, 4]];

/** How a line is drawn. */
export interface LineStyle {
  /** The custom property of its colour. */
  color: string;
  dash: readonly number[];
}

/** The style of the line at a place of a course. */
export function lineStyle(line: Pick<CourseLine, 'role'>, place: number): LineStyle {
  if (line.role === 'total') return { color: '--line-strong', dash: [] };
  if (line.role === 'only') return { color: '--series-1', dash: [] };
  if (line.role === 'others') return { color: '--series-others', dash: [1, 3] };
  return { color: `--series-${place}`, dash: dashes[place - 1] ?? [] };
}

/**
 * The value of a custom property where an element stands. Canvases and files know no properties, and colours come in
 * pairs: an element must resolve them.
 *
 * @param scheme asks for the colour of one theme, whatever the page has
 */
export function resolveColor(host: HTMLElement, name: string, scheme?: 'light'): string {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  if (scheme !== undefined) probe.style.colorScheme = scheme;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
