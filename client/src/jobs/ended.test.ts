import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { JobErrorSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { CsvOptionsSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { mendsBySettings, settingsBefore } from './ended.ts';

const failed = (code: string) => ({ state: JobState.FAILED, error: create(JobErrorSchema, { code }) });

it.each([
  ['NO_ROW_COUNTS', true],
  ['COLUMN_NOT_FOUND', true],
  ['DISK_FULL', false],
])('knows whether other settings can mend %s: %s', (code, mends) => expect(mendsBySettings(failed(code))).toBe(mends));

it('lets a cancelled job be read otherwise', () => expect(mendsBySettings({ state: JobState.CANCELED })).toBe(true));

it('begins without the columns that are not there', () => {
  const options = create(CsvOptionsSchema, { amountColumn: 'Revenue', decimalSeparator: ',' });
  expect(settingsBefore({ options, ...failed('COLUMN_NOT_FOUND') })).toMatchObject({
    amountColumn: '',
    decimalSeparator: ',',
  });
  expect(settingsBefore({ options, ...failed('NO_ROW_COUNTS') }).amountColumn).toBe('Revenue');
});
