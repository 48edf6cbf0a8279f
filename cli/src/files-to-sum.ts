import { toTallyError } from '../../server/src/errors.ts';
import { isS3Url } from '../../server/src/object-storage/s3-url.ts';
import type { SourceFile } from '../../server/src/source/source-file.ts';
import { InputError } from './input.ts';
import { localFiles } from './local-files.ts';

/**
 * The files and objects that are named, in that order, those of a glob by their paths.
 *
 * @returns undefined for a single input that is no regular file: standard input, a pipe, a device
 * @throws InputError, UsageError; the signal's reason
 */
export async function filesToSum(inputs: readonly string[], signal: AbortSignal): Promise<SourceFile[] | undefined> {
  if (!inputs.some(isS3Url)) return localFiles(inputs);
  const files: SourceFile[] = [];
  for (const input of inputs) files.push(...(isS3Url(input) ? await objects(input, signal) : local(input)));
  return files;
}

function local(input: string): SourceFile[] {
  const files = input === '-' ? undefined : localFiles([input]);
  if (files) return files;
  throw new InputError(`${input} is not a regular file: read it alone, or by standard input`);
}

async function objects(url: string, signal: AbortSignal): Promise<SourceFile[]> {
  const { ALL_OBJECTS, findObjects } = await import('../../server/src/source/find-objects.ts');
  try {
    const found = await findObjects(url, ALL_OBJECTS, signal);
    return found.map((file) => ({ ...file, name: file.path }));
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = toTallyError(error);
    if (code === 'INTERNAL') throw error;
    throw new InputError(message);
  }
}
