/** The entry of the thread that owns the database file. */
import { parentPort, workerData } from 'node:worker_threads';
import { keepHeapCollected } from '../../heap-collection.ts';
import { answerCalls } from './sqlite-calls.ts';
import { SqliteDatabase } from './sqlite-database.ts';

/** The calls that the thread answers, by name. */
export type SqliteCalls = ReturnType<typeof callsOf>;

function callsOf(database: SqliteDatabase) {
  const { results, checkpoints } = database;
  return {
    inStates: database.inStates.bind(database),
    get: database.get.bind(database),
    list: database.list.bind(database),
    put: database.put.bind(database),
    delete: database.delete.bind(database),
    beginResult: results.begin.bind(results),
    addTotals: results.addTotals.bind(results),
    addRejects: results.addRejects.bind(results),
    countRejects: results.countRejects.bind(results),
    rewindResult: results.rewind.bind(results),
    putCheckpoint: checkpoints.put.bind(checkpoints),
    checkpoint: checkpoints.get.bind(checkpoints),
    dropCheckpointBeyond: results.dropBeyond.bind(results),
    dropResult: results.drop.bind(results),
    dropResultsOfJob: results.dropOthers.bind(results),
    listTotals: results.listTotals.bind(results),
    listRejects: results.listRejects.bind(results),
    close: database.close.bind(database),
  };
}

if (parentPort) {
  answerCalls(parentPort, callsOf(new SqliteDatabase((workerData as { file: string }).file)));
  keepHeapCollected();
  parentPort.postMessage({ id: 0, value: 'ready' });
}
