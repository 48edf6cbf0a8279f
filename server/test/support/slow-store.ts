/** Preloaded into a server: rejected rows take their time to be stored, as on a disk that others use. */
import { SqliteResults } from '../../src/gateway/store/sqlite-results.ts';

const WRITE_MS = 5;

const { addRejects } = SqliteResults.prototype;
SqliteResults.prototype.addRejects = function (resultId, rejects) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WRITE_MS);
  addRejects.call(this, resultId, rejects);
};
