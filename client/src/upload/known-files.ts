const name = 'tallystream.files';
/** Uploads that this browser began; the oldest are forgotten. */
const most = 200;

function read(): [jobId: string, fingerprint: string][] {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(known) ? known : [];
  } catch {
    return [];
  }
}

/** Remembers which file a job is about, for when its upload is interrupted and the page is opened again. */
export function rememberFile(jobId: string, fingerprint: string): void {
  try {
    const others = read().filter(([id]) => id !== jobId);
    localStorage.setItem(name, JSON.stringify([...others, [jobId, fingerprint]].slice(-most)));
  } catch {
    // A browser that keeps nothing goes by name and size.
  }
}

/** The fingerprint of a job's file; undefined if its upload was begun elsewhere. */
export function knownFile(jobId: string): string | undefined {
  return read().find(([id]) => id === jobId)?.[1];
}
