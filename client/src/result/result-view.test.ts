import { describe, expect, it } from 'vitest';
import { parseView, withView } from './result-view.ts';

describe('parseView', () => {
  it('understands its own addresses', () => {
    const order = { column: 'toBefore', isDescending: true } as const;
    const view = {
      view: 'pivot',
      amount: 7,
      rows: 2,
      columns: 0,
      sort: 'name',
      changes: true,
      order,
      lines: 'all',
    } as const;
    expect(parseView(withView('#/jobs/a?view=list', view))).toEqual(view);
  });
  it('has the column that a pivot is sorted by, also one without a name', () => {
    for (const key of ['2026-Q1', '']) {
      expect(parseView(withView('#/jobs/a', { sort: 'column', key }))).toEqual({ sort: 'column', key });
    }
    expect(withView('#/jobs/a', { sort: 'name', key: undefined })).toBe('#/jobs/a?sort=name');
  });
  it('is nothing where nothing is chosen', () => expect(parseView('#/jobs/a')).toEqual({}));
  it('leaves out parts that make no sense', () =>
    expect(parseView('#/jobs/a?view=cake&rows=9&columns=-1&sort=size&lines=none')).toEqual({}));
});

describe('withView', () => {
  it('is the plain address where nothing is chosen', () => expect(withView('#/jobs/a?view=list', {})).toBe('#/jobs/a'));
});
