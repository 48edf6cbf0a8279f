import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { toJson } from '@bufbuild/protobuf';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { quoted } from '../../bytes/quoted.ts';
import { TallyError, toTallyError } from '../../errors.ts';
import { isBodyWhole, isCutOff } from '../../http/body-end.ts';
import { askForBody } from '../../http/expect-continue.ts';
import { sendJson } from '../../http/plain-response.ts';
import { readUploadOptions } from '../../process-csv/csv-options.ts';
import { boundedJob, SINGLE_JOB } from '../jobs/bounded-job.ts';
import { interrupted } from '../jobs/job-errors.ts';
import { checkNewUpload, type UploadLimits, watchUpload } from '../jobs/new-upload.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import { openMultipart } from './multipart.ts';

/** The answer to an upload says what is doubtful about it, unless that takes longer: the job may wait for a thread. */
const TOLD_MS = 2_000;

/** The content of a body: the file and, from a form, its name and options. */
interface Body {
  filename: string;
  fields: [string, string][];
  file: Readable;
  /** Rejects if what came after the file makes the upload invalid. */
  finished: Promise<void>;
}

/**
 * `POST /upload` and `PUT /upload`: the whole file in one request, raw or as field `file` of a form. Answers 202 with
 * the job once the last byte is stored.
 *
 * @throws {@link TallyError} the reason why the upload is impossible, for the answer
 */
export async function handleUpload(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  jobs: OwnJobs,
  limits: UploadLimits,
): Promise<void> {
  refuseEncodedForm(request);
  const isForm = /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');
  const query = [...url.searchParams].filter(([name]) => name !== 'filename');
  const announced = {
    filename: url.searchParams.get('filename') ?? nameInPath(url.pathname),
    // A form is a little longer than its file.
    sizeBytes: isForm ? undefined : contentLength(request),
    contentEncoding: request.headers['content-encoding'] ?? '',
  };
  let upload = await checkNewUpload({ ...announced, options: readUploadOptions(query) }, limits);
  askForBody(request, response);
  const body = isForm ? await openMultipart(request) : rawBody(request);
  if (isForm) {
    const filename = announced.filename || body.filename;
    const options = readUploadOptions([...query, ...body.fields]);
    upload = await checkNewUpload({ ...announced, filename, options }, limits);
  }
  const job = await jobs.create({ ...upload, isResumable: false });
  try {
    await jobs.append(job.id, 0, body.file, watchUpload(0, limits));
    await body.finished;
    if (!isBodyWhole(request)) throw closedAfter(job.receivedBytes);
  } catch (error) {
    const reason = isCutOff(request) ? closedAfter(job.receivedBytes) : toTallyError(error);
    await jobs.uploadFailed(job.id, reason);
    throw reason;
  }
  const finishedJob = await jobs.uploadFinished(job.id);
  await within(TOLD_MS, jobs.told(job.id));
  sendJson(response, 202, toJson(JobSchema, boundedJob(finishedJob, SINGLE_JOB), { alwaysEmitImplicit: true }));
  await finished(response).catch(() => {});
}

/** Waits for something, but not for long. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

/**
 * Refuses what `curl -d @sales.csv` sends, and every other body that is said to be fields of a form: curl has taken the
 * line ends out of it.
 */
function refuseEncodedForm({ headers }: IncomingMessage): void {
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) return;
  throw new TallyError(
    'MEDIA_TYPE_UNSUPPORTED',
    "The Content-Type is application/x-www-form-urlencoded, which loses line ends: upload with curl -T sales.csv, or with --data-binary @sales.csv -H 'Content-Type: text/csv'.",
  );
}

/** `sales.csv` for `/upload/sales.csv`, which is what `curl -T sales.csv .../upload/` asks for. */
function nameInPath(path: string): string {
  const name = path.split('/')[2] ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    throw new TallyError('REQUEST_INVALID', `The name ${quoted(name)} in the path is not valid percent-encoding.`);
  }
}

function rawBody(request: IncomingMessage): Body {
  return { filename: '', fields: [], file: request, finished: Promise.resolve() };
}

function closedAfter(bytes: bigint): TallyError {
  return interrupted(`The connection was closed after ${bytes} bytes of the upload`);
}

function contentLength(request: IncomingMessage): number | undefined {
  const header = request.headers['content-length'];
  return header === undefined ? undefined : Number(header);
}
