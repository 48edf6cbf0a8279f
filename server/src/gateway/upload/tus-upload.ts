import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@tus/server';
import { httpStatusOf, toTallyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type Jobs, UPLOADS_PATH } from '../jobs.ts';
import type { Spool } from '../spool.ts';
import { JobUploads } from './job-uploads.ts';
import { handlePatch, readPatch } from './tus-patch.ts';
import { checkNewUpload, type UploadLimits } from './upload-limits.ts';
import { UploadLocks } from './upload-locks.ts';
import { readUploadOptions } from './upload-options.ts';

/** Serves tus 1.0 below {@link UPLOADS_PATH}. */
export type TusHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** tus over the jobs: `CreateJob` makes an upload, and so does tus's own creation. */
export function createTusHandler(jobs: Jobs, spool: Spool, limits: UploadLimits, log: Log): TusHandler {
  const uploads = new JobUploads(jobs, spool, limits);
  const locker = new UploadLocks();
  const server = new Server({
    path: UPLOADS_PATH,
    datastore: uploads,
    locker,
    maxSize: limits.maxUploadBytes,
    relativeLocation: true,
    allowedOrigins: [],
    async namingFunction(request, metadata) {
      const { filename, name, ...rest } = metadata ?? {};
      const pairs = Object.entries(rest).filter(([key]) => key !== 'filetype' && key !== 'type');
      const length = request.headers.get('upload-length');
      const upload = await checkNewUpload(
        {
          filename: filename ?? name ?? '',
          sizeBytes: length === null ? undefined : Number(length),
          options: readUploadOptions(pairs.map(([key, value]) => [key, value ?? ''])),
          contentEncoding: '',
        },
        limits,
      );
      return (await jobs.create({ ...upload, isResumable: true, owner: '' })).id;
    },
    async onUploadFinish(_request, upload) {
      // An empty upload is finished by its creation.
      if (upload.size !== 0) await jobs.uploadFinished(upload.id);
      return {};
    },
    onResponseError(_request, error) {
      if ('status_code' in error) return undefined;
      const known = toTallyError(error);
      return { status_code: httpStatusOf(known), body: `${known.message}\n` };
    },
  });
  return async (request, response) => {
    const part = readPatch(request);
    if (part) await handlePatch(part, request, response, { jobs, uploads, locker, limits, log });
    else await server.handle(request, response);
  };
}
