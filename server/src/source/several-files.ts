import { type CsvAnalysis, SAMPLE_BYTES } from '../../../kernel/analysis/analysis.ts';
import { MAX_RECORD_BYTES } from '../../../kernel/kernel.ts';
import { quoted } from '../bytes/quoted.ts';
import { isErrorCode, TallyError } from '../errors.ts';
import { headOfFile } from './file-chunks.ts';
import type { SourceFile } from './source-file.ts';

/** The files' paths below the folder that all of them have in common, or the name of a single one. */
export function namesOf(files: readonly SourceFile[]): string[] {
  if (files.length === 1) return [files[0]!.name];
  const folders = files.map(({ path }) => path.split('/').slice(0, -1));
  let common = folders[0]!.length;
  for (const folder of folders)
    while (folder.slice(0, common).join('/') !== folders[0]!.slice(0, common).join('/')) common--;
  return files.map(({ path }) => path.split('/').slice(common).join('/'));
}

/** Decides by the first file how all are read, and takes up the others. @throws KernelError `HEADER_DIFFERS` */
export async function openAll(
  files: readonly SourceFile[],
  names: readonly string[],
  analysis: CsvAnalysis,
): Promise<void> {
  for (const [index, file] of files.entries()) {
    try {
      await openOne(file, index === 0 ? undefined : names[index]!, analysis);
    } catch (error) {
      throw errorOf(error, names[index]!);
    }
  }
}

/** @param name of a further file */
async function openOne(file: SourceFile, name: string | undefined, analysis: CsvAnalysis): Promise<void> {
  for (const length of [SAMPLE_BYTES, MAX_RECORD_BYTES]) {
    const { head, isWhole } = await headOfFile(file, length);
    if (name !== undefined) {
      if (analysis.addFile(name, head.subarray(0, length), isWhole)) return;
      continue;
    }
    analysis.push(head.subarray(analysis.bytes, length));
    if (isWhole) analysis.decide();
    if (analysis.isDecided) return;
  }
}

/** An error about one of several files, with its name. Those that have it, and those of the system, stay as they are. */
export function errorOf(error: unknown, name: string): unknown {
  const { code, message } = error as { code?: unknown; message: string };
  if (!isErrorCode(code) || code === 'HEADER_DIFFERS' || code === 'SOURCE_CHANGED') return error;
  return new TallyError(code, `${quoted(name)}: ${message}`, { cause: error });
}
