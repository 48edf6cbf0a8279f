import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { FiguresSchema, RejectSchema, TotalSchema } from '#gen/tallystream/v1/processor_pb.ts';
import type { JobRecord, ReadonlyRecord } from '../job-record.ts';
import type { JobStore, TotalsQuery } from './job-store.ts';
import { createCalls, type Reader } from './sqlite-calls.ts';
import type { JobRow } from './sqlite-database.ts';
import type { SqliteCalls } from './sqlite-thread.ts';

const UNFINISHED = [JobState.UPLOADING, JobState.QUEUED, JobState.PROCESSING];

/**
 * Opens the store in an SQLite file, run by a thread of its own.
 *
 * @throws an Error if the file cannot be opened, or is of a newer version
 */
export async function openSqliteJobStore(file: string): Promise<JobStore> {
  const worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: { file } });
  await once(worker, 'message').catch((error: Error) => {
    if (!/database is locked/.test(error.message)) throw error;
    throw new Error(`${file} is in use: another Tallystream is running with this DATA_DIR.`);
  });
  const { call, read } = createCalls<SqliteCalls>(worker);
  return {
    unfinished: async () => (await call('inStates', UNFINISHED)).map(toRecord),
    async get(id) {
      const row = await call('get', id);
      return row && toRecord(row);
    },
    some: async (ids, reader) => (await read(reader, 'some', ids)).map(toRecord),
    async list(query, reader) {
      const { rows, nextPageToken } = await read(reader, 'list', query);
      return { records: rows.map(toRecord), nextPageToken };
    },
    async put(record) {
      await call('put', toRow(record));
      // The job names its result by now; the others can go in their own time.
      if (record.resultId !== 0) await call('dropResultsOfJob', record.job.id, record.resultId);
    },
    delete: (id) => call('delete', id),
    beginResult: (jobId) => call('beginResult', jobId),
    // A view would take all of the memory along that it is a part of.
    addTotals: (resultId, batch) => call('addTotals', resultId, new Uint8Array(batch)),
    addRejects: (resultId, rejects) => call('addRejects', resultId, rejects),
    countRejects: (resultId) => call('countRejects', resultId),
    putCheckpoint: (checkpoint) => call('putCheckpoint', checkpoint),
    checkpoint: (jobId) => call('checkpoint', jobId),
    dropCheckpointBeyond: (jobId, uploadBytes) => call('dropCheckpointBeyond', jobId, uploadBytes),
    rewindResult: (resultId, lastRejectOffset) => call('rewindResult', resultId, lastRejectOffset),
    dropResult: (resultId) => call('dropResult', resultId),
    async listTotals(resultId, query, reader) {
      const page = await read(isScan(query) ? scanner(reader) : reader, 'listTotals', resultId, query);
      return {
        ...page,
        totals: page.totals.map(({ keys, figures, ...total }) => {
          const init = figures.map((each) => create(FiguresSchema, each));
          return create(TotalSchema, { ...total, keys: [...keys], figures: init });
        }),
      };
    },
    async listRejects(resultId, query, reader) {
      const page = await read(reader, 'listRejects', resultId, query);
      return { ...page, rejects: page.rejects.map((reject) => create(RejectSchema, reject)) };
    },
    async close() {
      const exited = once(worker, 'exit');
      await call('close');
      await exited;
    },
  };
}

/** Whether a page takes a look at all departments, whatever its size. */
function isScan({ orderBy, search, keys }: TotalsQuery): boolean {
  return orderBy !== 'department' || search !== '' || keys.length > 0;
}

/** The same caller in another lane: whose pages and lists are not to wait for the scans. */
function scanner(reader: Reader): Reader {
  return { ...reader, lane: `${reader.lane} scans` };
}

function toRow({ job, isGzip, isResumable, acknowledgedBytes, owner, resultId }: ReadonlyRecord): JobRow {
  return {
    id: job.id,
    createMs: job.createTime ? timestampMs(job.createTime) : 0,
    state: job.state,
    message: toBinary(JobSchema, job),
    isGzip,
    isResumable,
    acknowledgedBytes,
    owner,
    resultId,
  };
}

function toRecord({ message, isGzip, isResumable, acknowledgedBytes, owner, resultId }: JobRow): JobRecord {
  return { job: fromBinary(JobSchema, message), isGzip, isResumable, acknowledgedBytes, owner, resultId };
}
