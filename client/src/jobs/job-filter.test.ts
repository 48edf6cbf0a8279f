import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { jobFilters, passesFilter, passesSearch } from './job-filter.ts';

test.each([
  [JobState.UPLOADING, 'running'],
  [JobState.QUEUED, 'running'],
  [JobState.PROCESSING, 'running'],
  [JobState.SUCCEEDED, 'done'],
  [JobState.FAILED, 'ended'],
  [JobState.CANCELED, 'ended'],
])('a job in state %s is among all and %s', (state, filter) => {
  expect(jobFilters.filter((each) => passesFilter({ state }, each))).toEqual(['all', filter]);
});

test('a search finds part of a name, whatever its case', () => {
  expect(passesSearch({ filename: 'Sales-2024.CSV' }, ' sales')).toBe(true);
  expect(passesSearch({ filename: 'Sales-2024.CSV' }, '')).toBe(true);
  expect(passesSearch({ filename: 'Sales-2024.CSV' }, '2025')).toBe(false);
});
