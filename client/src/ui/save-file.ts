/** The browser has taken a file by then. */
const takenMs = 60_000;

/** Some systems have no files with these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: nor with these
const notInNames = /[\\/:*?"<>|\u0000-\u001f]/g;
/** Characters; file systems take 255 bytes. */
const longestName = 120;

/** A name as every system takes it for a file. A long one is cut off before its ending. */
export function fileName(name: string): string {
  const [, stem = '', ending = ''] = /^(.*?)(\.[a-z]{1,8})?$/s.exec(name) ?? [];
  const cut = stem.length > longestName ? `${stem.slice(0, longestName).toWellFormed().trimEnd()}…` : stem;
  return cut.replace(notInNames, '-') + ending;
}

/** Saves something that was made on the page as a file, as a download is. */
export function saveFile(content: Blob, name: string): void {
  const download = fileName(name);
  const href = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), takenMs);
}
