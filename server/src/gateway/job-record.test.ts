import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { ProgressSchema, SummarySchema } from '#gen/tallystream/v1/processor_pb.ts';
import { TallyError } from '../errors.ts';
import { cancelRecord, type NewJob, newRecord, RecordWriter, retriedRecord } from './job-record.ts';

const NEW_JOB: NewJob = {
  filename: 'sales.csv',
  sizeBytes: 30,
  options: undefined,
  isGzip: false,
  isResumable: true,
  owner: '',
};

function newWriter(): RecordWriter {
  return new RecordWriter(newRecord('job', '/uploads/job', NEW_JOB));
}

test('a job has one end: what comes later changes nothing of it', () => {
  const writer = newWriter();
  expect(writer.end({ kind: 'failed' }, new TallyError('UPLOAD_GONE', 'gone'))).toBe(true);
  const { job } = writer.record;
  const { finishTime } = job;
  expect(job).toMatchObject({ state: JobState.FAILED, uploadUrl: '', error: { code: 'UPLOAD_GONE' } });
  expect(writer.end({ kind: 'succeeded' })).toBe(false);
  expect(writer.end({ kind: 'failed' }, new TallyError('INTERNAL', 'later'))).toBe(false);
  expect(job).toMatchObject({ state: JobState.FAILED, error: { code: 'UPLOAD_GONE' } });
  expect(job.finishTime).toBe(finishTime);
});

test('a whole upload that has lost its end goes on, from the state of the analysis', () => {
  const writer = newWriter();
  expect([writer.setReceivedBytes(30), writer.setReceivedBytes(20)]).toEqual([30, 0]);
  writer.finishUpload();
  writer.apply({ kind: 'uploaded', isRunning: true });
  expect(writer.record.job).toMatchObject({ state: JobState.PROCESSING, sizeBytes: 20n, uploadUrl: '' });
  writer.reopenUpload('/uploads/job');
  const { job } = writer.record;
  expect(job).toMatchObject({ state: JobState.UPLOADING, uploadUrl: '/uploads/job' });
  expect(job.uploadFinishTime).toBeUndefined();
});

test('acknowledged bytes grow only', () => {
  const writer = newWriter();
  expect([writer.acknowledge(20), writer.acknowledge(10), writer.acknowledge(20)]).toEqual([true, false, false]);
  expect(writer.record.acknowledgedBytes).toBe(20);
});

test('a summary counts all of the upload, and the rejected rows that are stored', () => {
  const writer = newWriter();
  writer.setReceivedBytes(30);
  writer.noteThread();
  writer.progress(create(ProgressSchema, { rows: 2n, total: '7' }), 12, 5);
  expect(writer.record.job).toMatchObject({ processedBytes: 12n, rowsProcessed: 2n, total: '7', bytesPerSecond: 5 });
  writer.summarise(create(SummarySchema, { rows: 3n, rowsRejected: 2n, total: '9' }), 1);
  expect(writer.record.job).toMatchObject({ processedBytes: 30n, rowsProcessed: 3n, total: '9', rejectsStored: 1n });
});

test('a job that is tried again has nothing left of its analysis', () => {
  const writer = newWriter();
  writer.setReceivedBytes(30);
  writer.finishUpload();
  writer.beginAttempt(7, 0);
  writer.progress(create(ProgressSchema, { rows: 2n, total: '7' }), 12, 5);
  writer.keepPartialResult();
  expect(writer.record).toMatchObject({ resultId: 7, partialResultId: undefined });
  writer.end({ kind: 'failed' }, new TallyError('NO_ROW_COUNTS', 'none'));
  const again = retriedRecord(writer.record, { receivedBytes: 30, options: undefined, uploadUrl: '' });
  expect(again).toMatchObject({ resultId: 0, isResumable: true, job: { id: 'job', rowsProcessed: 0n, total: '0' } });
  expect(again.job.error).toBeUndefined();
  expect(again.job.finishTime).toBeUndefined();
  expect(again.job.uploadFinishTime).toBe(writer.record.job.uploadFinishTime);
});

test('a record that is canceled while nobody works on it keeps an end that it has', () => {
  const running = newRecord('job', '', NEW_JOB);
  cancelRecord(running);
  expect(running.job).toMatchObject({ state: JobState.CANCELED, finishTime: expect.anything() });
  const { finishTime } = running.job;
  cancelRecord(running);
  expect(running.job.finishTime).toBe(finishTime);
});
