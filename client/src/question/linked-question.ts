import { parseFilter } from '../jobs/filter-text.ts';
import type { QuestionSettings } from '../upload/csv-options.ts';

/** The question of a link. What it does not name stays as it was. */
export interface LinkedQuestion {
  question: Partial<QuestionSettings>;
  /** Filters that cannot be read. */
  unread: string[];
}

/**
 * Reads the question of a link: `by=Region&by=Date:month&of=Revenue&where=Region in North,South`. `by` and `where` may come
 * several times; `where` is as `parseFilter` reads it, and without a text means all rows.
 */
export function questionOfLink(query: string): LinkedQuestion {
  const fields = new URLSearchParams(query);
  const groupBy = fields.getAll('by').filter((name) => name !== '');
  const amountColumn = fields.get('of') ?? '';
  const wheres = fields.getAll('where');
  const filters = wheres.filter((text) => text.trim() !== '').map((text) => ({ text, filter: parseFilter(text) }));
  return {
    question: {
      ...(groupBy.length > 0 && { groupBy }),
      ...(amountColumn !== '' && { amountColumn }),
      ...(wheres.length > 0 && { where: filters.flatMap(({ filter }) => filter ?? []) }),
    },
    unread: filters.flatMap(({ text, filter }) => (filter === undefined ? [text] : [])),
  };
}
