import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { ERRORS, Server, Upload } from '@tus/server';
import { httpStatusOf, toTallyError } from '../../errors.ts';
import { type Jobs, UPLOADS_PATH } from '../jobs.ts';
import type { DiskSpool } from '../spool.ts';
import { checkDisk, checkNewUpload, type UploadLimits, watchUpload } from './upload-limits.ts';
import { readUploadOptions } from './upload-options.ts';

/** Serves tus 1.0 below {@link UPLOADS_PATH}. */
export type TusHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An upload that was begun is kept for so long. */
const EXPIRATION_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The uploads of jobs as tus sees them: a job is the upload, the spool holds its bytes. Nothing is kept twice, so the
 * file store's own records are not used.
 */
class JobFileStore extends FileStore {
  readonly #jobs: Jobs;
  readonly #spool: DiskSpool;
  readonly #limits: UploadLimits;

  constructor(jobs: Jobs, spool: DiskSpool, limits: UploadLimits) {
    super({ directory: spool.directory, expirationPeriodInMilliseconds: EXPIRATION_MS });
    this.extensions = ['creation', 'creation-with-upload', 'creation-defer-length', 'termination', 'expiration'];
    this.#jobs = jobs;
    this.#spool = spool;
    this.#limits = limits;
  }

  /** The job and its file were made when the upload got its name. */
  override async create(upload: Upload): Promise<Upload> {
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { job, isResumable } = await this.#jobs.get(id).catch(() => {
      throw ERRORS.FILE_NOT_FOUND;
    });
    const offset = isResumable ? await this.#spool.length(id) : undefined;
    if (offset === undefined) throw ERRORS.FILE_NO_LONGER_EXISTS;
    const creation = new Date(Number(job.createTime?.seconds ?? 0n) * 1000).toISOString();
    const size = job.sizeBytes === undefined ? undefined : Number(job.sizeBytes);
    return new Upload({ id, offset, size, metadata: { filename: job.filename }, creation_date: creation });
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    await checkDisk(this.#limits, 0);
    return await this.#jobs.append(id, offset, source, watchUpload(offset, this.#limits));
  }

  override async declareUploadLength(id: string, length: number): Promise<void> {
    await this.#jobs.declareSize(id, length);
  }

  /** Giving up an upload gives up its job. */
  override async remove(id: string): Promise<void> {
    await this.#jobs.cancel(id).catch(() => {
      throw ERRORS.FILE_NOT_FOUND;
    });
  }

  override async deleteExpired(): Promise<number> {
    return 0;
  }
}

/** tus over the jobs: `CreateJob` makes an upload, and so does tus's own creation. */
export function createTusHandler(jobs: Jobs, spool: DiskSpool, limits: UploadLimits): TusHandler {
  const server = new Server({
    path: UPLOADS_PATH,
    datastore: new JobFileStore(jobs, spool, limits),
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
  return (request, response) => server.handle(request, response);
}
