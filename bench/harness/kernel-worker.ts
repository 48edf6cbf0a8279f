/** A thread that totals a file each time it is asked to, like a kernel thread with one job. */
import { parentPort } from 'node:worker_threads';
import { totalFile } from './kernel-pass.ts';
import type { SalesFile } from './sales-file.ts';

const port = parentPort;
if (!port) throw new Error('kernel-worker.ts runs in a worker thread only');
port.on('message', (sales: SalesFile) => port.postMessage(totalFile(sales).milliseconds));
