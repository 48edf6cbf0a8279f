import { formatCount } from '../format/count.ts';
import { keysLabel } from '../groups/key-label.ts';
import { resultTexts } from '../texts-of-results.ts';
import type { CourseLine } from './time-course.ts';

/** The name of a line of a chart. */
export function lineName({ role, keys, groups }: Pick<CourseLine, 'role' | 'keys' | 'groups'>): string {
  if (role === 'total' || role === 'only') return resultTexts.chart.total;
  return role === 'others' ? resultTexts.chart.others(formatCount(groups)) : keysLabel(keys);
}
