import { describe, expect, it } from 'vitest';
import { askHref, compareHref, homeHref, jobHref, parseRoute, resultHref } from './route.ts';

describe('parseRoute', () => {
  it.each(['', '#', '#/'])('%j is home', (hash) => expect(parseRoute(hash)).toEqual({ page: 'home' }));
  it('understands its own links', () => {
    expect(parseRoute(homeHref)).toEqual({ page: 'home' });
    expect(parseRoute(jobHref('a/b #1'))).toEqual({ page: 'job', id: 'a/b #1' });
    expect(parseRoute(askHref('a/b #1'))).toEqual({ page: 'ask', id: 'a/b #1', query: '' });
    expect(parseRoute(compareHref('a/b #1'))).toEqual({ page: 'compare', id: 'a/b #1', query: '' });
  });
  it('leaves what is compared as it is', () => {
    expect(parseRoute('#/jobs/4/compare?with=5&search=a/b?')).toEqual({
      page: 'compare',
      id: '4',
      query: 'with=5&search=a/b?',
    });
  });
  it.each(['#/jobs/4/ask?by=Region&where=A in b/c?', '#/jobs/4/ask/?by=Region&where=A in b/c?'])(
    'leaves the question of %j as it is',
    (hash) => expect(parseRoute(hash)).toEqual({ page: 'ask', id: '4', query: 'by=Region&where=A in b/c?' }),
  );
  it('takes a slash at the end', () => expect(parseRoute('#/jobs/42/')).toEqual({ page: 'job', id: '42' }));
  it('goes by the path alone', () => {
    expect(parseRoute('#/jobs/42?view=pivot&rows=1')).toEqual({ page: 'job', id: '42' });
  });
  it.each(['#/job/1', '#/jobs/', '#/jobs/1/2', '#/jobs/%E0%A4%A', '#nonsense'])('%j is unknown', (hash) =>
    expect(parseRoute(hash)).toEqual({ page: 'unknown' }),
  );
});

describe('resultHref', () => {
  it('is a path of the server', () =>
    expect(resultHref('42', 'totals.csv?columns=all')).toBe('/jobs/42/totals.csv?columns=all'));
});
