import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { TallyError } from '../../errors.ts';

/** The field of the form that holds the file. */
const FILE_FIELD = 'file';
const MAX_FIELDS = 50;
const MAX_FIELD_BYTES = 1024;

/** A form up to its file, which is read while it arrives. */
export interface Multipart {
  filename: string;
  /** The fields before the file. */
  fields: [string, string][];
  file: AsyncIterable<Uint8Array>;
}

/**
 * Reads a form up to its file.
 *
 * @throws {@link TallyError} REQUEST_INVALID for a form that is broken or has no file
 */
export async function openMultipart(request: IncomingMessage): Promise<Multipart> {
  const opened = Promise.withResolvers<Multipart>();
  const fields: [string, string][] = [];
  let file: BusboyFileStream | undefined;
  const form = createForm(request);
  form.on('field', (name, value) => fields.push([name, value]));
  form.on('file', (name, stream, filename) => {
    if (name !== FILE_FIELD || file) {
      stream.resume();
      return;
    }
    file = stream;
    opened.resolve({ filename: filename ?? '', fields, file: stream });
  });
  const fail = (error: unknown) => {
    const reason = new TallyError('REQUEST_INVALID', `The form cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
    opened.reject(reason);
    file?.destroy(reason);
  };
  form.on('error', fail);
  form.on('finish', () => opened.reject(new TallyError('REQUEST_INVALID', `The form has no file "${FILE_FIELD}".`)));
  request.on('close', () => {
    if (!request.complete) fail(new Error('the connection was closed'));
  });
  request.pipe(form);
  return await opened.promise;
}

function createForm(request: IncomingMessage) {
  const { 'content-type': contentType = '' } = request.headers;
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': contentType },
      limits: { fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, files: 10 },
    });
  } catch (error) {
    throw new TallyError('REQUEST_INVALID', `The form cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
