import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRoute } from '../navigation/route.ts';
import { type CompareView, compareViewHref, parseCompareView } from './compare-view.ts';
import { compareColumns } from './order.ts';

it('an address holds a view as it is', () => {
  const text = fc.string({ minLength: 1 });
  const place = fc.integer({ min: 0, max: 7 });
  const views = fc.record(
    {
      with: text,
      of: fc.constantFrom('results', 'periods'),
      period: text,
      before: text,
      amount: place,
      other: place,
      order: fc
        .record({ column: fc.constantFrom(...compareColumns), isDescending: fc.boolean() })
        // The usual order stands in no address.
        .filter(({ column, isDescending }) => column !== 'size' || !isDescending),
      search: text,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(text, views, (id, view) => {
      const route = parseRoute(compareViewHref(id, view as CompareView));
      expect(route).toMatchObject({ page: 'compare', id });
      expect('query' in route && parseCompareView(route.query)).toEqual(view);
    }),
  );
});

it('what makes no sense is left out', () => {
  expect(parseCompareView('with=&of=weeks&amount=8&other=-1&sort=mean&search=')).toEqual({});
  expect(compareViewHref('4', { search: '', with: undefined, order: { column: 'size', isDescending: true } })).toBe(
    '#/jobs/4/compare',
  );
});
