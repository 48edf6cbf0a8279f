import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { quoted } from '../../bytes/quoted.ts';
import { TallyError, toTallyError } from '../../errors.ts';
import { sendError } from '../../http/plain-response.ts';
import { checkSearch } from '../../process-csv/request-texts.ts';
import { type CsvFormat, rejectsCsv, totalsCsv } from '../../result-formats/csv.ts';
import { totalsJson } from '../../result-formats/json.ts';
import { writeTotalsParquet } from '../../result-formats/parquet.ts';
import { type TotalsColumns, totalsColumns } from '../../result-formats/totals-columns.ts';
import { stateName } from '../job-state.ts';
import { withRejects, withResult } from '../jobs/job-result.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import type { JobStore } from '../store/job-store.ts';
import { readOrder } from '../store/totals-order.ts';
import { rejectsPages, type TotalsSelection, totalsPages } from './result-pages.ts';

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
    const { job, resultId } = await (download === 'rejects.csv' ? withRejects : withResult)(jobs, id);
    const wanted = readWanted(download, url.searchParams);
    response.writeHead(200, {
      'content-type': TYPES[download],
      'content-disposition': disposition(job, download, wanted),
      'cache-control': 'private, no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else await send(download, store, resultId, wanted, totalsColumns(job.dialect), response, jobs);
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
  { format, selection }: Wanted,
  columns: TotalsColumns,
  response: ServerResponse,
  jobs: OwnJobs,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new TallyError('CANCELED', 'The caller has gone.')));
  const reader = jobs.reader(gone.signal);
  if (download === 'totals.parquet') {
    await writeTotalsParquet(totalsPages(store, resultId, selection, reader), columns, response);
    response.end();
    return;
  }
  const parts = {
    'totals.csv': () => totalsCsv(totalsPages(store, resultId, selection, reader), format, columns),
    'totals.json': () => totalsJson(totalsPages(store, resultId, selection, reader)),
    'rejects.csv': () => rejectsCsv(rejectsPages(store, resultId, reader), format),
  }[download]();
  await pipeline(Readable.from(parts), response);
}

/** The format and the selection that the query of a download asks for. */
interface Wanted {
  format: CsvFormat;
  selection: TotalsSelection;
}

/** The parameters that each download knows. */
const PARAMETERS: Record<Download, readonly string[]> = {
  'totals.csv': ['columns', 'bom', 'raw', 'orderBy', 'search'],
  'totals.json': ['orderBy', 'search'],
  'totals.parquet': ['orderBy', 'search'],
  'rejects.csv': ['bom', 'raw'],
};

/** @throws {@link TallyError} OPTION_INVALID, REQUEST_INVALID: a parameter that was ignored would give another file */
function readWanted(download: Download, query: URLSearchParams): Wanted {
  const known = PARAMETERS[download];
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TallyError('OPTION_INVALID', `${download} has no parameter ${quoted(unknown)}: use ${known.join(', ')}.`);
  }
  const columns = query.get('columns');
  if (columns !== null && columns !== 'all') {
    throw new TallyError('OPTION_INVALID', `columns is ${quoted(columns)}: use all, or leave it out.`);
  }
  return {
    format: { allColumns: columns === 'all', bom: readFlag(query, 'bom'), raw: readFlag(query, 'raw') },
    selection: { ...readOrder(query.get('orderBy') ?? '', 'orderBy'), search: readSearch(query) },
  };
}

/** @throws {@link TallyError} REQUEST_INVALID as ListTotals does */
function readSearch(query: URLSearchParams): string {
  const search = query.get('search') ?? '';
  checkSearch(search);
  return search;
}

function readFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? '0';
  if (value === '1' || value === '0') return value === '1';
  throw new TallyError('OPTION_INVALID', `${name} is ${quoted(value)}: use 1, or leave it out.`);
}

/**
 * `sales.totals.csv` for `sales.csv`, in the two forms of RFC 6266. Anything but the usual totals has another name, so
 * that two downloads of one file do not look alike.
 */
function disposition(job: Job, download: Download, { format, selection }: Wanted): string {
  const [what = '', extension = ''] = download.split('.');
  const { departmentColumn = '', groupBy = [], where = [] } = job.options ?? {};
  const isAskedFor = what === 'totals' && (!['', 'auto'].includes(departmentColumn) || groupBy.length > 0);
  const parts = [
    what,
    ...(isAskedFor ? [`by-${plainName(totalsColumns(job.dialect).groups.join('-'))}`] : []),
    ...(what === 'totals' && where.length > 0 ? ['filtered'] : []),
    ...(format.allColumns ? ['all-columns'] : []),
    ...(selection.search === '' ? [] : ['found']),
  ];
  const base = job.filename.replace(/(\.(csv|tsv|txt))?(\.(gz|zip))?$/i, '');
  const name = `${base}.${parts.join('-')}.${extension}`;
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** A column's name as a part of the name of a file. */
function plainName(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
  return Array.from(plain).slice(0, 40).join('') || 'column';
}
