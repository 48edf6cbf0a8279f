import type { Readable } from 'node:stream';
import { DataStore, ERRORS, Upload } from '@tus/server';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { UPLOAD_EXPIRATION_MS, type UploadLimits, watchUpload } from '../jobs/new-upload.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import { checkDisk } from '../spool/disk-room.ts';

/** The uploads of a caller's jobs as tus sees them: a job is the upload, the spool holds its bytes. Nothing is kept twice. */
export class TusStore extends DataStore {
  readonly #jobs: OwnJobs;
  readonly #limits: UploadLimits;

  constructor(jobs: OwnJobs, limits: UploadLimits) {
    super();
    this.extensions = ['creation', 'creation-with-upload', 'creation-defer-length', 'termination', 'expiration'];
    this.#jobs = jobs;
    this.#limits = limits;
  }

  /** The job and its file were made when the upload got its name. */
  override async create(upload: Upload): Promise<Upload> {
    return upload;
  }

  /** @throws the errors of tus for an upload that is not there, or not any more; {@link TallyError} UPLOAD_GONE */
  override async getUpload(id: string): Promise<Upload> {
    const { job, isResumable } = await this.#jobs.get(id).catch(() => {
      throw ERRORS.FILE_NOT_FOUND;
    });
    const size = job.sizeBytes === undefined ? undefined : Number(job.sizeBytes);
    // A client that did not get the answer to the last part asks again, when the file may be analysed and gone.
    const isWhole = job.uploadFinishTime !== undefined && job.state !== JobState.CANCELED;
    if (!isResumable) throw ERRORS.FILE_NO_LONGER_EXISTS;
    const offset = isWhole ? (size ?? 0) : await this.#jobs.uploadLength(id);
    const creation = new Date(Number(job.createTime?.seconds ?? 0n) * 1000).toISOString();
    return new Upload({ id, offset, size, metadata: { filename: job.filename }, creation_date: creation });
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    await checkDisk(this.#limits, 0);
    const length = await this.#jobs.append(id, offset, source, watchUpload(offset, this.#limits));
    // The answer says that these bytes are safe.
    await this.#jobs.sync(id);
    return length;
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

  override getExpiration(): number {
    return UPLOAD_EXPIRATION_MS;
  }

  /** The janitor sees to it. */
  override async deleteExpired(): Promise<number> {
    return 0;
  }
}

/** When an upload that is not finished is not taken up again. */
export function expiryOf({ creation_date: creation }: Upload): Date {
  return new Date((creation ? Date.parse(creation) : Date.now()) + UPLOAD_EXPIRATION_MS);
}
