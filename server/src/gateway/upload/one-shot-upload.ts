import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { toJson } from '@bufbuild/protobuf';
import { JobSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { TallyError, toTallyError } from '../../errors.ts';
import { sendJson } from '../../listener/plain-response.ts';
import { interrupted, type Jobs } from '../jobs.ts';
import { openMultipart } from './multipart.ts';
import { checkDisk, checkNewUpload, tooLarge, type UploadLimits } from './upload-limits.ts';
import { readUploadOptions } from './upload-options.ts';

/** How often the disk is looked at while an upload without a length arrives. */
const DISK_CHECK_BYTES = 256 * 1024 * 1024;

/** What a body holds: the file and, from a form, its name and options. */
interface Body {
  filename: string;
  fields: [string, string][];
  file: AsyncIterable<Uint8Array>;
}

/**
 * `POST /upload` and `PUT /upload`: the whole file in one request, raw or as field `file` of a form. Answers 202 with
 * the job once the last byte is stored.
 *
 * @throws {@link TallyError} what makes the upload impossible, for the answer
 */
export async function handleUpload(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  jobs: Jobs,
  limits: UploadLimits,
): Promise<void> {
  if (request.method !== 'POST' && request.method !== 'PUT') {
    throw new TallyError('METHOD_NOT_ALLOWED', `${request.method} is not possible here: use POST or PUT.`);
  }
  const isForm = /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');
  const query = [...url.searchParams].filter(([name]) => name !== 'filename');
  const announced = {
    filename: url.searchParams.get('filename') ?? decodeURIComponent(url.pathname.split('/')[2] ?? ''),
    // A form is a little longer than its file.
    sizeBytes: isForm ? undefined : contentLength(request),
    contentEncoding: request.headers['content-encoding'] ?? '',
  };
  let upload = await checkNewUpload({ ...announced, options: readUploadOptions(query) }, limits);
  // The client waits for this word before it sends the body (RFC 9110 §10.1.1), so a refusal costs it nothing.
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  const body = isForm ? await openMultipart(request) : rawBody(request);
  if (isForm) {
    const filename = announced.filename || body.filename;
    const options = readUploadOptions([...query, ...body.fields]);
    upload = await checkNewUpload({ ...announced, filename, options }, limits);
  }
  const job = await jobs.create({ ...upload, isResumable: false });
  try {
    await jobs.append(job.id, 0, limited(body.file, limits));
  } catch (error) {
    const isGone = request.destroyed && !request.complete;
    const reason = isGone
      ? interrupted(`The connection was closed after ${job.receivedBytes} bytes of the upload`)
      : toTallyError(error);
    await jobs.uploadFailed(job.id, reason);
    throw reason;
  }
  const finishedJob = await jobs.uploadFinished(job.id);
  sendJson(response, 202, toJson(JobSchema, finishedJob, { alwaysEmitImplicit: true }));
  await finished(response).catch(() => {});
}

function rawBody(request: IncomingMessage): Body {
  return { filename: '', fields: [], file: request.iterator({ destroyOnReturn: false }) };
}

async function* limited(file: AsyncIterable<Uint8Array>, limits: UploadLimits): AsyncGenerator<Uint8Array> {
  let length = 0;
  let nextCheck = DISK_CHECK_BYTES;
  for await (const chunk of file) {
    length += chunk.length;
    if (length > limits.maxUploadBytes) throw tooLarge(limits);
    if (length >= nextCheck) {
      await checkDisk(limits, 0);
      nextCheck += DISK_CHECK_BYTES;
    }
    yield chunk;
  }
}

function contentLength(request: IncomingMessage): number | undefined {
  const header = request.headers['content-length'];
  return header === undefined ? undefined : Number(header);
}
