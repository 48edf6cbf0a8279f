/** The files of a drop, and the names of its folders, which browsers hand over like files that cannot be read. */
export interface Drop {
  files: File[];
  folders: string[];
}

/** Tells the files of a drop from its folders. To be asked while the event is handled: later the drop is empty. */
export function readDrop(data: Pick<DataTransfer, 'files' | 'items'>): Drop {
  const entries = [...data.items].filter(({ kind }) => kind === 'file').map((item) => item.webkitGetAsEntry());
  const drop: Drop = { files: [], folders: [] };
  // They come in the same order.
  for (const [index, file] of [...data.files].entries()) {
    if (entries[index]?.isDirectory) drop.folders.push(file.name);
    else drop.files.push(file);
  }
  return drop;
}
