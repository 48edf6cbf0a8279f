import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectPlace } from './s3-url.ts';
import { storageError } from './storage-error.ts';

/** An object of a list. */
export interface ListedObject {
  key: string;
  /** In bytes. */
  size: number;
  /** Tells this version of the object from any other. */
  etag: string;
  /** In milliseconds since 1970. */
  writtenMs: number;
}

/** A page of a list: objects, and of a list by folders the folders. */
export interface ObjectPage {
  objects: ListedObject[];
  /** With the slash at the end. */
  folders: string[];
}

/** How long a signed address is good. A part of a file is read in minutes, a packed file in hours. */
const SIGNED_SECONDS = 12 * 3600;
/** Where nobody names a region, and the address of the storage is given: those who run their own have none. */
const NO_REGION = 'us-east-1';

/**
 * An object storage that speaks S3. Credentials and the region are found as Amazon's SDK does: `AWS_*` in the environment,
 * profiles, roles of a container or a machine. `S3_ENDPOINT` is the address of another storage than Amazon's. Addresses of
 * objects are signed here, and read by anybody: other threads need neither the SDK nor credentials.
 */
export class ObjectStore {
  readonly #client: S3Client;

  private constructor(client: S3Client) {
    this.#client = client;
  }

  /** The storage that the environment names. The SDK is loaded with the first one. */
  static async open(environment: NodeJS.ProcessEnv = process.env): Promise<ObjectStore> {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const { S3_ENDPOINT: endpoint, AWS_REGION, AWS_DEFAULT_REGION } = environment;
    const isOwn = endpoint !== undefined && endpoint !== '';
    const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? (isOwn ? NO_REGION : undefined);
    return new ObjectStore(
      new S3Client({
        ...(region !== undefined && { region }),
        // Other storages have one host for all buckets.
        ...(isOwn && { endpoint, forcePathStyle: true }),
      }),
    );
  }

  /**
   * The objects whose keys begin with a prefix, in the order of the keys' bytes, page by page.
   *
   * @param isByFolder whether what lies behind the next slash is told of as a folder only
   * @throws TallyError SOURCE_NOT_FOUND, SOURCE_UNAVAILABLE; the reason of the signal
   */
  async *list(
    { bucket, key }: ObjectPlace,
    signal: AbortSignal,
    { isByFolder = false }: { isByFolder?: boolean } = {},
  ): AsyncGenerator<ObjectPage> {
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: key,
        ...(isByFolder && { Delimiter: '/' }),
        ...(token !== undefined && { ContinuationToken: token }),
      });
      const page = await this.#client.send(command, { abortSignal: signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw storageError(error, { bucket, key });
      });
      yield {
        objects: (page.Contents ?? []).map(({ Key = '', Size = 0, ETag = '', LastModified }) => ({
          key: Key,
          size: Size,
          etag: ETag,
          writtenMs: LastModified?.getTime() ?? 0,
        })),
        folders: (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
      };
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** An address that anybody may read the object at, for some hours. @throws as {@link list} */
  async sign(place: ObjectPlace): Promise<string> {
    const [{ GetObjectCommand }, { getSignedUrl }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/s3-request-presigner'),
    ]);
    const command = new GetObjectCommand({ Bucket: place.bucket, Key: place.key });
    try {
      return await getSignedUrl(this.#client, command, { expiresIn: SIGNED_SECONDS });
    } catch (error) {
      throw storageError(error, place);
    }
  }
}

let opened: Promise<ObjectStore> | undefined;

/** The storage of this process, opened when it is first wanted. */
export function objectStore(): Promise<ObjectStore> {
  opened ??= ObjectStore.open();
  return opened;
}
