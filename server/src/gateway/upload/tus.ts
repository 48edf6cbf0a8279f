import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Locker, Server } from '@tus/server';
import type { Caller } from '../../access/caller.ts';
import { httpStatusOf, toTallyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { checkNewUpload, type UploadLimits } from '../jobs/new-upload.ts';
import type { JobsOf, OwnJobs } from '../jobs/own-jobs.ts';
import { ownLocks, TusLocks } from './tus-locks.ts';
import { readTusMetadata } from './tus-metadata.ts';
import { handlePatch, readPatch } from './tus-patch.ts';
import { TusStore } from './tus-store.ts';
import { UPLOADS_PATH } from './upload-url.ts';

/** Serves tus 1.0 below {@link UPLOADS_PATH}. */
export type TusHandler = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>;

/** tus over the jobs: `CreateJob` makes an upload, and so does tus's own creation. */
export function createTusHandler(jobsOf: JobsOf, limits: UploadLimits, log: Log): TusHandler {
  const locks = new TusLocks();
  // There are no more owners than keys.
  const served = new Map<string | undefined, ReturnType<typeof serve>>();
  const serve = (jobs: OwnJobs) => {
    const uploads = new TusStore(jobs, limits);
    const locker = ownLocks(locks, jobs);
    return { jobs, uploads, locker, limits, log, server: createServer(jobs, uploads, locker, limits) };
  };
  return async (request, response, caller) => {
    const own = served.get(caller.owner) ?? serve(jobsOf(caller));
    served.set(caller.owner, own);
    dropEmptyMetadata(request);
    const part = readPatch(request);
    if (part) await handlePatch(part, request, response, own);
    else await own.server.handle(request, response);
  };
}

/**
 * Takes the header of metadata away if it has no value, as tuspy sends it when it has nothing to say: the library takes
 * that for a mistake. It reads the headers as they came.
 */
function dropEmptyMetadata({ headers, rawHeaders }: IncomingMessage): void {
  if (headers['upload-metadata'] !== '') return;
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'upload-metadata');
  rawHeaders.splice(at, 2);
}

/** The library's server over the jobs of one caller. */
function createServer(jobs: OwnJobs, uploads: TusStore, locker: Locker, limits: UploadLimits): Server {
  return new Server({
    path: UPLOADS_PATH,
    datastore: uploads,
    locker,
    maxSize: limits.maxUploadBytes,
    relativeLocation: true,
    allowedOrigins: [],
    async namingFunction(request, metadata) {
      const { filename, options } = readTusMetadata(metadata ?? {});
      const length = request.headers.get('upload-length');
      const upload = await checkNewUpload(
        {
          filename,
          sizeBytes: length === null ? undefined : Number(length),
          options,
          contentEncoding: '',
        },
        limits,
      );
      return (await jobs.create({ ...upload, isResumable: true })).id;
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
}
