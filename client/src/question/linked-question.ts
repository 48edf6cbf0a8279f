import { parseFilter } from '../jobs/filter-text.ts';
import type { QuestionSettings } from '../upload/csv-options.ts';

/** The question of a link. Parts that it does not name stay as they were. */
export interface LinkedQuestion {
  question: Partial<QuestionSettings>;
  /** Filters that cannot be read. */
  unread: string[];
}

/**
 * Reads the question of a link: `by=Region&by=Date:month&of=Revenue&where=Region in North,South`. Each may come several
 * times; `of` may be a product of two columns, as `Quantity*Price`; `where` is as `parseFilter` reads it, and without a text means all rows.
 */
export function questionOfLink(query: string): LinkedQuestion {
  const fields = new URLSearchParams(query);
  const groupBy = fields.getAll('by').filter((name) => name !== '');
  const amounts = fields.getAll('of').filter((name) => name !== '');
  const [amountColumn = ''] = amounts;
  const isColumn = amounts.length === 1 && !amountColumn.includes('*');
  const wheres = fields.getAll('where');
  const filters = wheres.filter((text) => text.trim() !== '').map((text) => ({ text, filter: parseFilter(text) }));
  return {
    question: {
      ...(groupBy.length > 0 && { groupBy }),
      ...(amounts.length > 0 && (isColumn ? { amountColumn, amounts: [] } : { amountColumn: '', amounts })),
      ...(wheres.length > 0 && { where: filters.flatMap(({ filter }) => filter ?? []) }),
    },
    unread: filters.flatMap(({ text, filter }) => (filter === undefined ? [text] : [])),
  };
}
