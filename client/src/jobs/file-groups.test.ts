import { describe, expect, it } from 'vitest';
import { groupByFile } from './file-groups.ts';

const job = (id: string, source = '') => ({ id, source });
const grouped = (jobs: readonly ReturnType<typeof job>[]) =>
  [...groupByFile(jobs).values()].map((group) => group.map(({ id }) => id).join(' '));

describe('groupByFile', () => {
  it('puts the questions about one upload where the newest of them is', () => {
    expect(grouped([job('5', 'jobs/1'), job('4'), job('3', 'jobs/1'), job('2'), job('1')])).toEqual([
      '5 3 1',
      '4',
      '2',
    ]);
  });

  it('keeps questions together whose first one was deleted', () => {
    expect(grouped([job('5', 'jobs/1'), job('4'), job('3', 'jobs/1')])).toEqual(['5 3', '4']);
  });

  it('knows files of the server by their place', () => {
    const sales = 'file:///data/sales.csv';
    expect(grouped([job('4', sales), job('3', 'file:///data/other.csv'), job('2', sales)])).toEqual(['4 2', '3']);
  });

  it('takes uploads of one name for what they are: different files', () => {
    expect(grouped([job('2'), job('1')])).toEqual(['2', '1']);
  });
});
