/** The entry of the thread that owns the database file. */
import { parentPort, workerData } from 'node:worker_threads';
import { keepHeapCollected } from '../../heap-collection.ts';
import { keepUp } from './idle-upkeep.ts';
import type { Checkpoint } from './job-store.ts';
import { answerCalls } from './sqlite-calls.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import type { RejectRow } from './sqlite-rejects.ts';

/** The calls that the thread answers, by name. */
export type SqliteCalls = ReturnType<typeof callsOf>;

function callsOf(database: SqliteDatabase) {
  const { results, checkpoints, upkeep } = database;
  return {
    inStates: database.inStates.bind(database),
    get: database.get.bind(database),
    some: database.some.bind(database),
    list: database.list.bind(database),
    put: database.put.bind(database),
    delete: database.delete.bind(database),
    beginResult: results.begin.bind(results),
    addTotals: (id: number, batch: Uint8Array) => upkeep.withShortLog(() => results.addTotals(id, batch)),
    addRejects: (id: number, rejects: RejectRow[]) => upkeep.withShortLog(() => results.addRejects(id, rejects)),
    countRejects: results.countRejects.bind(results),
    rewindResult: results.rewind.bind(results),
    putCheckpoint: (checkpoint: Checkpoint) => upkeep.withShortLog(() => checkpoints.put(checkpoint)),
    checkpoint: checkpoints.get.bind(checkpoints),
    dropCheckpointBeyond: (jobId: string, bytes: number) => upkeep.withReserve(() => results.dropBeyond(jobId, bytes)),
    dropResult: (id: number) => upkeep.withReserve(() => results.drop(id)),
    dropResultsOfJob: (jobId: string, keepId: number) => upkeep.withReserve(() => results.dropOthers(jobId, keepId)),
    listTotals: results.listTotals.bind(results),
    listRejects: results.listRejects.bind(results),
    close: database.close.bind(database),
  };
}

if (parentPort) {
  const database = new SqliteDatabase((workerData as { file: string }).file);
  answerCalls(parentPort, callsOf(database));
  keepUp(parentPort, database.upkeep);
  keepHeapCollected();
  parentPort.postMessage({ id: 0, value: 'ready' });
}
