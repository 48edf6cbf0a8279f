/** Whether a file is still the one that was chosen: a browser refuses to read one that was changed, moved or deleted. */
export async function isUnchanged(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/**
 * Looks at a file again and again while it is sent: a request that has begun reads on without noticing that its file is
 * changed.
 *
 * @param everyMs between two looks, in milliseconds
 * @returns stops looking
 */
export function guardFile(file: File, onChanged: () => void, everyMs = 2000): () => void {
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    clearInterval(timer);
  };
  const timer = setInterval(async () => {
    if ((await isUnchanged(file)) || isStopped) return;
    stop();
    onChanged();
  }, everyMs);
  return stop;
}
