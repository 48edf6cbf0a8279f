/** A file that the server has already: that of another job, or one in a folder that jobs may read. */
export interface ServerFile {
  /** As in `CreateJobRequest.source`: `jobs/ID` or `file:///...`. */
  source: string;
  name: string;
  /** Undefined while nobody knows. */
  sizeBytes?: number | undefined;
}

/** A file to ask a question about: one of this computer, or one that the server has already. */
export type ChosenFile = File | ServerFile;

/** Whether the server has a file already, so that none of it is uploaded. */
export function isOnServer(file: ChosenFile): file is ServerFile {
  return 'source' in file;
}

/** The size of a file in bytes; undefined while nobody knows. */
export function sizeOfChosen(file: ChosenFile): number | undefined {
  return isOnServer(file) ? file.sizeBytes : file.size;
}

/** The path of a `file:///...` source on the server, the address of one in an object storage; empty for any other source. */
export function pathOfSource(source: string): string {
  if (source.startsWith('s3:')) return source;
  if (!source.startsWith('file:')) return '';
  const path = source.replace(/^file:\/*/, '/');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
