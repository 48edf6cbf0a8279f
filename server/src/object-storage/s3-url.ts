import { quoted } from '../bytes/quoted.ts';
import { TallyError } from '../errors.ts';

/** The place of an object, or of several: the key may be a prefix or a glob, and empty. */
export interface ObjectPlace {
  bucket: string;
  key: string;
}

/** As Amazon allows them; nothing else gets into the name of a host or a path. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** A key has at most so many bytes. */
const MAX_KEY_BYTES = 1024;

/** Whether a text names objects: `s3://…`. */
export function isS3Url(text: string): boolean {
  return /^s3:\/\//i.test(text);
}

/**
 * Reads `s3://bucket/key`. Every character of the key stands for itself.
 *
 * @throws {@link TallyError} REQUEST_INVALID
 */
export function readS3Url(url: string): ObjectPlace {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(url) ?? [];
  if (!BUCKET.test(bucket) || bucket.includes('..')) throw invalid(url, 'has no bucket that could be one');
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw invalid(url, `has a key of more than ${MAX_KEY_BYTES} bytes`);
  // HTTP takes such names out of addresses: the object would be another one.
  const hasDots = key.split('/').some((name) => name === '.' || name === '..');
  if (hasDots || key.includes('\0')) throw invalid(url, 'is not the address of an object');
  return { bucket, key };
}

/** The address of an object. */
export function s3UrlOf({ bucket, key }: ObjectPlace): string {
  return `s3://${bucket}/${key}`;
}

function invalid(url: string, why: string): TallyError {
  return new TallyError('REQUEST_INVALID', `The source ${quoted(url)} ${why}: use s3://bucket/path/to/sales.csv.`);
}
