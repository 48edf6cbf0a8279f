import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TallyError, toTallyError } from '../../errors.ts';
import { sendError } from '../../http/plain-response.ts';
import { quoted } from '../../quoted.ts';
import { withResult } from '../gateway-service.ts';
import type { OwnJobs } from '../own-jobs.ts';
import { stateName } from '../running-jobs.ts';
import type { JobStore } from '../store/job-store.ts';
import { type CsvFormat, rejectsCsv, totalsCsv } from './csv.ts';
import { totalsJson } from './json.ts';
import { writeTotalsParquet } from './parquet.ts';

const PATH = /^\/jobs\/([^/]+)\/(totals\.csv|totals\.json|totals\.parquet|rejects\.csv)$/;

/** Whether a path is one of the downloads. */
export function isDownload(path: string): boolean {
  return PATH.test(path);
}

const TYPES = {
  'totals.csv': 'text/csv; charset=utf-8; header=present',
  'totals.json': 'application/json; charset=utf-8',
  'totals.parquet': 'application/vnd.apache.parquet',
  'rejects.csv': 'text/csv; charset=utf-8; header=present',
};
type Download = keyof typeof TYPES;

/** `GET /jobs/{id}/totals.csv` and its like. A job without a result answers 409 with its state. */
export async function handleDownload(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  jobs: OwnJobs,
  store: JobStore,
): Promise<void> {
  const [, id = '', name = ''] = PATH.exec(url.pathname) ?? [];
  const download = name as Download;
  try {
    const { job, resultId } = await withResult(jobs, id);
    const format = readFormat(url.searchParams);
    response.writeHead(200, {
      'content-type': TYPES[download],
      'content-disposition': disposition(job.filename, download),
      'cache-control': 'private, no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else await send(download, store, resultId, format, response);
  } catch (error) {
    const known = toTallyError(error);
    if (known.code !== 'JOB_HAS_NO_RESULT') throw error;
    const { job } = await jobs.get(id);
    sendError(response, known, { state: stateName(job.state) });
  }
}

async function send(
  download: Download,
  store: JobStore,
  resultId: number,
  format: CsvFormat,
  response: ServerResponse,
): Promise<void> {
  if (download === 'totals.parquet') {
    await writeTotalsParquet(store, resultId, response);
    response.end();
    return;
  }
  const parts = {
    'totals.csv': totalsCsv,
    'totals.json': totalsJson,
    'rejects.csv': rejectsCsv,
  }[download](store, resultId, format);
  await pipeline(Readable.from(parts), response);
}

function readFormat(query: URLSearchParams): CsvFormat {
  const columns = query.get('columns');
  if (columns !== null && columns !== 'all') {
    throw new TallyError('OPTION_INVALID', `columns is ${quoted(columns)}: use all, or leave it out.`);
  }
  return { allColumns: columns === 'all', bom: query.get('bom') === '1', raw: query.get('raw') === '1' };
}

/** `sales.totals.csv` for `sales.csv`, in the two forms of RFC 6266. */
function disposition(filename: string, download: Download): string {
  const name = `${filename.replace(/(\.(csv|tsv|txt))?(\.gz)?$/i, '')}.${download}`;
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
