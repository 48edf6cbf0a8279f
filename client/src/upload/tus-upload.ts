import type { DetailedError } from 'tus-js-client';
import { bearer, type Credentials } from '../access/credentials.ts';
import { describeError, describeUploadStatus } from '../api/error-text.ts';
import { texts } from '../texts.ts';
import { guardFile, isUnchanged } from './file-guard.ts';

/** The events of an upload. */
export interface UploadEvents {
  /** Bytes are on their way: how many in all. */
  onProgress(sentBytes: number): void;
  /** The connection broke; the upload tries again by itself. */
  onRetry(): void;
  /** All bytes have arrived. */
  onDone(): void;
  /** The file was changed while it was sent, though all bytes may have arrived. */
  onDoubt(): void;
  /** It cannot go on by itself: why, in words, and whether it could with the same file. */
  onFail(message: string, canResume: boolean): void;
}

/** A running upload. */
export interface RunningUpload {
  /** Tries again at once instead of waiting. */
  hurry(): void;
  /** Stops sending. The bytes that have arrived stay on the server. */
  stop(): void;
}

/** Waits between attempts. A server that is away for a quarter of an hour does not cost anyone an upload. */
const retryDelays = [0, 500, 1000, 2000, 4000, 8000, 15_000, ...Array.from({ length: 40 }, () => 20_000)];

/**
 * True if trying again can help: no answer, a key that is asked for meanwhile, a busy upload, or a server in trouble that
 * is not a full disk (507).
 */
export function canRetry(status: number): boolean {
  if (status === 401 || status === 409 || status === 423 || status === 429) return true;
  return status < 400 || (status >= 500 && status !== 507);
}

/**
 * Sends a file to where a job expects it, from the first byte that is not there yet. The tus library is loaded with the
 * first upload, not with the page.
 */
export function startTusUpload(
  file: File,
  uploadUrl: string,
  events: UploadEvents,
  credentials: Credentials,
): RunningUpload {
  let shownKey: string | undefined;
  let stopped = false;
  let hurry = () => {};
  let abort = () => {};
  const unguard = guardFile(file, () => {
    // The last bytes may be through already.
    events.onDoubt();
    fail(texts.errors.fileChanged, false);
  });

  function fail(message: string, canResume: boolean): void {
    if (stopped) return;
    stop();
    events.onFail(message, canResume);
  }

  function stop(): void {
    stopped = true;
    unguard();
    abort();
  }

  async function begin(): Promise<void> {
    const { Upload } = await import('tus-js-client');
    if (stopped) return;
    const upload = new Upload(file, {
      uploadUrl: new URL(uploadUrl, location.href).href,
      uploadSize: file.size,
      retryDelays,
      storeFingerprintForResuming: false,
      onBeforeRequest: (request) => {
        shownKey = credentials.key();
        if (shownKey !== undefined) request.setHeader('Authorization', bearer(shownKey));
      },
      onProgress: (sentBytes) => {
        if (!stopped) events.onProgress(sentBytes);
      },
      onShouldRetry: (error: DetailedError) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (status === 401) credentials.refuse(shownKey);
        const again = !stopped && canRetry(status);
        if (again) events.onRetry();
        return again;
      },
      onSuccess: async () => {
        if (stopped) return;
        unguard();
        events.onDone();
        if (!(await isUnchanged(file)) && !stopped) events.onDoubt();
      },
      onError: (error) => {
        const status = 'originalResponse' in error ? error.originalResponse?.getStatus() : undefined;
        fail(status === undefined ? describeError(error) : describeUploadStatus(status), true);
      },
    });
    abort = () => void upload.abort();
    hurry = () => void upload.abort().then(() => !stopped && upload.start());
    upload.start();
  }

  begin().catch(() => fail(texts.errors.uploadFailed, true));
  return { hurry: () => hurry(), stop };
}
