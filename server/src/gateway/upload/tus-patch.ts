import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS, type Locker, TUS_RESUMABLE, type Upload } from '@tus/server';
import { httpStatusOf, isFault, toTallyError } from '../../errors.ts';
import { isCutOff } from '../../http/body-end.ts';
import { askForBody } from '../../http/expect-continue.ts';
import { closeIfUnread } from '../../http/unread-body.ts';
import type { Log } from '../../log.ts';
import { type UploadLimits, watchUpload } from '../jobs/new-upload.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import { checkDisk } from '../spool/disk-room.ts';
import { expiryOf, type TusStore } from './tus-store.ts';
import { UPLOADS_PATH } from './upload-url.ts';

/** The part that a PATCH sends, as far as its headers tell. */
interface Part {
  id: string;
  offset: number;
  /** Undefined if the sender does not know. */
  length: number | undefined;
}

const UPLOAD_PATH = new RegExp(`^${UPLOADS_PATH}/([\\w-]+)$`);

export interface PatchDependencies {
  jobs: OwnJobs;
  uploads: TusStore;
  locker: Locker;
  limits: UploadLimits;
  log: Log;
}

/** An error as the tus library has them. */
interface TusError {
  status_code: number;
  body: string;
}

/**
 * The usual PATCH of tus: the next part of an upload whose size is known, or will be told later. Anything else (headers
 * that are missing or wrong, a size that comes with a part) is for the library.
 */
export function readPatch({ method, url, headers }: IncomingMessage): Part | undefined {
  const id = UPLOAD_PATH.exec(url ?? '')?.[1];
  const offset = headers['upload-offset'];
  const isUsual =
    method === 'PATCH' &&
    headers['tus-resumable'] === TUS_RESUMABLE &&
    headers['content-type'] === 'application/offset+octet-stream' &&
    headers['upload-length'] === undefined &&
    headers['x-http-method-override'] === undefined;
  if (!isUsual || !id || typeof offset !== 'string' || !/^\d{1,15}$/.test(offset)) return undefined;
  const length = headers['content-length'];
  return { id, offset: Number(offset), length: length === undefined ? undefined : Number(length) };
}

/**
 * Serves a PATCH with the bytes going from the request to the spool at once. In the library they pass five streams on
 * their way, which takes more time than all the rest of an upload.
 */
export async function handlePatch(
  part: Part,
  request: IncomingMessage,
  response: ServerResponse,
  { jobs, uploads, locker, limits, log }: PatchDependencies,
): Promise<void> {
  response.setHeader('Tus-Resumable', TUS_RESUMABLE);
  const released = new AbortController();
  const lock = locker.newLock(part.id);
  try {
    const onClose = () => released.abort();
    request.once('close', onClose);
    await lock.lock(released.signal, () => released.abort());
    request.off('close', onClose);
    const upload = await write().finally(() => lock.unlock());
    // A part that another request has cut short is answered with what has come of it.
    if (upload.offset === upload.size) {
      await jobs.uploadFinished(part.id);
    } else {
      // The answer says that these bytes are safe.
      await jobs.sync(part.id);
      response.setHeader('Upload-Expires', expiryOf(upload).toUTCString());
    }
    response.setHeader('Upload-Offset', String(upload.offset));
    closeIfUnread(response);
    response.writeHead(204).end();
  } catch (error) {
    closeIfUnread(response);
    const { status_code, body } = toTusError(error);
    if (!isTusError(error) && isFault(toTallyError(error)))
      log.error({ err: error, jobId: part.id }, 'a part of an upload failed');
    response.writeHead(status_code, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
  }

  async function write(): Promise<Upload> {
    const upload = await uploads.getUpload(part.id);
    const { offset, size } = upload;
    // A client that did not hear that the upload is whole may ask with an empty part.
    if (offset === size && offset === part.offset && part.length === 0) return upload;
    if (expiryOf(upload).getTime() < Date.now()) throw ERRORS.FILE_NO_LONGER_EXISTS;
    if (offset !== part.offset) throw ERRORS.INVALID_OFFSET;
    if (size !== undefined && part.length !== undefined && offset + part.length > size) throw ERRORS.ERR_SIZE_EXCEEDED;
    await checkDisk(limits, 0);
    askForBody(request, response);
    const watch = watchUpload(offset, limits);
    let total = offset;
    const onPiece = (length: number) => {
      total += length;
      if (size !== undefined && total > size) throw ERRORS.ERR_SIZE_EXCEEDED;
      watch(length);
    };
    try {
      upload.offset = await jobs.append(part.id, offset, request, onPiece, released.signal);
      return upload;
    } catch (error) {
      if (toTallyError(error).code === 'STORAGE_FAILED') throw error;
      const written = await uploads.getUpload(part.id);
      const isWhole = written.offset === written.size;
      // HEAD says from now on that the upload is whole, so no client will send a part again that could finish it.
      if (isWhole && error === ERRORS.ERR_SIZE_EXCEEDED) await jobs.uploadFinished(part.id);
      else if (isWhole || released.signal.aborted || isCutOff(request)) return written;
      throw error;
    }
  }
}

function isTusError(error: unknown): error is TusError {
  return typeof error === 'object' && error !== null && 'status_code' in error;
}

/** The error of the answer: tus has errors of its own, and sends the others in plain text. */
function toTusError(error: unknown): TusError {
  if (isTusError(error)) return error;
  const known = toTallyError(error);
  return { status_code: httpStatusOf(known), body: `${known.message}\n` };
}
