import { closeSync } from 'node:fs';
import { type Part, readPart, readWhole } from '../../../kernel/parts/part.ts';
import type { PartReader } from '../../../kernel/parts/read-parts.ts';
import { ObjectText } from '../object-storage/object-text.ts';
import { fileChunks } from './file-chunks.ts';
import { FileText } from './file-text.ts';
import { openSourceFile, type SourceFile } from './source-file.ts';
import { signerOf } from './source-object.ts';

/** Reads parts of files in this thread. The file that was read last stays open until another is, or this is disposed of. */
export class FilePartReader implements Disposable {
  #open: { path: string; descriptor: number } | undefined;

  /** @throws as `readPart` and `readWhole`; the error of the system */
  async read(
    file: SourceFile,
    maxBytes: number,
    ...[plan, range, start, maxRejects]: Parameters<PartReader>
  ): Promise<Part> {
    if (plan.whole) return await readWhole(fileChunks(file, { maxBytes }), plan, maxRejects);
    if (file.object) {
      using text = new ObjectText(file.object, signerOf(file.object), range.to, file.name);
      return await readPart(text, plan, range, start, maxRejects);
    }
    const text = new FileText(this.#descriptorOf(file), file.size, file.name);
    return await readPart(text, plan, range, start, maxRejects);
  }

  [Symbol.dispose](): void {
    if (this.#open) closeSync(this.#open.descriptor);
    this.#open = undefined;
  }

  #descriptorOf(file: SourceFile): number {
    if (this.#open?.path === file.path) return this.#open.descriptor;
    this[Symbol.dispose]();
    const descriptor = openSourceFile(file);
    this.#open = { path: file.path, descriptor };
    return descriptor;
  }
}
