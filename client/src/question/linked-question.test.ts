import { describe, expect, it } from 'vitest';
import { parseFilter } from '../jobs/filter-text.ts';
import { questionOfLink } from './linked-question.ts';

describe('questionOfLink', () => {
  it('reads columns and filters, written by hand or as a browser writes them', () => {
    const where = [parseFilter('Region in North,"Korea, South"'), parseFilter('Date between 2026-01 and 2026-Q2')];
    const wanted = {
      question: { groupBy: ['Region', 'Date:month'], amountColumn: 'Net & VAT', amounts: [], where },
      unread: [],
    };
    const byHand =
      'by=Region&by=Date:month&of=Net %26 VAT&where=Region in North,"Korea, South"&where=Date between 2026-01 and 2026-Q2';
    expect(questionOfLink(byHand)).toEqual(wanted);
    const encoded = new URLSearchParams([
      ['by', 'Region'],
      ['by', 'Date:month'],
      ['of', 'Net & VAT'],
      ['where', 'Region in North,"Korea, South"'],
      ['where', 'Date between 2026-01 and 2026-Q2'],
    ]);
    expect(questionOfLink(String(encoded))).toEqual(wanted);
  });

  it('says nothing of what the link does not name', () => {
    expect(questionOfLink('')).toEqual({ question: {}, unread: [] });
    expect(questionOfLink('by=&of=&other=1')).toEqual({ question: {}, unread: [] });
  });

  it('reads several amounts, and products', () => {
    const question = { amountColumn: '', amounts: ['Revenue', 'Quantity*Price'] };
    expect(questionOfLink('of=Revenue&of=Quantity*Price').question).toEqual(question);
    expect(questionOfLink('of=Quantity*Price').question).toEqual({ amountColumn: '', amounts: ['Quantity*Price'] });
  });

  it('takes an empty filter for all rows, and keeps those that it cannot read', () => {
    expect(questionOfLink('where=')).toEqual({ question: { where: [] }, unread: [] });
    expect(questionOfLink('where=Region&where=Note is empty')).toEqual({
      question: { where: [parseFilter('Note is empty')] },
      unread: ['Region'],
    });
  });
});
