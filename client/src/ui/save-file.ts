/** The browser has taken a file by then. */
const takenMs = 60_000;

/** Saves something that was made on the page as a file, as a download is. */
export function saveFile(content: Blob, download: string): void {
  const href = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), takenMs);
}
