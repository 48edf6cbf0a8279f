import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { quoted } from '../../bytes/quoted.ts';
import { TallyError } from '../../errors.ts';
import { isBodyWhole } from '../../http/body-end.ts';

/** The field of the form that holds the file. */
const FILE_FIELD = 'file';
const MAX_FIELDS = 50;
const MAX_FIELD_BYTES = 1024;

/** A form up to its file, which is read while it arrives. */
export interface Multipart {
  filename: string;
  /** The fields before the file. */
  fields: [string, string][];
  file: Readable;
  /** Resolves when the form has ended with the file; rejects if more came, which would have been ignored. */
  finished: Promise<void>;
}

/**
 * Reads a form up to its file.
 *
 * @throws {@link TallyError} REQUEST_INVALID for a form that is broken or has no file
 */
export async function openMultipart(request: IncomingMessage): Promise<Multipart> {
  const opened = Promise.withResolvers<Multipart>();
  const finished = Promise.withResolvers<void>();
  // The reader of the file looks at it only after that.
  finished.promise.catch(() => {});
  const fields: [string, string][] = [];
  let file: BusboyFileStream | undefined;
  const form = createForm(request);
  const fail = (reason: string, cause?: unknown) => {
    const error = new TallyError('REQUEST_INVALID', `The form cannot be used: ${reason}.`, { cause });
    opened.reject(error);
    finished.reject(error);
    file?.destroy(error);
  };
  form.on('field', (name: string | undefined, value, isNameCut, isValueCut) => {
    if (name === undefined) fail('a field has no name');
    else if (file) fail(`the option ${quoted(name)} comes after the file; put options before it`);
    else if (isNameCut || isValueCut) fail(`a field is longer than ${MAX_FIELD_BYTES} bytes`);
    else fields.push([name, value]);
  });
  form.on('fieldsLimit', () => fail(`it has more than ${MAX_FIELDS} fields`));
  form.on('file', (name, stream, filename) => {
    // A part that is cut off says so here.
    stream.on('error', (error) => fail(error.message, error));
    if (name === FILE_FIELD && !file) {
      file = stream;
      opened.resolve({ filename: filename ?? '', fields, file: stream, finished: finished.promise });
      return;
    }
    stream.resume();
    fail(file ? 'it has more than one file' : `its file must be in the field "${FILE_FIELD}", not ${quoted(name)}`);
  });
  form.on('error', (error) => fail((error as Error).message, error));
  form.on('finish', () => {
    opened.reject(new TallyError('REQUEST_INVALID', `The form has no file field "${FILE_FIELD}".`));
    finished.resolve();
  });
  request.on('close', () => {
    if (!isBodyWhole(request)) fail('the connection was closed');
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
