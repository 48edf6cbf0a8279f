import { texts } from '../texts.ts';

/**
 * The content of a paste: files as they are, rows as a file of their own, or the address of a CSV on this server.
 * Undefined if it is none of these.
 */
export function readPaste(data: DataTransfer, origin: string): { files: File[] } | { url: URL } | undefined {
  const files = [...data.files];
  if (files.length > 0) return { files };
  const text = data.getData('text/plain');
  const url = csvAddress(text.trim(), origin);
  if (url !== undefined) return { url };
  // One line is a word, not a table.
  if (!/[^\r\n][\r\n]+[^\r\n]/.test(text)) return undefined;
  return { files: [new File([text], texts.drop.pasted, { type: 'text/csv' })] };
}

/** Loads a CSV of this server. @throws Error in words if there is none */
export async function loadFile(url: URL): Promise<File> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(texts.drop.noSample(url.pathname));
  return new File([await response.blob()], url.pathname.split('/').at(-1) ?? texts.drop.pasted, { type: 'text/csv' });
}

/** The page loads nothing from elsewhere. */
function csvAddress(text: string, origin: string): URL | undefined {
  if (!/^(\/|https?:\/\/)\S+$/.test(text)) return undefined;
  const url = URL.canParse(text, origin) ? new URL(text, origin) : undefined;
  const isCsv = url !== undefined && /\.(csv|tsv|txt)(\.gz)?$/i.test(url.pathname);
  return isCsv && url.origin === origin ? url : undefined;
}
